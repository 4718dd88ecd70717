"""A checkout that is paid by a Payment and cannot become an order."""

from django.core.exceptions import ValidationError
from saleor.checkout.error_codes import CheckoutErrorCode
from saleor.payment.models import Payment

from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.settlement.charges import subject_of
from dgspay_plugin.settlement.owner import tell_of_paid_without_order

TOLD_KEY = "dgspay.owner_told"


class PaidWithoutOrder(ValidationError):
    """A checkout is paid and cannot become an order. The owner has been told."""

    def __init__(self) -> None:
        super().__init__(
            str(CustomerMessage.PAID_WITHOUT_ORDER),
            code=CheckoutErrorCode.PAYMENT_ERROR.value,
        )


def tell_owner_once(
    payment_id: int, checkout_id: object, problem: BaseException | None
) -> None:
    """Tell the owner what to do, once for each reason that Saleor gives.

    Args:
        problem: why Saleor could not make the order.
    """
    payment = Payment.objects.get(pk=payment_id)
    reasons = getattr(problem, "messages", None) or [str(problem or "no reason given.")]
    reason = "; ".join(reasons)
    if payment.private_metadata.get(TOLD_KEY) == reason:
        return
    payment.private_metadata[TOLD_KEY] = reason
    payment.save(update_fields=["private_metadata"])
    tell_of_paid_without_order(
        subject_of(payment),
        payment.psp_reference,
        Money(payment.captured_amount or payment.total, payment.currency),
        checkout_id,
        reason,
    )
