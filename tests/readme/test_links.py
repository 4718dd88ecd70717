"""The README's links and pictures lead somewhere."""

import re

from tests.readme.readme import README

LINK = re.compile(r"\]\(([^)]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def test_files_exist() -> None:
    files = [link for link in _links() if not link.startswith(("https://", "#"))]

    assert files
    assert [file for file in files if not (README.parent / file).exists()] == []


def test_sections_exist() -> None:
    sections = {_anchor(heading) for heading in HEADING.findall(README.read_text())}

    assert {link[1:] for link in _links() if link.startswith("#")} <= sections


def _links() -> list[str]:
    return LINK.findall(README.read_text())


def _anchor(heading: str) -> str:
    """How GitHub names a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
