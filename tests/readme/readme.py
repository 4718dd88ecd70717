"""The README in parts: its fenced blocks and its tables, in the order of the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

README = Path(__file__).parents[2] / "README.md"


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
    return MarkdownIt().enable("table").parse(README.read_text())
