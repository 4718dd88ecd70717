"""The cache of a store as the README tells its owner to set it up."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def running_redis() -> Iterator[str]:
    """The CACHE_URL of a Redis of its own, which keeps nothing."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [PROGRAM, f"--port {port}", "--bind 127.0.0.1", "--save", ""],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            end(server)
