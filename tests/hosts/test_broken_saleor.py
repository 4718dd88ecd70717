"""A checkout of Saleor that is here and broken ends the run, and is not passed over."""

import os
import subprocess
import sys
import venv
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
TESTS_ON_SALEOR = ("tests/scenarios/test_transaction_actions.py", "-k", "saleor")
# With CI set, pytest's summary repeats the whole message.
NO_SUMMARY = "-rN"


def test_run_ends_with_the_reason_once(tmp_path: Path) -> None:
    (tmp_path / "saleor/asgi").mkdir(parents=True)

    run = play_on_saleor(tmp_path)

    assert run.returncode == 1, run.stdout
    assert "1 error in" in run.stdout
    assert run.stdout.count(f"{tmp_path} has no .venv/bin/python") == 1
    assert "a host cannot start, see above" in run.stdout


def test_packages_that_are_missing(tmp_path: Path) -> None:
    (tmp_path / "saleor/asgi").mkdir(parents=True)
    venv.create(tmp_path / ".venv")

    run = play_on_saleor(tmp_path)

    assert run.returncode == 1, run.stdout
    assert "1 error in" in run.stdout
    assert "No module named 'django'" in run.stdout


def play_on_saleor(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", NO_SUMMARY),
            *TESTS_ON_SALEOR,
        ],
        cwd=REPOSITORY,
        env={**os.environ, "SALEOR_ROOT": str(root), "DGSPAY_HOSTS": "saleor"},
        capture_output=True,
        text=True,
    )
