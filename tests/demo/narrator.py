"""Tells a payment as a story in a terminal: numbered steps, and who did what."""

import shutil
import textwrap
import time

import click

ACTOR_COLUMN = 10
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
        click.echo(" " * 5, nl=False)
        click.secho(f" {text} ", fg="black", bg="yellow", bold=True)

    def row(self, label: str, text: str, colour: str | None = None) -> None:
        """One label and its text, which wraps beside it."""
        column = max(ACTOR_COLUMN, len(label) + 2)
        width = min(shutil.get_terminal_size().columns, WIDEST) - 5 - column
        first, *others = textwrap.wrap(text, width, break_on_hyphens=False) or [""]
        click.echo("     " + click.style(label.ljust(column), fg=colour) + first)
        for line in others:
            click.echo(" " * (5 + column) + line)

    def succeeds(self, text: str) -> None:
        click.echo()
        click.secho(f"  {text}", fg="green", bold=True)

    def fails(self, text: str) -> None:
        click.echo()
        click.secho(f"  {text}", fg="red", bold=True)
