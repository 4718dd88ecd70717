"""A package, installed into an environment of its own and used there."""

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

import dgspay_plugin

PYTHON_PROGRAM = """
import importlib.metadata, json
import dgspay_plugin, dgspay_plugin.provider.client

plugins = importlib.metadata.entry_points(group="saleor.plugins")
print(json.dumps({
    "version": dgspay_plugin.__version__,
    "metadata": importlib.metadata.version("saleor-dgspay"),
    "plugins": sorted(plugin.name for plugin in plugins),
    "folder": dgspay_plugin.__path__[0],
}))
"""
NODE_PROGRAM = """
import { encryptPin } from "saleor-dgspay-checkout/encrypt";
const { type, auth_pin_encrypted } = await encryptPin("1234", btoa("k".repeat(32)));
console.log(type, atob(auth_pin_encrypted).length);
"""


def try_package(package: Path, *, lends_dependencies: bool = False) -> None:
    """Fail if what is installed cannot be used.

    Args:
        lends_dependencies: use the Python packages that are installed here. To install
            them anew, the sandbox's too, takes most of a minute.
    """
    with tempfile.TemporaryDirectory() as folder:
        if package.suffix == ".tgz":
            _try_in_node(package, Path(folder))
        else:
            _try_in_python(package, Path(folder), lends_dependencies)


def _try_in_python(package: Path, folder: Path, lends_dependencies: bool) -> None:
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv/bin/python"
    pip = [sys.executable, "-m", "pip", f"--python={python}", "--quiet", "install"]
    if lends_dependencies:
        [site_packages] = (folder / "venv/lib").glob("python*/site-packages")
        (site_packages / "lent.pth").write_text(sysconfig.get_path("purelib"))
        pip += ["--no-deps", "--no-build-isolation"]
    _run([*pip, f"{package}[sandbox]"], folder)

    found = json.loads(_run([python, "-c", PYTHON_PROGRAM], folder))
    assert found.pop("folder").startswith(str(folder.resolve())), found
    assert found == {
        "version": dgspay_plugin.__version__,
        "metadata": dgspay_plugin.__version__,
        "plugins": ["dgspay_plugin", "dgspay_plugin.transactions_api"],
    }
    usage = _run([python, "-m", "dgspay_plugin.sandbox", "--help"], folder)
    assert "--port" in usage, usage


def _try_in_node(package: Path, folder: Path) -> None:
    (folder / "package.json").write_text('{"type": "module"}')
    _run(["npm", "install", "--silent", "--offline", package], folder)
    installed = folder / "node_modules/saleor-dgspay-checkout/package.json"
    assert json.loads(installed.read_text())["version"] == dgspay_plugin.__version__
    # A PIN of four digits, and AES-GCM's tag of sixteen bytes.
    used = _run(["node", "--input-type=module", "--eval", NODE_PROGRAM], folder)
    assert used == "pin 20\n", used


def _run(command: Sequence[str | Path], folder: Path) -> str:
    outside = {n: v for n, v in os.environ.items() if not n.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=folder, env=outside, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
