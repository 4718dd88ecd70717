"""How far transactions pay a checkout (``saleor.checkout.payment_utils``).

What is pending counts as if it had succeeded.
"""

from uuid import UUID

from django.db.models import Exists, Q
from django.utils import timezone
from prices import Money

from ..payment.models import TransactionItem
from . import CheckoutAuthorizeStatus, CheckoutChargeStatus
from .models import Checkout


def update_checkout_payment_statuses(
    checkout: Checkout, checkout_total_gross: Money, checkout_has_lines: bool
) -> None:
    charged = authorized = Money(0, checkout.currency)
    for item in checkout.payment_transactions.all():
        charged += item.amount_charged + item.amount_charge_pending
        authorized += item.amount_authorized + item.amount_authorize_pending
    previous = (checkout.charge_status, checkout.authorize_status)
    is_free = checkout_has_lines and checkout_total_gross.amount <= 0
    if is_free and charged.amount <= 0:
        checkout.charge_status = CheckoutChargeStatus.FULL
    else:
        checkout.charge_status = _charge_status(charged, checkout_total_gross)
    if is_free:
        checkout.authorize_status = CheckoutAuthorizeStatus.FULL
    else:
        checkout.authorize_status = _authorize_status(
            authorized + charged, checkout_total_gross
        )
    if previous != (checkout.charge_status, checkout.authorize_status):
        checkout.last_change = timezone.now()
        # Does nothing where the checkout has become an order meanwhile.
        Checkout.objects.filter(pk=checkout.pk).update(
            charge_status=checkout.charge_status,
            authorize_status=checkout.authorize_status,
            last_change=checkout.last_change,
        )


def _charge_status(charged: Money, total: Money) -> str:
    if charged.amount <= 0:
        return CheckoutChargeStatus.NONE
    if charged < total:
        return CheckoutChargeStatus.PARTIAL
    if charged == total:
        return CheckoutChargeStatus.FULL
    return CheckoutChargeStatus.OVERCHARGED


def _authorize_status(covered: Money, total: Money) -> str:
    if covered.amount <= 0:
        return CheckoutAuthorizeStatus.NONE
    if covered < total:
        return CheckoutAuthorizeStatus.PARTIAL
    return CheckoutAuthorizeStatus.FULL


def update_refundable_for_checkout(checkout_pk: UUID) -> None:
    refundable = TransactionItem.objects.filter(
        Q(authorized_value__gt=0) | Q(charged_value__gt=0),
        checkout_id=checkout_pk,
        last_refund_success=True,
    )
    Checkout.objects.filter(pk=checkout_pk).update(
        automatically_refundable=Exists(refundable)
    )
