"""Checkouts and orders for which more was paid than they cost."""

from datetime import datetime

from dgspay_plugin.owner import overcharged
from dgspay_plugin.reconciliation.part import Part


class Overcharges(Part):
    """Checkouts and orders for which more was paid than they cost."""

    def find_overcharged(self, since: datetime) -> None:
        """Report every checkout and order for which more was paid than it costs."""
        for overcharge in self.account.ledger.overcharged_since(since):
            self.report.add(
                overcharged(overcharge.title, overcharge.charged, overcharge.total)
            )
