"""What staff may ask for and DGS-Pay's API does not have, refunds above all."""

import sys

from saleor.payment import FAILED_TRANSACTION_EVENTS, TransactionKind
from saleor.payment.interface import (
    GatewayResponse,
    PaymentData,
    TransactionActionData,
)
from saleor.payment.utils import create_failed_transaction_event

from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.gateway_responses import gateway_response
from dgspay_plugin.records.paid_without_order import (
    PaidWithoutOrder,
    reason_of,
    tell_owner_once,
)
from dgspay_plugin.records.replies import failure


def refuse_refund(payment: PaymentData) -> GatewayResponse:
    """Say where to refund.

    Raises:
        PaidWithoutOrder: to the customer, where Saleor itself asks for the refund
            because a paid checkout cannot become an order
            (saleor/checkout/complete_checkout.py). Saleor turns a refund that fails
            into an internal error; this it hands to the storefront.
    """
    # Saleor writes a missing order as "None".
    if payment.order_id not in (None, "None"):
        return gateway_response(
            failure(CustomerMessage.REFUND_IN_PORTAL), payment, TransactionKind.REFUND
        )
    # Saleor asks while it handles what went wrong with the order.
    reason = reason_of(sys.exception())
    tell_owner_once(payment.payment_id, payment.checkout_token, reason)
    raise PaidWithoutOrder(reason)


def refuse_action(action: TransactionActionData, message: CustomerMessage) -> None:
    """Say why an action that staff asked for on a transaction cannot be taken.

    Saleor's own webhook plugin has noted before that it found nobody to ask
    (saleor/webhook/transport/synchronous/transport.py): that failure gets the reason.
    """
    failures = action.transaction.events.filter(
        pk__gt=action.event.pk, type__in=FAILED_TRANSACTION_EVENTS
    )
    if not failures.update(message=str(message)):
        create_failed_transaction_event(action.event, cause=str(message))
