"""Checkouts that are paid and are not an order."""

from django.db.models import F
from saleor.checkout import CheckoutChargeStatus
from saleor.checkout.models import Checkout
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.payment.money import Money
from dgspay_plugin.problems import Case
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
                self.report.tell(
                    Case.PAID_WITHOUT_ORDER,
                    charge_id_of(payment).title,
                    f"Payment {payment.pk}, DGS-Pay reference {payment.psp_reference}: "
                    f"{captured} captured, and checkout {payment.checkout_id} is not "
                    "an order.",
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
                    self.report.tell(
                        Case.PAID_IN_PART,
                        charge_id_of(item).title,
                        _paid_in_part(item, checkout),
                    )
            else:
                self.report.tell(
                    Case.PAID_WITHOUT_ORDER,
                    charge_id_of(item).title,
                    f"Transaction {item.pk}, DGS-Pay reference {item.psp_reference}: "
                    f"{Money(item.charged_value, item.currency)} charged, and checkout "
                    f"{item.checkout_id} is not an order. Complete it, and let the "
                    "channel complete paid checkouts automatically.",
                )

    def _count_towards_orders(self) -> None:
        """Charges that are more than their order knows of: a worker died in between."""
        not_counted = self.account.ledger.items().filter(
            charged_value__gt=F("order__total_charged_amount")
        )
        for item in not_counted.iterator(ROWS_AT_A_TIME):
            if attempts.is_overdue(item.modified_at):
                count_towards_total(item.pk)


def _paid_in_part(item: TransactionItem, checkout: Checkout) -> str:
    return (
        f"Transaction {item.pk}, DGS-Pay reference {item.psp_reference}: "
        f"{Money(item.charged_value, item.currency)} charged, and checkout "
        f"{checkout.pk} is paid in part. Saleor makes an order of it once the rest is "
        "paid. Refund the part in the merchant portal if the customer does not come "
        "back."
    )
