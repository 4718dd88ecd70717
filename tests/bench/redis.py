"""The cache of a store as the README tells its owner to set it up."""

import shutil
import subprocess
import tempfile
from types import TracebackType
from typing import Self

from tests.hosts.commands import run
from tests.hosts.network import end, free_port

PROGRAM = "redis-server"


def missing_redis() -> str | None:
    """Why there can be no Redis here, or None if there can."""
    if shutil.which(PROGRAM):
        return None
    return f"{PROGRAM} is not here: apt-get install {PROGRAM}"


def redis_version() -> str:
    """As its program tells it: "Redis server v=7.0.15 sha=00000000:0 ..."."""
    told = run([PROGRAM, "--version"])
    return told.partition("v=")[2].split()[0]


class Redis:
    """A Redis of its own, which keeps nothing."""

    def __init__(self) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self._command = [PROGRAM, f"--port {port}", "--bind 127.0.0.1", "--save", ""]

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self._server = subprocess.Popen(
            self._command,
            cwd=self._folder.name,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        end(self._server)
        self._folder.cleanup()
