"""The packages of a release, made from this repository."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SNIPPET = REPOSITORY / "frontend_snippet"
HASHES = "SHA256SUMS"


def make_packages(folder: Path) -> list[Path]:
    """Make the sdist, the wheel and the npm package, alone in the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # The wheel is made of the sdist, and so of nothing that lies about here.
    python = [sys.executable, "-m", "build", "--no-isolation", f"--outdir={folder}"]
    # The bundles are there: to build them anew could break the tests that use them.
    npm = ["npm", "pack", "--ignore-scripts", "--silent"]
    _run(python, REPOSITORY)
    _run([*npm, f"--pack-destination={folder}"], SNIPPET)
    return sorted(folder.iterdir())


def write_hashes(folder: Path, packages: Sequence[Path]) -> str:
    """Write the file that ``sha256sum --check`` reads; return what is in it."""
    hashes = "".join(
        f"{hashlib.sha256(package.read_bytes()).hexdigest()}  {package.name}\n"
        for package in packages
    )
    (folder / HASHES).write_text(hashes)
    return hashes


def _run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
