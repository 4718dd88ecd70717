"""``manage.py dgspay_reconcile``: make Saleor's payments agree with DGS-Pay's."""

import re
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import click
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dgspay_plugin.plugin import DgsPayPlugin
from dgspay_plugin.reconciliation import (
    DAYS_BACK,
    Account,
    Reconciliation,
    Report,
    end,
    find_refunds_to_send,
    load_saleor,
    read_accounts,
)

GATEWAY = DgsPayPlugin.PLUGIN_ID


def since(text: str) -> datetime:
    """A date, a date and time, or so many hours or days ago: 2026-11-24, 36h, 7d."""
    if age := re.fullmatch(r"(\d{1,5})([hd])", text):
        unit = timedelta(hours=1) if age[2] == "h" else timedelta(days=1)
        now: datetime = timezone.now()
        return now - int(age[1]) * unit
    try:
        # A date alone is its midnight.
        moment: datetime | None = parse_datetime(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
    if moment is None:
        raise ArgumentTypeError("use a date (2026-11-24), hours (36h) or days (7d)")
    if timezone.is_naive(moment):
        moment = moment.replace(tzinfo=timezone.get_current_timezone())
    return moment


class Command(BaseCommand):
    help = (
        "Ask DGS-Pay about every payment that still waits and settle it, then compare "
        "captured payments with DGS-Pay's list. Safe to run at any time, as often as "
        "you like. Where Saleor has a Celery broker it runs by itself; else let cron "
        "run it every five minutes. Exits with 1 if something needs a person."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            type=since,
            default=f"{DAYS_BACK}d",
            help="payments made since then: 2026-11-24, 36h or 7d (default: 3d)",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be settled, and change nothing",
        )

    def handle(self, *, since: datetime, dry_run: bool, **options: Any) -> None:
        load_saleor()
        report = Report()
        accounts = read_accounts(GATEWAY, report)
        if not accounts and not report.for_a_person:
            raise CommandError("DGS-Pay is not set up in any channel.")
        for account in accounts:
            self._reconcile(account, since, report, dry_run=dry_run)
        find_refunds_to_send(GATEWAY, report)
        # Told first: whoever waits for it needs no dashboard.
        self._summarize(report, dry_run=dry_run)
        if not dry_run:
            end(GATEWAY, since, report)
        if report.for_a_person or report.unanswered:
            sys.exit(1)

    def _reconcile(
        self, account: Account, since: datetime, report: Report, *, dry_run: bool
    ) -> None:
        number = account.configuration.account_number
        self.stdout.write(
            f"Account {number} (channels {', '.join(account.ledger.channel_slugs)}), "
            f"payments since {since:%Y-%m-%d %H:%M %Z}"
        )
        Reconciliation(account, report, dry_run).run(since, self._watch)

    def _watch(self, label: str, length: int | None, steps: Iterable[int]) -> None:
        if not sys.stderr.isatty():
            for _ in steps:
                pass
            return
        with click.progressbar(
            length=length or 1, label=label, file=sys.stderr
        ) as progress:
            for done in steps:
                if length is None:
                    progress.length = max(1, progress.pos + done)
                progress.update(done)

    def _summarize(self, report: Report, *, dry_run: bool) -> None:
        for outcome, count in sorted(report.outcomes.items()):
            self.stdout.write(f"{count:>7}  {outcome}")
        if not report.outcomes and not report.left_for_later:
            self.stdout.write("No payment was waiting.")
        if dry_run:
            self.stdout.write("Nothing was changed (--dry-run).")
        if report.unanswered:
            self.stdout.write(
                self.style.ERROR(
                    f"DGS-Pay could not be asked about {report.unanswered} payments: "
                    "run this again."
                )
            )
        elif report.left_for_later:
            self.stdout.write(
                "Charges of the last 15 minutes are not settled yet: run this again "
                "later."
            )
        elif not report.for_a_person:
            self.stdout.write(self.style.SUCCESS("Saleor and DGS-Pay agree."))
        if report.for_a_person:
            self.stdout.write(
                self.style.ERROR(f"{len(report.for_a_person)} need a person:")
            )
        for problem in report.for_a_person:
            self.stdout.write(f"  - {problem}")
