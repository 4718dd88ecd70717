"""Checkouts that are paid and are not an order."""

from collections.abc import Callable

from django.db.models import F
from saleor.checkout import CheckoutChargeStatus
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.owner import Sentence
from dgspay_plugin.owner.reconciliation import (
    captured_without_order,
    charged_without_order,
    paid_in_part,
)
from dgspay_plugin.payment.money import Money
from dgspay_plugin.reconciliation.part import Part
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charges import charge_id_of
from dgspay_plugin.records.ledger import ROWS_AT_A_TIME
from dgspay_plugin.records.payments import complete_checkout_of
from dgspay_plugin.records.transactions import count_towards_total

PAID_IN_FULL = (CheckoutChargeStatus.FULL, CheckoutChargeStatus.OVERCHARGED)


class PaidCheckouts(Part):
    """Checkouts that are paid and are not an order."""

    def complete_captured_checkouts(self) -> None:
        """Try once more to make orders of checkouts that are paid and still open."""
        stuck = self.account.ledger.payments().filter(
            checkout__isnull=False, captured_amount__gt=0
        )
        for payment in stuck.iterator(chunk_size=ROWS_AT_A_TIME):
            if not self.dry_run:
                complete_checkout_of(payment.pk)
            payment = Payment.objects.get(pk=payment.pk)
            if payment.order_id is None:
                captured = Money(payment.captured_amount, payment.currency)
                self.report.add(
                    captured_without_order(
                        charge_id_of(payment),
                        payment.psp_reference,
                        captured,
                        payment.checkout_id,
                    )
                )
        self._look_at_charged_checkouts()
        if not self.dry_run:
            self._count_towards_orders()

    def _look_at_charged_checkouts(self) -> None:
        """Saleor completes them where the channel is set so; else the customer does."""
        charged = self.account.ledger.items().filter(
            charged_value__gt=0, checkout__isnull=False
        )
        for item in charged.select_related("checkout").iterator(ROWS_AT_A_TIME):
            is_paid = item.checkout.charge_status in PAID_IN_FULL
            if not attempts.is_overdue(item.modified_at):
                # The customer may be about to complete it.
                self.report.left_for_later |= is_paid
            elif not is_paid:
                # It may only seem so: a worker may have died before it was counted.
                if not self.dry_run:
                    count_towards_total(item.pk)
                    item.refresh_from_db()
                checkout = item.checkout
                if checkout and checkout.charge_status == CheckoutChargeStatus.PARTIAL:
                    self._tell_of(item, paid_in_part)
            else:
                self._tell_of(item, charged_without_order)

    def _tell_of(
        self, item: TransactionItem, sentence: Callable[..., Sentence]
    ) -> None:
        charged = Money(item.charged_value, item.currency)
        self.report.add(
            sentence(charge_id_of(item), item.psp_reference, charged, item.checkout_id)
        )

    def _count_towards_orders(self) -> None:
        """Charges that are more than their order knows of: a worker died in between."""
        not_counted = self.account.ledger.items().filter(
            charged_value__gt=F("order__total_charged_amount")
        )
        for item in not_counted.iterator(ROWS_AT_A_TIME):
            if attempts.is_overdue(item.modified_at):
                count_towards_total(item.pk)
