"""An answer as Saleor's Transactions API takes it: the result of a session."""

from collections.abc import Mapping
from typing import Any

from saleor.payment import TransactionAction, TransactionEventType

from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.order_page import (
    message_of_success,
    payment_method_details,
)
from dgspay_plugin.records.replies import (
    Reply,
    Result,
    failure,
    mistake,
    wait_for,
)

EVENT_TYPE_OF = {
    Result.PAID: TransactionEventType.CHARGE_SUCCESS,
    Result.ACTION_REQUIRED: TransactionEventType.CHARGE_ACTION_REQUIRED,
    Result.PENDING: TransactionEventType.CHARGE_REQUEST,
    Result.FAILED: TransactionEventType.CHARGE_FAILURE,
}


def session_result(reply: Reply, *, offers_refund: bool = False) -> dict[str, Any]:
    """What a payment app would answer (saleor/webhook/response_schemas/transaction.py).

    DGS-Pay charges at once and refunds in its portal, so that there is nothing to
    offer staff but to note a refund.

    Args:
        offers_refund: whether the owner has chosen to note refunds.
    """
    if reply.result is Result.PENDING and reply.reference is None:
        # Saleor keeps no pending charge without a reference.
        return _result(
            TransactionEventType.CHARGE_ACTION_REQUIRED, None, wait_for(None)
        )
    result = _result(
        EVENT_TYPE_OF[reply.result], reply.reference, _data_for_storefront(reply)
    )
    wallet = reply.record.get("wallet")
    if reply.charged:
        result["amount"] = reply.charged.amount
        result["message"] = message_of_success(wallet)
        result["actions"] = refund_action(is_offered=offers_refund)
    if reply.result in (Result.PAID, Result.PENDING):
        result["paymentMethodDetails"] = payment_method_details(wallet)
    if reply.message:
        result["message"] = str(reply.message)
    return result


def refused_authorization() -> dict[str, Any]:
    """The failure where Saleor asks for an authorization, which DGS-Pay cannot do."""
    return {
        **session_result(failure(CustomerMessage.AUTHORIZATION_NOT_POSSIBLE)),
        "result": TransactionEventType.AUTHORIZATION_FAILURE.upper(),
    }


def refund_action(*, is_offered: bool) -> list[str]:
    """What the dashboard has a button for, as a payment app spells it."""
    return [TransactionAction.REFUND.upper()] if is_offered else []


def _result(
    event_type: str, reference: str | None, data: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "result": event_type.upper(),
        # Where a charge fails without getting a reference, it is empty.
        "pspReference": reference or None,
        "actions": [],
        "data": data,
    }


def _data_for_storefront(reply: Reply) -> Mapping[str, Any]:
    if reply.confirmation:
        return reply.confirmation
    if reply.message:
        return mistake(reply.message)
    if reply.result is Result.PENDING:
        return {"type": "pending", "reference": reply.reference}
    return {"reference": reply.reference}
