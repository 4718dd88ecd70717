"""The plugin must not make Saleor's processes slower to start."""

import ast
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import dgspay_plugin
from tests.bench.store_process import measure_in_store
from tests.hosts.host import Host

# Third-party packages that Saleor has loaded before it serves, of those the plugin
# uses. Proved on real Saleor; the stand-in loads fewer.
LOADED_BY_SALEOR = frozenset(
    """
    annotated_types babel certifi charset_normalizer django graphene idna phonenumbers
    pydantic pydantic_core requests typing_extensions typing_inspection urllib3
    """.split()
)
# Pydantic compiles patterns while a process starts. One with all of Unicode's letters
# or a long repetition takes it milliseconds; max_length says the same for nothing.
SLOW_TO_COMPILE = re.compile(r"\\[wWdDsS]|\{(\d+,)?\d{2,}\}")


def packages(modules: Iterable[str]) -> set[str]:
    """Third-party packages; what Cython calls its own runtime is none."""
    names = {module.partition(".")[0] for module in modules}
    runtime = {name for name in names if name.strip("_").startswith("cython")}
    return names - runtime - sys.stdlib_module_names


@pytest.fixture(scope="module")
def started(host: Host) -> dict[str, Any]:
    """What a process has loaded before the plugin, and with it."""
    return measure_in_store(host, "start_up.py")


def test_plugin_adds_no_package_to_saleor(host: Host, started: dict[str, Any]) -> None:
    before = packages(started["loaded_before"])
    if host.name == "saleor":
        assert before >= LOADED_BY_SALEOR
    assert packages(started["modules"]) - before <= LOADED_BY_SALEOR


def test_plugin_loads_none_of_its_sandbox_and_commands(started: dict[str, Any]) -> None:
    modules = started["modules"]
    assert "dgspay_plugin.plugin" in modules
    for unused in ("dgspay_plugin.sandbox", "dgspay_plugin.management"):
        assert not [name for name in modules if name.startswith(unused)]


def test_no_pattern_of_pydantic_is_slow_to_compile() -> None:
    sources = Path(dgspay_plugin.__file__).parent.rglob("*.py")
    patterns = [
        keyword.value.value
        for source in sources
        if "sandbox" not in source.parts
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "pattern" and isinstance(keyword.value, ast.Constant)
    ]
    assert patterns
    assert not [text for text in patterns if SLOW_TO_COMPILE.search(str(text))]
