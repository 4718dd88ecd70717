"""Run a measurement inside the store, in a process that has done nothing before."""

import json
from pathlib import Path
from typing import Any

from tests.hosts.host import Host

SCRIPTS = Path(__file__).parent / "in_store"


def measure_in_store(host: Host, script: str, **arguments: Any) -> dict[str, Any]:
    """What ``measure(**arguments)`` of a script in in_store/ returns.

    Raises:
        RuntimeError: it failed; the message holds what it printed.
    """
    code = (
        "import json, runpy, sys\n"
        f"sys.path.append({str(SCRIPTS)!r})\n"
        f"script = runpy.run_path({str(SCRIPTS / script)!r})\n"
        f"arguments = json.loads({json.dumps(arguments)!r})\n"
        "print(json.dumps(script['measure'](**arguments)))\n"
    )
    done = host.manage_in_new_process("shell", "--command", code)
    if done.returncode:
        raise RuntimeError(f"{script} failed:\n{done.stdout}\n{done.stderr[-3000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
