"""Commands that a host needs done before it can go on."""

import subprocess
from collections.abc import Sequence
from typing import Any


def run(command: Sequence[object], **options: Any) -> str:
    """Run a command and return what it wrote.

    Raises:
        RuntimeError: It failed; the message holds all that it wrote.
    """
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
    output: str = done.stdout
    return output
