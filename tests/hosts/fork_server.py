"""Management commands in forks of one process that has a store's code loaded.

Real Saleor takes seconds to load, and the scenarios run more than a hundred commands.
"""

import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.hosts.network import end

SERVE_COMMANDS = Path(__file__).parent / "in_saleor/serve_commands.py"


class ForkServer:
    """The process that is forked; it is started by the first command.

    It ends with this process too, however that ends, and all its commands with it.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        cwd: Path,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            command: runs `SERVE_COMMANDS` in the store.
            log: the file for what it writes itself, such as why it cannot start.
        """
        self._command = command
        self._log = log
        self._cwd = cwd
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, beside others if need be.

        Raises:
            RuntimeError: The process that is forked has ended.
        """
        reader, writer = os.pipe()
        with (
            os.fdopen(reader) as exit_code,
            Path(os.devnull).open() as stdin,
            # Unlike pipes, nobody has to empty files while the command runs.
            tempfile.TemporaryFile("w+") as stdout,
            tempfile.TemporaryFile("w+") as stderr,
        ):
            with os.fdopen(writer, "w") as to_exit_code:
                self._order(arguments, to_exit_code, stdin, stdout, stderr)
            returncode = exit_code.read()
            if not returncode:
                log = self._log.read_text()
                raise RuntimeError(f"the forked process has ended:\n{log[-3000:]}")
            stdout.seek(0)
            stderr.seek(0)
            return subprocess.CompletedProcess(
                arguments, int(returncode), stdout.read(), stderr.read()
            )

    def run_beside(self, *arguments: str) -> None:
        """Start a command that writes to the log and nobody waits for."""
        with Path(os.devnull).open("r+") as nothing, self._log.open("a") as log:
            self._order(arguments, nothing, nothing, log, log)

    def stop(self) -> None:
        """End it, and every command that still runs."""
        if self._process:
            end(self._process, signal.SIGKILL)
            self._process = None
            self._orders.close()

    def _order(self, arguments: Sequence[str], *files: IO[str]) -> None:
        """Have a command run; the files are those of `SERVE_COMMANDS`."""
        with self._starting:
            if not self._process:
                self._start()
        descriptors = [file.fileno() for file in files]
        socket.send_fds(self._orders, [json.dumps(arguments).encode()], descriptors)

    def _start(self) -> None:
        # Of whole messages, so that several threads can send.
        self._orders, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        with theirs, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env=self._env,
                stdin=theirs.fileno(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
