"""A command in a fork runs, and ends, as it would in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.hosts.fork_server import ForkServer
from tests.hosts.host import Host
from tests.hosts.network import group_exists
from tests.hosts.slice import SliceHost
from tests.saleor_slice import NOTICE
from tests.scenarios.sandbox import eventually

REPOSITORY = Path(__file__).parents[2]
SHOW_WHAT_IS_OPEN = """
import sys, threading
from django.db import connections

print([c for c in connections.all() if c.connection])
print(threading.enumerate() == [threading.main_thread()])
print(repr(sys.stdin.read()))
"""
MEET = """
import time
from pathlib import Path

Path("{mine}").touch()
while not Path("{other}").exists():
    time.sleep(0.01)
"""
TELL_GROUP_AND_STAY = """
import os, time
from pathlib import Path

Path("{file}").write_text(str(os.getpgrp()))
time.sleep(60)
"""
MANAGE = """
import sys
from tests.hosts.slice import SliceHost

SliceHost().manage(*sys.argv[1:])
"""


@pytest.fixture(scope="module")
def stand_in() -> Iterator[SliceHost]:
    host = SliceHost()
    yield host
    host.stop()


@pytest.mark.parametrize(
    "arguments",
    [
        ("help", "dgspay_check"),
        ("dgspay_reconcile", "--since=yesterday"),
        ("migrate", "no_such_app"),
        ("no_such_command",),
        ("shell", "-c", "import sys; print('out'); print('error', file=sys.stderr)"),
        ("shell", "-c", "raise SystemExit(7)"),
        ("shell", "-c", "raise SystemExit('a reason')"),
        ("shell", "-c", "raise ValueError('a mistake')"),
        ("shell", "-c", "import atexit; atexit.register(print, 'at exit')"),
        ("shell", "-c", "import os, sys; print(os.getcwd(), sys.path)"),
    ],
)
def test_command_ends_as_in_a_new_process(
    stand_in: SliceHost, arguments: tuple[str, ...]
) -> None:
    forked = stand_in.manage(*arguments)
    new = stand_in.manage_in_new_process(*arguments)

    assert forked.returncode == new.returncode
    assert forked.stdout == new.stdout
    assert _last_error(forked) == _last_error(new)


def test_what_is_logged_is_in_the_command_s_own_output(stand_in: SliceHost) -> None:
    code = "import logging; logging.getLogger('django.request').error('a problem')"

    done = stand_in.manage("shell", "-c", code)

    (line,) = done.stderr.splitlines()
    assert line.endswith("ERROR django.request a problem")
    assert "a problem" not in stand_in.log()


def test_nothing_is_shared_with_other_commands(host: Host) -> None:
    done = host.manage("shell", "-c", SHOW_WHAT_IS_OPEN)

    assert done.stdout.splitlines()[-3:] == ["[]", "True", "''"], done.stderr


def test_two_commands_at_the_same_time(host: Host, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    codes = [MEET.format(mine=here, other=there), MEET.format(mine=there, other=here)]

    with ThreadPoolExecutor() as threads:
        done = threads.map(lambda code: host.manage("shell", "-c", code), codes)

    assert [command.returncode for command in done] == [0, 0]


def test_what_runs_beside_the_commands_writes_to_the_log() -> None:
    host = SliceHost()
    try:
        host.complete_paid_checkouts()

        # Without its server the store has no tables.
        eventually(lambda: "The task has failed." in host.log())
        assert host.manage("shell", "-c", "").returncode == 0
    finally:
        host.stop()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_command_that_a_signal_ends(host: Host, number: int) -> None:
    done = host.manage("shell", "-c", f"import os; os.kill(os.getpid(), {number})")

    assert done.returncode == -number
    assert host.manage("shell", "-c", "").returncode == 0


def test_commands_end_with_their_host(tmp_path: Path) -> None:
    host = SliceHost()
    file = tmp_path / "group"
    with ThreadPoolExecutor() as threads:
        code = TELL_GROUP_AND_STAY.format(file=file)
        running = threads.submit(host.manage, "shell", "-c", code)
        group = _group_in(file)

        host.stop()

        with pytest.raises(RuntimeError):
            running.result()
    assert not group_exists(group)


def test_commands_end_with_a_test_run_that_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "group"
    code = TELL_GROUP_AND_STAY.format(file=file)
    run = subprocess.Popen(
        [sys.executable, "-c", MANAGE, "shell", "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    group = _group_in(file)

    run.kill()
    run.wait()

    eventually(lambda: not group_exists(group))


def test_process_that_cannot_load_the_store(tmp_path: Path) -> None:
    cannot = [sys.executable, "-c", "raise SystemExit('no database is set')"]
    server = ForkServer(cannot, tmp_path / "log", cwd=tmp_path)
    try:
        with pytest.raises(RuntimeError, match="no database is set"):
            server.run("check")
    finally:
        server.stop()


def _last_error(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Without a traceback's way there, and what the stand-in says of itself first."""
    return done.stderr.removeprefix(f"{NOTICE}\n").splitlines()[-1:]


def _group_in(file: Path) -> int:
    return int(eventually(lambda: file.exists() and file.read_text()))
