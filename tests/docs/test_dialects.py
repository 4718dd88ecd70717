"""The page about dialects lists each of them."""

from pathlib import Path

from dgspay_plugin.sandbox.dialects import DIALECTS

PAGE = Path(__file__).parents[2] / "docs/dialects.md"


def test_every_dialect_is_listed_with_what_it_changes() -> None:
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in PAGE.read_text().splitlines()
        if line.startswith("| `")
    ]
    assert [row[:2] for row in rows] == [
        (f"`{name}`", dialect.changes) for name, dialect in DIALECTS.items()
    ]
    assert all(len(row) == 4 for row in rows)
