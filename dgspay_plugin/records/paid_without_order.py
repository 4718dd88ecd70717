"""A checkout that is paid by a Payment and cannot become an order."""

import hashlib

from django.core.cache import cache
from django.core.exceptions import ValidationError
from saleor.checkout.error_codes import CheckoutErrorCode
from saleor.payment.models import Payment

from dgspay_plugin.owner import Sentence
from dgspay_plugin.owner.charges import paid_without_order
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.charges import charge_id_of

TOLD_KEY = "dgspay.owner_told"
REMEMBERED_FOR_SECONDS = 7 * 24 * 3600


class PaidWithoutOrder(ValidationError):
    """A checkout is paid and cannot become an order. The owner has been told."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            str(CustomerMessage.PAID_WITHOUT_ORDER),
            code=CheckoutErrorCode.PAYMENT_ERROR.value,
        )
        self.reason = reason
        """Why Saleor could not make the order."""


def reason_of(problem: BaseException | None) -> str:
    """Why Saleor could not make an order, in its own words."""
    if isinstance(problem, PaidWithoutOrder):
        return problem.reason
    reasons = getattr(problem, "messages", None) or [str(problem or "no reason given.")]
    return "; ".join(reasons)


def tell_owner_once(payment_id: int, checkout_id: object, reason: str) -> None:
    """Tell the owner what to do, once for each reason.

    Saleor rolls back what is written while it asks for a refund
    (saleor/payment/gateway.py), so the cache remembers it until `note_owner_told`
    does. A cache that is cleared in between repeats the line.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.private_metadata.get(TOLD_KEY) == reason:
        return
    digest = hashlib.sha256(reason.encode()).hexdigest()
    if not cache.add(
        f"dgspay:told:{payment_id}:{digest}", True, REMEMBERED_FOR_SECONDS
    ):
        return
    _sentence(payment, checkout_id, reason).log()


def note_owner_told(payment_id: int, checkout_id: object, reason: str) -> None:
    """Remember on the payment that the owner was told, and show it in the dashboard."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.private_metadata.get(TOLD_KEY) != reason:
        _sentence(payment, checkout_id, reason).show()
        payment.private_metadata[TOLD_KEY] = reason
        payment.save(update_fields=["private_metadata"])


def _sentence(payment: Payment, checkout_id: object, reason: str) -> Sentence:
    return paid_without_order(
        charge_id_of(payment),
        payment.psp_reference,
        Money(payment.captured_amount or payment.total, payment.currency),
        checkout_id,
        reason,
    )
