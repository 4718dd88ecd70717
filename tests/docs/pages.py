"""The documentation in parts: the fenced blocks and tables of all its pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

REPOSITORY = Path(__file__).parents[2]
PAGES = [*sorted(REPOSITORY.glob("*.md")), *sorted(REPOSITORY.glob("docs/**/*.md"))]
OWNER = REPOSITORY / "docs/owner.md"
STOREFRONT = REPOSITORY / "docs/storefront.md"


@dataclass(frozen=True)
class Block:
    """A fenced block; ``kind`` is all that stands behind the opening fence."""

    kind: str
    text: str


def blocks(*kinds: str) -> list[Block]:
    return [
        Block(token.info, token.content)
        for token in _tokens()
        if token.type == "fence" and token.info in kinds
    ]


def commands() -> list[str]:
    """Each line that a reader may type into a shell."""
    lines = [line for block in blocks("sh") for line in block.text.splitlines()]
    assert lines
    return lines


def table(first_column: str) -> list[tuple[str, ...]]:
    """The rows of the table with this title over its first column, as Markdown."""
    found = [rows for rows in _tables() if rows[0][0] == first_column]
    (rows,) = found
    return rows[1:]


def _tables() -> Iterator[list[tuple[str, ...]]]:
    rows: list[tuple[str, ...]] = []
    cells: list[str] = []
    in_table = False
    for token in _tokens():
        match token.type:
            case "table_open":
                rows, in_table = [], True
            case "tr_open":
                cells = []
            case "inline" if in_table:
                cells.append(token.content)
            case "tr_close":
                rows.append(tuple(cells))
            case "table_close":
                in_table = False
                yield rows


def _tokens() -> list[Token]:
    markdown = MarkdownIt().enable("table")
    return [token for page in PAGES for token in markdown.parse(page.read_text())]
