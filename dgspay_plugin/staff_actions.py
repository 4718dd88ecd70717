"""What staff may ask for and DGS-Pay's API does not have, refunds above all."""

import sys

from saleor.payment import FAILED_TRANSACTION_EVENTS, TransactionKind
from saleor.payment.interface import (
    GatewayResponse,
    PaymentData,
    TransactionActionData,
)
from saleor.payment.utils import create_failed_transaction_event

from dgspay_plugin.after_commit import after_commit
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import charge_id_of
from dgspay_plugin.records.gateway_responses import gateway_response
from dgspay_plugin.records.ledger import record_of
from dgspay_plugin.records.paid_without_order import (
    PaidWithoutOrder,
    reason_of,
    tell_owner_once,
)
from dgspay_plugin.records.refund_notes import (
    TooHigh,
    note_refund_of_item,
    note_refund_of_payment,
)
from dgspay_plugin.records.refunds import refunds_of
from dgspay_plugin.records.replies import failure


def refuse_refund(payment: PaymentData) -> GatewayResponse:
    """Say where to refund.

    Raises:
        PaidWithoutOrder: to the customer, where Saleor itself asks for the refund
            because a paid checkout cannot become an order
            (saleor/checkout/complete_checkout.py). Saleor turns a refund that fails
            into an internal error; this it hands to the storefront.
    """
    if is_for_order(payment):
        return gateway_response(
            failure(CustomerMessage.REFUND_IN_PORTAL), payment, TransactionKind.REFUND
        )
    # Saleor asks while it handles what went wrong with the order.
    reason = reason_of(sys.exception())
    tell_owner_once(payment.payment_id, payment.checkout_token, reason)
    raise PaidWithoutOrder(reason)


def is_for_order(payment: PaymentData) -> bool:
    # Saleor writes a missing order as "None".
    return payment.order_id not in (None, "None")


def note_refund(payment: PaymentData) -> GatewayResponse:
    """Let Saleor write a refund down whose money somebody has to send.

    Saleor has the payment locked, and what is written here is of its transaction.
    """
    try:
        reference = note_refund_of_payment(payment.payment_id, payment.amount)
    except TooHigh:
        return gateway_response(
            failure(CustomerMessage.REFUND_TOO_HIGH), payment, TransactionKind.REFUND
        )
    charge_id = ChargeId("payment", payment.payment_id)
    after_commit(_tell_owner, payment.gateway, charge_id, reference)
    return GatewayResponse(
        is_success=True,
        action_required=False,
        kind=TransactionKind.REFUND,
        amount=payment.amount,
        currency=payment.currency,
        transaction_id=reference,
        # A transaction of Saleor's has no other place for a message.
        error=str(CustomerMessage.REFUND_NOTED),
    )


def note_refund_action(action: TransactionActionData) -> None:
    """The same for a refund that staff ask for on a transaction."""
    item = action.transaction
    try:
        reference = note_refund_of_item(item.pk, action.event.pk)
    except TooHigh:
        refuse_action(action, CustomerMessage.REFUND_TOO_HIGH)
        return
    if reference:
        after_commit(_tell_owner, item.app_identifier, charge_id_of(item), reference)
    # Saleor answers staff with this one, which has the amounts of before.
    item.refresh_from_db()


def _tell_owner(gateway: str, charge_id: ChargeId, reference: str) -> None:
    """Tell of a refund that is committed: what is rolled back must not be sent."""
    record = record_of(gateway, charge_id)
    for refund in refunds_of(record) if record else ():
        if refund.reference == reference:
            refund.sentence.tell()


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
