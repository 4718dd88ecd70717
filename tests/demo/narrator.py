"""Tells a payment as a story in a terminal: numbered steps, and who did what."""

import shutil
import textwrap
import time

import click

MARGIN = 5
LABEL_COLUMN = 12
WIDEST = 88
COLOURS = {"Browser": "cyan", "Store": "magenta", "DGS-Pay": "yellow"}


class Narrator:
    """Colours show only on a terminal: click leaves them out elsewhere."""

    def __init__(self) -> None:
        self._steps = 0
        self._speaker = ""
        self._started = time.monotonic()

    def title(self, text: str) -> None:
        click.echo()
        click.secho(f"  {text}", bold=True)
        click.echo()

    def step(self, text: str) -> None:
        """Begin the next numbered step."""
        self._steps += 1
        self._speaker = ""
        seconds = time.monotonic() - self._started
        click.echo()
        click.echo(
            click.style(f"  {self._steps}  {text}", bold=True)
            + click.style(f"   {seconds:.1f} s", dim=True)
        )

    def says(self, actor: str, text: str) -> None:
        """What an actor does; their name stands before the first of several things."""
        is_still_speaking = actor == self._speaker
        self._speaker = actor
        self.row("" if is_still_speaking else actor, text, colour=COLOURS[actor])

    def warns(self, text: str) -> None:
        """Something that nobody may overlook, beside the row before it."""
        click.echo(" " * (MARGIN + LABEL_COLUMN), nl=False)
        click.secho(text, fg="black", bg="yellow", bold=True)

    def row(self, label: str, text: str, colour: str | None = None) -> None:
        """One label and its text, which wraps beside it."""
        column = max(LABEL_COLUMN, len(label) + 2)
        width = min(shutil.get_terminal_size().columns, WIDEST) - MARGIN - column
        first, *others = textwrap.wrap(text, width, break_on_hyphens=False) or [""]
        click.echo(" " * MARGIN + click.style(label.ljust(column), fg=colour) + first)
        for line in others:
            click.echo(" " * (MARGIN + column) + line)

    def succeeds(self, text: str) -> None:
        click.echo()
        click.secho(f"  {text}", fg="green", bold=True)

    def fails(self, text: str) -> None:
        click.echo()
        click.secho(f"  {text}", fg="red", bold=True)
