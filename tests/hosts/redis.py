"""A Redis server of our own, in a folder that may be removed: a broker for Celery."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.hosts.network import end, free_port

PROGRAM = "redis-server"


def missing_redis() -> str | None:
    """Why no Redis can run here, or None if one can."""
    if shutil.which(PROGRAM):
        return None
    return f"a Celery broker needs {PROGRAM}: apt-get install redis-server"


class Redis:
    """Runs for the length of a ``with`` block, and keeps nothing."""

    def __init__(self) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="dgspay-redis-"))
        self._log = self._folder / "redis.log"
        options = {"port": self._port, "bind": "127.0.0.1", "save": ""}
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(
                [
                    PROGRAM,
                    *(word for n, v in options.items() for word in (f"--{n}", str(v))),
                ],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_ready()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        end(self._server)
        shutil.rmtree(self._folder)

    def _wait_until_ready(self, timeout: float = 30) -> None:
        deadline = time.monotonic() + timeout
        while "Ready to accept connections" not in self._log.read_text():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Redis does not start:\n{self._log.read_text()}")
            time.sleep(0.05)
