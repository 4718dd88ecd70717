"""Refunds, which DGS-Pay's API does not have: they are made in the merchant portal."""

import logging

from django.core.exceptions import ValidationError
from saleor.checkout.error_codes import CheckoutErrorCode
from saleor.payment import TransactionKind
from saleor.payment.interface import GatewayResponse, PaymentData

from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.settlement.responses import failure

logger = logging.getLogger(__name__)


def refuse_refund(payment: PaymentData) -> GatewayResponse:
    """Say where to refund.

    Raises:
        django.core.exceptions.ValidationError: to the customer, where Saleor itself
            asks for the refund because a paid checkout cannot become an order
            (saleor/checkout/complete_checkout.py). Saleor turns a refund that fails
            into an internal error; this it hands to the storefront.
    """
    # Saleor writes a missing order as "None".
    if payment.order_id not in (None, "None"):
        return failure(
            payment, CustomerMessage.REFUND_IN_PORTAL, TransactionKind.REFUND
        )
    logger.error(
        "Payment %s (DGS-Pay reference %s) is captured, and its checkout %s cannot "
        "become an order. Mend the checkout and complete it, or refund the payment in "
        "the DGS-Pay merchant portal.",
        payment.payment_id,
        payment.psp_reference,
        payment.checkout_token,
    )
    raise ValidationError(
        str(CustomerMessage.PAID_WITHOUT_ORDER),
        code=CheckoutErrorCode.PAYMENT_ERROR.value,
    )
