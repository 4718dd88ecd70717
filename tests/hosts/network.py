"""Ports and processes of the servers that tests start."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_answers(
    url: str, server: subprocess.Popen[bytes], log: Path, timeout: float = 60
) -> None:
    """Return once the URL answers, with whatever status.

    Raises:
        RuntimeError: The server ended, or did not answer within ``timeout`` seconds.
            The message holds the end of its log.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer:\n{log.read_text()[-3000:]}")


def end(server: subprocess.Popen[bytes], signal_number: int = signal.SIGTERM) -> None:
    """Send the signal to every process of the server and wait until all are gone."""
    os.killpg(server.pid, signal_number)
    server.wait(timeout=60)
    # The workers of a killed server outlive it by a moment, and hold its port.
    while group_exists(server.pid):
        time.sleep(0.05)


def group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
