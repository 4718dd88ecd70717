"""The documentation's links and pictures lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, REPOSITORY

LINK = re.compile(r"\]\(([^)]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MOST_LINES_OF_THE_README = 200


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY))
)
def test_links_lead_to_a_file_and_its_section(page: Path) -> None:
    links = LINK.findall(page.read_text())

    assert [link for link in links if not _leads_somewhere(link, page)] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached = [REPOSITORY / "README.md"]
    for page in reached:
        for link in LINK.findall(page.read_text()):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target not in reached:
                reached.append(target)

    assert {page.resolve() for page in PAGES} <= set(reached)


def test_readme_is_short() -> None:
    readme = (REPOSITORY / "README.md").read_text()

    assert len(readme.splitlines()) <= MOST_LINES_OF_THE_README


def _leads_somewhere(link: str, page: Path) -> bool:
    if link.startswith("https://"):
        return True
    file, _, section = link.partition("#")
    target = page.parent / file if file else page
    if not target.exists():
        return False
    return not section or section in map(_anchor, HEADING.findall(target.read_text()))


def _anchor(heading: str) -> str:
    """How GitHub names a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
