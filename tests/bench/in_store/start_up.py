"""Inside the store: what importing the plugins adds to Saleor's own start."""

import importlib
import json
import os
import subprocess
import sys
import time
from typing import Any

import django
from django.conf import settings
from django.urls import get_resolver

PACKAGE = "dgspay_plugin"


def measure() -> dict[str, Any]:
    """Time the import after all that the store's server imports before it serves.

    Saleor has imported its plugins before any script runs, so a process that starts
    Saleor without this one is needed.
    """
    done = subprocess.run(
        [sys.executable, __file__],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
        stdout=subprocess.PIPE,
    )
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _start_saleor_then_import() -> dict[str, Any]:
    plugins = [path for path in settings.PLUGINS if path.startswith(f"{PACKAGE}.")]
    for path in plugins:
        settings.PLUGINS.remove(path)
    # The processor's time: an import waits for nothing but a busy machine.
    started = time.process_time()
    django.setup()
    assert get_resolver(settings.ROOT_URLCONF).url_patterns
    before = set(sys.modules)
    ready = time.process_time()
    for path in plugins:
        importlib.import_module(path.rpartition(".")[0])
    return {
        "saleor_ms": (ready - started) * 1000,
        "ms": (time.process_time() - ready) * 1000,
        "modules": sorted(set(sys.modules) - before),
        "loaded_before": sorted(before),
    }


if __name__ == "__main__":
    print(json.dumps(_start_saleor_then_import()))
