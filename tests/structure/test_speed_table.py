"""The speed that docs/speed.md and RESULTS.md tell is the one that was measured."""

from pathlib import Path

from tests.bench.results import Results, with_speed_table

REPOSITORY = Path(__file__).parents[2]
BENCH = REPOSITORY / "tests/bench"
RESULTS = Results.from_json((BENCH / "results.json").read_text())


def test_page_shows_what_was_measured() -> None:
    page = (REPOSITORY / "docs/speed.md").read_text()
    assert RESULTS.as_speed_table() in page
    assert with_speed_table(page, RESULTS) == page


def test_results_are_those_of_the_json_file() -> None:
    assert (BENCH / "RESULTS.md").read_text() == RESULTS.as_markdown()
