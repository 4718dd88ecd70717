"""A release has one version, wherever it is written."""

import json
import re
from pathlib import Path

import dgspay_plugin

REPOSITORY = Path(__file__).parents[2]
SNIPPET = REPOSITORY / "frontend_snippet"


def test_plugin_snippet_and_changelog_name_one_version() -> None:
    package = json.loads((SNIPPET / "package.json").read_text())
    lock = json.loads((SNIPPET / "package-lock.json").read_text())
    changelog = (REPOSITORY / "CHANGELOG.md").read_text()
    [newest, *_] = re.findall(r"^## (\d+\.\d+\.\d+)$", changelog, re.MULTILINE)

    assert {
        dgspay_plugin.__version__,
        package["version"],
        lock["version"],
        lock["packages"][""]["version"],
        newest,
    } == {dgspay_plugin.__version__}
