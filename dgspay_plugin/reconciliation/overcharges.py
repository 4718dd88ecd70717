"""Checkouts and orders for which more was paid than they cost."""

from datetime import datetime

from dgspay_plugin.problems import Case
from dgspay_plugin.reconciliation.part import Part


class Overcharges(Part):
    """Checkouts and orders for which more was paid than they cost."""

    def find_overcharged(self, since: datetime) -> None:
        """Report every checkout and order for which more was paid than it costs."""
        for overcharge in self.account.ledger.overcharged_since(since):
            charged, total = overcharge.charged, overcharge.total
            self.report.tell(
                Case.OVERCHARGED,
                overcharge.title,
                f"{overcharge.title}: {charged} was paid of a total of {total}. Refund "
                f"{charged.above(total)} in the merchant portal.",
            )
