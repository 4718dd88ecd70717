"""What owners read of log lines and times is what the plugin does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dgspay_plugin
from dgspay_plugin.provider.client import READ_TIMEOUT, TIME_BUDGET
from tests.docs.pages import OWNER

PLUGIN = Path(dgspay_plugin.__file__).parent
# Without the line breaks of the page.
TEXT = " ".join(OWNER.read_text().split())
QUOTED = re.findall(r'\*\*"(.+?)"\*\*', TEXT)


def _pattern(quoted: str) -> str:
    return ".*".join(map(re.escape, quoted.split("...")))


def _sentences_for_the_owner() -> list[str]:
    """Those that become a line of the log, of a report or of the dashboard."""
    calls = (
        node
        for module in sorted((PLUGIN / "owner").glob("*.py"))
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("Sentence", "tell")
    )
    # Case, subject and text.
    texts = [call.args[2] for call in calls]
    return [
        text.value
        for text in texts
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]


def test_quoted_log_lines_are_the_plugins() -> None:
    log_lines = list(_texts_of_the_plugin())

    assert QUOTED
    for line in QUOTED:
        assert any(re.search(_pattern(line), text) for text in log_lines), line


@pytest.mark.parametrize("sentence", _sentences_for_the_owner())
def test_each_sentence_for_the_owner_has_its_remedy(sentence: str) -> None:
    assert any(re.search(_pattern(line), sentence) for line in QUOTED)


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
