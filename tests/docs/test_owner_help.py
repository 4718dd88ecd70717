"""What owners read of log lines and times is what the plugin does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dgspay_plugin
from dgspay_plugin.provider.client import READ_TIMEOUT, TIME_BUDGET
from tests.docs.pages import OWNER

PLUGIN = Path(dgspay_plugin.__file__).parent
# Without the line breaks of the page.
TEXT = " ".join(OWNER.read_text().split())


def test_quoted_log_lines_are_the_plugins() -> None:
    quoted = re.findall(r'\*\*"(.+?)"\*\*', TEXT)
    log_lines = list(_texts_of_the_plugin())

    assert quoted
    for line in quoted:
        pattern = ".*".join(map(re.escape, line.split("...")))
        assert any(re.search(pattern, text) for text in log_lines), line


def test_proxy_is_told_to_wait_longer_than_the_plugin() -> None:
    assert f"A bank may need {READ_TIMEOUT:.0f}, and the plugin gives up" in TEXT
    assert f"after {TIME_BUDGET:.0f}." in TEXT
    assert "your proxy waits at least 60 seconds" in TEXT
    assert TIME_BUDGET < 60


def _texts_of_the_plugin() -> Iterator[str]:
    for module in PLUGIN.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
