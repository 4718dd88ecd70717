"""Every command of the documentation works as it stands."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dgspay_plugin.sandbox.credentials import API_KEY
from tests.conftest import running
from tests.docs.pages import commands
from tests.hosts.host import Host
from tests.hosts.network import free_port, wait_until_answers
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.cards import APPROVED
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

REPOSITORY = Path(__file__).parents[2]

COMMANDS = list(dict.fromkeys(commands()))
MAKE = [line for line in COMMANDS if line.startswith("make ")]
# It charges cards of its own; tests/scenarios/test_probe.py plays it.
PROBE = "python manage.py dgspay_probe"
MANAGE = [
    line for line in COMMANDS if line.startswith("python manage.py ") and line != PROBE
]
# How each of them ends in a store where nothing is left to do.
ALL_IS_WELL = (
    "All is well.",
    "Saleor and DGS-Pay agree.",
    "No refund waits to be confirmed.",
)
INSTALL = "python -m pip install ."
INSTALL_SANDBOX = "python -m pip install '.[sandbox]'"
SANDBOX = "python -m dgspay_plugin.sandbox --port 8090"


def test_each_command_is_known_here() -> None:
    assert set(COMMANDS) == {
        *MAKE,
        *MANAGE,
        PROBE,
        INSTALL,
        INSTALL_SANDBOX,
        SANDBOX,
    }
    assert MAKE
    assert MANAGE


@pytest.mark.parametrize("command", MAKE)
def test_make_has_the_target(command: str) -> None:
    make = _make(command, "--dry-run")

    assert make.returncode == 0, make.stderr


def test_make_help_names_every_documented_command() -> None:
    helped = _make("make help").stdout

    assert all(" ".join(command.split()[:2]) in helped for command in MAKE)


def test_make_demo_ends_with_a_paid_order(tmp_path: Path) -> None:
    # It sets up what the demo needs alone, and this environment has the tests' too.
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys\nsys.modules.update(dict.fromkeys({_modules_of_tests_alone()}))\n"
    )
    demo = _make("make demo ARGS=--once", PYTHONPATH=str(tmp_path))

    assert demo.returncode == 0, demo.stderr
    assert "NOT SALEOR" in demo.stdout
    assert "NOT DGS-PAY" in demo.stdout
    assert "FULLY_CHARGED" in demo.stdout
    assert "PAID. Order 1 is fully charged" in demo.stdout


def test_make_snippet_prints_the_script_tag_of_the_form() -> None:
    assert re.search(
        r'<script type="module" src="card-form\.esm\.js" integrity="sha384-',
        _make("make snippet").stdout,
    )


def test_installed_plugin_is_found_by_saleor(tmp_path: Path) -> None:
    """From a copy, so that what earlier builds left behind has no part in it."""
    copy = tmp_path / "copy"
    shutil.copytree(REPOSITORY / "dgspay_plugin", copy / "dgspay_plugin")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, copy)
    target = tmp_path / "site-packages"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]

    subprocess.run([*pip, "--target", target, copy], check=True)

    (installed,) = importlib.metadata.distributions(path=[str(target)])
    assert installed.name == "saleor-dgspay"
    assert {(plugin.group, plugin.name) for plugin in installed.entry_points} == {
        ("saleor.plugins", "dgspay_plugin"),
        ("saleor.plugins", "dgspay_plugin.transactions_api"),
    }
    assert "sandbox" in installed.metadata.get_all("Provides-Extra", [])
    assert {
        path.suffix for path in (target / "dgspay_plugin/sandbox").rglob("*.*")
    } >= {
        ".html",
        ".py",
    }


def test_sandbox_starts(tmp_path: Path) -> None:
    port = str(free_port())
    command = [sys.executable, *SANDBOX.replace("8090", port).split()[1:]]
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, cwd=REPOSITORY)
    try:
        page = f"http://127.0.0.1:{port}/"
        wait_until_answers(page, server, log)
        assert API_KEY in log.read_text()
        assert "This is not DGS-Pay" in requests.get(page, timeout=10).text
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A store with one paid order, and nobody else at its DGS-Pay."""
    folder = tmp_path_factory.mktemp("sandbox")
    with Sandbox(folder) as sandbox, running("slice") as host:
        store = Store(host)
        store.configure_for_sandbox(sandbox.url)
        assert store.pay(store.new_checkout(), Cardholder().card(APPROVED)).order_id
        yield host


@pytest.mark.parametrize("command", MANAGE)
def test_management_command_runs(command: str, shop: Host) -> None:
    done = shop.manage_in_new_process(*command.split()[2:])

    assert done.returncode == 0, done.stdout
    assert any(sentence in done.stdout for sentence in ALL_IS_WELL)


def _make(
    command: str, *options: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    outside = {n: v for n, v in os.environ.items() if not n.startswith("MAKE")}
    outside.pop("SALEOR_ROOT", None)
    return subprocess.run(
        [*command.split(), *options],
        cwd=REPOSITORY,
        env=outside | environment,
        capture_output=True,
        text=True,
    )


def _modules_of_tests_alone() -> list[str]:
    """Of no package that the extra "demo" brings."""
    of_demo = _packages_of(Requirement("saleor-dgspay[demo]"))
    return [
        module
        for module, packages in importlib.metadata.packages_distributions().items()
        if of_demo.isdisjoint(map(canonicalize_name, packages))
    ]


def _packages_of(requirement: Requirement) -> set[str]:
    """The package and all that it needs."""
    packages: set[str] = {canonicalize_name(requirement.name)}
    for text in importlib.metadata.requires(requirement.name) or ():
        needed = Requirement(text)
        if needed.marker is None or any(
            needed.marker.evaluate({"extra": extra})
            for extra in requirement.extras or {""}
        ):
            packages |= _packages_of(needed)
    return packages
