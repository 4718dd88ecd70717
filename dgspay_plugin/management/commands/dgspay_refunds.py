"""``manage.py dgspay_refunds``: refunds whose money somebody has to send."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dgspay_plugin.dashboard_problems import mend
from dgspay_plugin.plugin import DgsPayPlugin
from dgspay_plugin.problems import Case
from dgspay_plugin.records.refunds import (
    NoSuchRefund,
    confirm,
    reopen,
    unconfirmed_refunds,
)

GATEWAY = DgsPayPlugin.PLUGIN_ID


class Command(BaseCommand):
    help = (
        "List the refunds that are noted in Saleor and that nobody has confirmed, or "
        "confirm those whose money was sent in the DGS-Pay merchant portal, or have "
        "those wait again that were confirmed by mistake. Moves no money. Exits with 1 "
        "if one of the references is not fit for it, and then changes none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(
            dest="action", metavar="list | confirm | reopen"
        )
        actions.add_parser("list", help="show what waits (the default)")
        confirming = actions.add_parser(
            "confirm", help="write down that the money was sent"
        )
        reopening = actions.add_parser(
            "reopen", help="take a confirmation back: the money was not sent"
        )
        for parser_of_action in (confirming, reopening):
            parser_of_action.add_argument(
                "references", nargs="+", metavar="reference", help="of the refund"
            )

    def handle(
        self,
        *,
        action: str | None = None,
        references: Sequence[str] = (),
        **options: Any,
    ) -> None:
        if action == "confirm":
            self._confirm(references)
        elif action == "reopen":
            self._reopen(references)
        else:
            self._list()

    def _list(self) -> None:
        refunds = unconfirmed_refunds(GATEWAY)
        if not refunds:
            self.stdout.write("No refund waits to be confirmed.")
            return
        for refund in refunds:
            number = refund.order_number
            self.stdout.write(
                f"{refund.reference}  {refund.money}  "
                f"{refund.noted_at:%Y-%m-%d %H:%M %Z}  "
                f"{f'order {number}' if number else 'no order'}"
            )
        self.stdout.write(
            "Send the money in the DGS-Pay merchant portal, then confirm each: "
            "dgspay_refunds confirm <reference>"
        )

    def _confirm(self, references: Sequence[str]) -> None:
        try:
            refunds = confirm(GATEWAY, references)
        except NoSuchRefund as problem:
            raise CommandError(
                f"Nothing was changed. No refund waits to be confirmed as {problem}: "
                "dgspay_refunds lists those that do."
            ) from None
        for refund in refunds:
            mend(Case.REFUND_TO_SEND, refund.reference)
            self.stdout.write(f"Confirmed: {refund.reference}, {refund.money}.")

    def _reopen(self, references: Sequence[str]) -> None:
        try:
            refunds = reopen(GATEWAY, references)
        except NoSuchRefund as problem:
            raise CommandError(
                f"Nothing was changed. No refund was confirmed as {problem}: the order "
                "in the dashboard shows its refunds' references."
            ) from None
        for refund in refunds:
            refund.sentence.tell()
            self.stdout.write(f"Waits again: {refund.reference}, {refund.money}.")
