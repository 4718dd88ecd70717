"""What is answered and stored for each outcome: the one table of both Saleor APIs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, assert_never

from django.utils import timezone

from dgspay_plugin.payment.mobile_money import (
    Wallet,
    outcome_of_card,
    outcome_of_wallet,
)
from dgspay_plugin.payment.money import Money
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
from dgspay_plugin.records.attempts import is_overdue
from dgspay_plugin.records.history import History, Record

POLL_AFTER_MS = 3000
# How long after a lost answer the status may still show that the authorization
# arrived. After that the customer is asked again.
AUTHORIZATION_IN_DOUBT_FOR = timedelta(seconds=20)


# Of outcomes that end a charge and are no decline, which has a reason of its own.
FAILURES = {
    AmountMismatch.code: CustomerMessage.AMOUNT_MISMATCH,
    UnknownAction.code: CustomerMessage.UNKNOWN_NEXT_ACTION,
}


class Result(Enum):
    """How far the answer takes the payment."""

    PAID = auto()
    ACTION_REQUIRED = auto()
    PENDING = auto()
    """Decided later, without the customer."""
    FAILED = auto()


@dataclass(frozen=True)
class Reply:
    """What a storefront is told, and what is stored of it."""

    result: Result
    record: Record
    """Empty if nothing changed: what was refused leaves no outcome behind."""
    confirmation: Mapping[str, Any] | None = None
    """What the customer has to do, if an action is required."""
    message: CustomerMessage | None = None
    """Why it failed."""
    charged: Money | None = None
    """What moved, if it is paid."""
    is_stored_already: bool = False
    """Whether this very answer is the latest that was stored."""

    @property
    def reference(self) -> str | None:
        return self.record.get("dgs_reference")


def reply_for(
    outcome: Outcome,
    due: Money,
    history: History,
    wallet: Wallet | None,
    waiting_since: datetime | None = None,
) -> Reply:
    """What is answered to an outcome.

    Args:
        due: what the payment is for.
        wallet: the mobile money account of this charge; None if it is a card's. The
            history has that of the latest charge, which a new one may not have.
        waiting_since: when the wait for an outcome began, if not just now and if the
            history does not say.
    """
    outcome = outcome_of_wallet(outcome) if wallet else outcome_of_card(outcome)
    record: Record = {
        "outcome": outcome.code,
        "dgs_reference": outcome.reference,
    }
    if wallet:
        record["wallet"] = wallet
    since = waiting_since or history.waiting_since or timezone.now()
    match outcome:
        case Paid():
            return Reply(Result.PAID, record, charged=outcome.charged)
        case ActionRequired():
            return _action_required(record, history, _confirmation(outcome, wallet))
        case Pending() | AmountUnknown():
            return _wait(record, history, since, _step_in_doubt(history))
        case InDoubt():
            record["why"] = outcome.why
            step = _step_in_doubt(history) or _step_just_answered(history)
            return _wait(record, history, since, step)
        case Declined():
            record["reason"] = outcome.reason.name
            return Reply(Result.FAILED, record, message=outcome.reason)
        case AmountMismatch():
            # The amounts are for the owner, who reads what is stored.
            record["charged"] = str(outcome.charged)
            record["due"] = str(due)
            return Reply(Result.FAILED, record, message=CustomerMessage.AMOUNT_MISMATCH)
        case UnknownAction():
            record["next_action_type"] = outcome.next_action_type
            return Reply(
                Result.FAILED, record, message=CustomerMessage.UNKNOWN_NEXT_ACTION
            )
        case _:
            assert_never(outcome)


def captured_before(history: History) -> Reply:
    """The capture that the webhook wrote before the customer came back."""
    capture = history.captures[-1]
    return Reply(
        Result.PAID, capture.record, charged=capture.captured, is_stored_already=True
    )


def failed_before(history: History) -> Reply | None:
    """The failure with which the charge has ended; None if it has not failed."""
    reason = history.last.get("reason")
    message = CustomerMessage[reason] if reason else FAILURES.get(history.outcome or "")
    if message is None:
        return None
    return Reply(Result.FAILED, history.last, message=message, is_stored_already=True)


def asked_again(history: History) -> Reply:
    """The step that the customer was asked for before, as it was."""
    return _action_required(history.last, history, history.last["confirmation"])


def step_resumed(history: History) -> Reply | None:
    """The step whose answer never reached DGS-Pay; None if it still may have."""
    step, since = _step_in_doubt(history), history.waiting_since
    if not step or not since or timezone.now() - since < AUTHORIZATION_IN_DOUBT_FOR:
        return None
    record: Record = {
        "outcome": ActionRequired.code,
        "dgs_reference": history.reference,
    }
    return _action_required(record, history, step)


def failure(message: CustomerMessage) -> Reply:
    """A failure that changes nothing."""
    return Reply(Result.FAILED, {}, message=message)


def _wait(
    record: Record,
    history: History,
    since: datetime,
    step_in_doubt: Mapping[str, Any] | None,
) -> Reply:
    record["waiting_since"] = since.isoformat()
    if is_overdue(since):
        # The webhook or dgspay_reconcile will say what became of it.
        return Reply(Result.PENDING, record)
    if step_in_doubt:
        record["step_in_doubt"] = step_in_doubt
    wait = wait_for(record["dgs_reference"], record.get("wallet"))
    return _action_required(record, history, wait)


def wait_for(reference: str | None, wallet: Wallet | None = None) -> dict[str, Any]:
    """The confirmation that asks the storefront to ask again in a moment.

    Of mobile money it says whose handset the customer has to look at.
    """
    action = NextAction.APPROVE_ON_PHONE if wallet else NextAction.WAIT
    return {
        "type": action.value,
        "reference": reference,
        **(wallet or {}),
        "poll_after_ms": POLL_AFTER_MS,
    }


def _step_in_doubt(history: History) -> Mapping[str, Any] | None:
    return history.last.get("step_in_doubt")


def _step_just_answered(history: History) -> Mapping[str, Any] | None:
    """The step whose answer was on its way when the outcome became doubtful."""
    answered = history.asked_for in (NextAction.PIN, NextAction.OTP, NextAction.AVS)
    return history.last["confirmation"] if answered else None


def _confirmation(outcome: ActionRequired, wallet: Wallet | None) -> dict[str, Any]:
    if outcome.action is NextAction.WAIT:
        return wait_for(outcome.reference)
    confirmation: dict[str, Any] = {
        "type": outcome.action.value,
        "reference": outcome.reference,
    }
    if outcome.action is NextAction.REDIRECT:
        confirmation["redirect_url"] = outcome.redirect_url
        if wallet:
            # The form names the network whose page it is.
            confirmation["network"] = wallet["network"]
    if outcome.mistake:
        confirmation |= mistake(outcome.mistake)
    return confirmation


def mistake(message: CustomerMessage) -> dict[str, str]:
    """What a confirmation says besides, if the customer's last answer was not taken."""
    return {"error": message.code, "message": message.sentence}


def _without_why(record: Record) -> Mapping[str, Any]:
    return {name: value for name, value in record.items() if name != "why"}


def _action_required(
    record: Record, history: History, confirmation: Mapping[str, Any]
) -> Reply:
    record = {**record, "confirmation": confirmation}
    return Reply(
        Result.ACTION_REQUIRED,
        record,
        confirmation=confirmation,
        # A poll that learns nothing new stores nothing; why it failed is not new.
        is_stored_already=_without_why(record) == _without_why(history.last),
    )
