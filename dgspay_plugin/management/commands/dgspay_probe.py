"""``manage.py dgspay_probe``: hear how DGS-Pay's sandbox speaks, and what to set."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.configuration import Configuration, read_configuration
from dgspay_plugin.plugin import DgsPayPlugin

if TYPE_CHECKING:
    from dgspay_plugin.probe.facts import Fact


class Command(BaseCommand):
    help = (
        "Play every documented scenario of DGS-Pay's sandbox with an example card, say "
        "where it speaks otherwise than this plugin takes for usual, what to set, and "
        "what this version cannot handle. Refuses a channel that takes real money. "
        "Needs the extra [sandbox]."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--channel",
            metavar="SLUG",
            help="whose credentials to use (default: the first for the sandbox)",
        )
        parser.add_argument(
            "--report",
            type=Path,
            metavar="FILE",
            help="write what was heard as JSON, without secrets, to send to support",
        )

    def handle(
        self, *, channel: str | None, report: Path | None, **options: Any
    ) -> None:
        try:
            from dgspay_plugin.probe import facts, play
            from dgspay_plugin.probe.report import report as write_report
        except ImportError:
            raise CommandError(
                "the probe encrypts a card of its own: pip install "
                "'saleor-dgspay[sandbox]'"
            ) from None
        try:
            heard = play.Player(_configuration(channel)).play(
                lambda what: self.stdout.write(f"  playing: {what}")
            )
        except play.ProbeFailed as failure:
            raise CommandError(f"{failure}.") from None
        found, problems = facts.find_facts(heard), facts.find_problems(heard)
        self._tell(found, problems)
        if report:
            text = json.dumps(write_report(heard, found, problems), indent=2)
            report.write_text(f"{text}\n")
            self.stdout.write(f"\nWritten to {report}.")

    def _tell(self, found: "list[Fact]", problems: list[str]) -> None:
        self.stdout.write("")
        for fact in found:
            seen = f" Seen: {fact.seen}." if fact.seen else ""
            self.stdout.write(f"{fact.verdict:>9}  {fact.name}: {fact.usual}{seen}")
        self.stdout.write("\nTo set or to do")
        # A difference that is not named here is understood as it is.
        for to_do in [fact.to_do for fact in found if fact.to_do] or ["Nothing."]:
            self.stdout.write(f"  - {to_do}")
        self.stdout.write("\nWhat this version cannot handle")
        for problem in problems or ["Nothing."]:
            self.stdout.write(f"  - {problem}")


def _configuration(channel: str | None) -> Configuration:
    rows = PluginConfiguration.objects.filter(
        identifier=DgsPayPlugin.PLUGIN_ID, channel__isnull=False
    ).select_related("channel")
    if channel:
        rows = rows.filter(channel__slug=channel)
    for row in rows.order_by("channel__slug"):
        try:
            configuration = read_configuration(row.configuration)
        except ValidationError:
            continue
        if channel or configuration.environment == "sandbox":
            return configuration
    raise CommandError(
        "no such channel is set up for the sandbox: dgspay_check says what to mend."
    )
