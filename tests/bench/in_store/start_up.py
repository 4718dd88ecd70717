"""Inside the store: what importing the plugin adds to Saleor's own start."""

import importlib
import sys
import time
from typing import Any

from django.conf import settings
from django.urls import get_resolver

PLUGIN = "dgspay_plugin.plugin"


def measure() -> dict[str, Any]:
    """Time the import after all that the store's server imports before it serves."""
    assert get_resolver(settings.ROOT_URLCONF).url_patterns
    for plugin in settings.PLUGINS:
        module = plugin.rpartition(".")[0]
        if module != PLUGIN:
            importlib.import_module(module)
    before = set(sys.modules)
    started = time.perf_counter()
    importlib.import_module(PLUGIN)
    seconds = time.perf_counter() - started
    return {
        "ms": seconds * 1000,
        "modules": sorted(set(sys.modules) - before),
        "loaded_before": sorted(before),
    }
