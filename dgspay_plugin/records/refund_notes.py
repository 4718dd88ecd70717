"""A refund that staff ask for, noted in Saleor's books by either of its APIs.

No money moves. The database's locks keep two requests from refunding more together
than was captured.
"""

from decimal import Decimal

from django.db import transaction
from saleor.payment import TransactionAction, TransactionEventType
from saleor.payment.models import Payment, TransactionEvent
from saleor.payment.utils import (
    create_transaction_event_from_request_and_webhook_response,
)

from dgspay_plugin.gateway_app import own_app
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.ledger import Ledger
from dgspay_plugin.records.refunds import let_wait
from dgspay_plugin.records.session_results import refund_action
from dgspay_plugin.records.transactions import LockedItem


class TooHigh(ValueError):
    """The refund is of more than is left of the charge, or of nothing."""


def note_refund_of_payment(payment_id: int, amount: Decimal) -> str:
    """Name a refund that Saleor writes down itself, in the transaction around this.

    Args:
        amount: in major units.

    Returns:
        The refund's reference.

    Raises:
        TooHigh: nothing is changed.
    """
    with transaction.atomic():
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
        if not 0 < amount <= payment.captured_amount:
            raise TooHigh
        return let_wait(payment)


def note_refund_of_item(item_id: int, request_id: int) -> str | None:
    """Answer a request for a refund as an app would that has sent the money.

    Args:
        request_id: Saleor's event of the request.

    Returns:
        The refund's reference; None if this request was answered before.

    Raises:
        TooHigh: nothing is changed.
    """
    with LockedItem(item_id) as lock:
        item = lock.item
        # Of the locked item, whose amounts Saleor compares and saves.
        request: TransactionEvent = item.events.get(pk=request_id)
        if request.psp_reference:
            return None
        left = item.charged_value - request.amount_value
        if request.amount_value <= 0 or left < 0:
            raise TooHigh
        reference = let_wait(item)
        _take_back_failure_of(request)
        create_transaction_event_from_request_and_webhook_response(
            request,
            own_app(item.app_identifier),
            {
                "result": TransactionEventType.REFUND_SUCCESS.upper(),
                "pspReference": reference,
                "amount": request.amount_value,
                "message": str(CustomerMessage.REFUND_NOTED),
                "actions": refund_action(is_offered=left > 0),
            },
        )
    return reference


def offer_refunds(gateway: str, channel_slug: str, *, are_offered: bool) -> None:
    """Have the dashboard offer a refund of all that is charged, or no longer.

    Its button needs the action among a transaction's available ones.
    """
    actions = [TransactionAction.REFUND] if are_offered else []
    charged = Ledger(gateway, (channel_slug,)).items().filter(charged_value__gt=0)
    charged.exclude(available_actions=actions).update(available_actions=actions)


def _take_back_failure_of(request: TransactionEvent) -> None:
    """Remove the failure that Saleor's own webhook plugin has noted before.

    It found nobody to ask (saleor/webhook/transport/synchronous/transport.py), and
    nothing names the request that it is about but its amount.
    """
    failure = request.transaction.events.filter(
        pk__gt=request.pk,
        type=TransactionEventType.REFUND_FAILURE,
        amount_value=request.amount_value,
        include_in_calculations=False,
    ).first()
    if failure:
        failure.delete()
