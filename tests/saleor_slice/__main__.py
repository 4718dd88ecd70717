"""Serve the stand-in for Saleor, or run a management command or a script in it.

python -m tests.saleor_slice --data-dir DIR [--port 8000]
python -m tests.saleor_slice manage --data-dir DIR [--port 8000] COMMAND ...
python -m tests.saleor_slice run --data-dir DIR [--port 8000] SCRIPT
"""

import argparse
import os
import runpy
import sys
from pathlib import Path

import django
import uvicorn
from django.core.asgi import get_asgi_application
from django.core.management import call_command, execute_from_command_line

from . import NOTICE


def main() -> None:
    options, rest = _parser().parse_known_args()
    options.data_dir.mkdir(parents=True, exist_ok=True)
    os.environ["SALEOR_SLICE_DATA_DIR"] = str(options.data_dir.resolve())
    os.environ["PUBLIC_URL"] = f"http://127.0.0.1:{options.port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.saleor_slice.settings"
    # Only this process may take the package beside this file for Saleor.
    sys.path.insert(0, str(Path(__file__).parent))
    print(NOTICE, file=sys.stderr, flush=True)
    if options.action == "manage":
        execute_from_command_line(["manage.py", *rest])
    elif options.action == "run":
        runpy.run_path(rest[0], run_name="__main__")
    else:
        serve(options.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.saleor_slice", description=NOTICE, allow_abbrev=False
    )
    parser.add_argument(
        "action", nargs="?", choices=["serve", "manage", "run"], default="serve"
    )
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=8000)
    return parser


def serve(port: int) -> None:
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from .seed import seed  # its models can be imported only now

    seed()
    uvicorn.run(get_asgi_application(), port=port, lifespan="off", log_config=None)


main()
