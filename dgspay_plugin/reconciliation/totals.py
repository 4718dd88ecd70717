"""What was paid for a checkout or an order, beside what it costs."""

from datetime import datetime

from dgspay_plugin.owner.reconciliation import order_paid_in_part, overcharged
from dgspay_plugin.reconciliation.part import Part


class Totals(Part):
    """What was paid for a checkout or an order, beside what it costs."""

    def find_other_totals(self, since: datetime) -> None:
        """Report every checkout and order for which another amount was paid."""
        for paid in self.account.ledger.overcharged_since(since):
            self.report.add(overcharged(paid.title, paid.charged, paid.total))
        for paid in self.account.ledger.orders_paid_in_part_since(since):
            self.report.add(order_paid_in_part(paid.title, paid.charged, paid.total))
