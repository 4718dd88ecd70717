"""Saleor's GatewayResponse for each outcome: the one place where they are built."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, assert_never

from django.utils import timezone
from saleor.payment import TransactionKind
from saleor.payment.interface import GatewayResponse, PaymentData

from dgspay_plugin.payment.outcome import (
    ActionRequired,
    AmountMismatch,
    AmountUnknown,
    Declined,
    InDoubt,
    NextAction,
    Outcome,
    Paid,
    Pending,
    UnknownAction,
)
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.settlement.attempts import is_overdue
from dgspay_plugin.settlement.history import History, Record

POLL_AFTER_MS = 3000
# An authorization whose answer was lost has this long to show in the status; then
# it is taken not to have arrived, and the customer is asked again.
AUTHORIZATION_IN_DOUBT_FOR = timedelta(seconds=20)


def response_for(
    outcome: Outcome,
    payment: PaymentData,
    history: History,
    waiting_since: datetime | None = None,
) -> GatewayResponse:
    """What Saleor is told of an outcome.

    Args:
        waiting_since: when the wait for an outcome began, if not just now and if the
            history does not say.
    """
    record: Record = {
        "outcome": type(outcome).__name__,
        "dgs_reference": outcome.reference,
    }
    since = waiting_since or history.waiting_since or timezone.now()
    match outcome:
        case Paid():
            return _answer(
                payment,
                record,
                is_success=True,
                kind=TransactionKind.CAPTURE,
                amount=outcome.charged.amount,
                currency=outcome.charged.currency,
            )
        case ActionRequired():
            return _to_confirm(payment, record, history, _confirmation(outcome))
        case Pending() | AmountUnknown():
            return _wait(payment, record, history, since, _step_in_doubt(history))
        case InDoubt():
            step = _step_in_doubt(history) or _step_just_answered(history)
            return _wait(payment, record, history, since, step)
        case Declined():
            record["reason"] = outcome.reason.name
            return _failed(payment, record, outcome.reason)
        case AmountMismatch():
            # The amounts are for the owner, who reads the payment's transactions.
            record["charged"] = str(outcome.charged)
            record["due"] = f"{payment.amount} {payment.currency}"
            return _failed(payment, record, CustomerMessage.AMOUNT_MISMATCH)
        case UnknownAction():
            record["next_action_type"] = outcome.next_action_type
            return _failed(payment, record, CustomerMessage.UNKNOWN_NEXT_ACTION)
        case _:
            assert_never(outcome)


def captured_before(payment: PaymentData, history: History) -> GatewayResponse:
    """The capture that the webhook wrote while the customer was on the way here.

    Saleor finds the transaction by these very values and makes no second one.
    """
    capture = history.captures[-1]
    return _answer(
        payment,
        capture.gateway_response,
        is_success=True,
        kind=TransactionKind.CAPTURE,
        amount=Decimal(capture.amount["amount"]),
        currency=capture.amount["currency"],
        already_processed=True,
    )


def asked_again(payment: PaymentData, history: History) -> GatewayResponse:
    """The step that the customer was asked for before, as it was."""
    return _to_confirm(payment, history.last, history, history.last["confirmation"])


def step_resumed(payment: PaymentData, history: History) -> GatewayResponse | None:
    """The step whose answer never reached DGS-Pay; None if it still may have."""
    step, since = _step_in_doubt(history), history.waiting_since
    if not step or not since or timezone.now() - since < AUTHORIZATION_IN_DOUBT_FOR:
        return None
    record: Record = {
        "outcome": ActionRequired.__name__,
        "dgs_reference": history.reference,
    }
    return _to_confirm(payment, record, history, step)


def failure(
    payment: PaymentData,
    message: CustomerMessage,
    kind: str = TransactionKind.CAPTURE,
) -> GatewayResponse:
    """A failure that changes nothing: it leaves no outcome behind."""
    return _failed(payment, {}, message, kind)


def _wait(
    payment: PaymentData,
    record: Record,
    history: History,
    since: datetime,
    step_in_doubt: Mapping[str, Any] | None,
) -> GatewayResponse:
    record["waiting_since"] = since.isoformat()
    if is_overdue(since):
        # Saleor makes the order with a payment that is pending. The webhook or
        # dgspay_reconcile will say what became of it.
        return _answer(payment, record, is_success=True, kind=TransactionKind.PENDING)
    if step_in_doubt:
        record["step_in_doubt"] = step_in_doubt
    confirmation = {
        "type": NextAction.WAIT.value,
        "reference": record["dgs_reference"],
        "poll_after_ms": POLL_AFTER_MS,
    }
    return _to_confirm(payment, record, history, confirmation)


def _step_in_doubt(history: History) -> Mapping[str, Any] | None:
    return history.last.get("step_in_doubt")


def _step_just_answered(history: History) -> Mapping[str, Any] | None:
    """The step whose answer was on its way when the outcome became doubtful."""
    answered = history.asked_for in (NextAction.PIN, NextAction.OTP, NextAction.AVS)
    return history.last["confirmation"] if answered else None


def _confirmation(outcome: ActionRequired) -> dict[str, Any]:
    confirmation: dict[str, Any] = {
        "type": outcome.action.value,
        "reference": outcome.reference,
    }
    if outcome.action is NextAction.REDIRECT:
        confirmation["redirect_url"] = outcome.redirect_url
    if outcome.action is NextAction.WAIT:
        confirmation["poll_after_ms"] = POLL_AFTER_MS
    if outcome.mistake:
        confirmation["error"] = outcome.mistake.code
        confirmation["message"] = outcome.mistake.sentence
    return confirmation


def _to_confirm(
    payment: PaymentData,
    record: Record,
    history: History,
    confirmation: Mapping[str, Any],
) -> GatewayResponse:
    record = {**record, "confirmation": confirmation}
    return _answer(
        payment,
        record,
        is_success=True,
        kind=TransactionKind.ACTION_TO_CONFIRM,
        action_required=True,
        confirmation=confirmation,
        # A poll that learns nothing new adds no transaction to the payment.
        already_processed=record == history.last,
    )


def _failed(
    payment: PaymentData,
    record: Record,
    message: CustomerMessage,
    kind: str = TransactionKind.CAPTURE,
) -> GatewayResponse:
    return _answer(payment, record, is_success=False, kind=kind, error=str(message))


def _answer(
    payment: PaymentData,
    record: Record,
    *,
    is_success: bool,
    kind: str,
    amount: Decimal | None = None,
    currency: str | None = None,
    error: str | None = None,
    action_required: bool = False,
    confirmation: Mapping[str, Any] | None = None,
    already_processed: bool = False,
) -> GatewayResponse:
    reference = record.get("dgs_reference")
    return GatewayResponse(
        is_success=is_success,
        action_required=action_required,
        kind=kind,
        amount=payment.amount if amount is None else amount,
        currency=currency or payment.currency,
        transaction_id=reference or "",
        error=error,
        raw_response=dict(record),
        action_required_data=dict(confirmation) if confirmation else None,
        transaction_already_processed=already_processed,
        psp_reference=reference,
    )
