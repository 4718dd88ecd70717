"""What Saleor is told of each outcome, field by field."""

import json
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from saleor.payment import TransactionKind
from saleor.payment.interface import GatewayResponse

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
from dgspay_plugin.records.attempts import OUTCOME_DEADLINE
from dgspay_plugin.records.gateway_responses import gateway_response
from dgspay_plugin.records.replies import (
    AUTHORIZATION_IN_DOUBT_FOR,
    POLL_AFTER_MS,
    asked_again,
    captured_before,
    failure,
    step_resumed,
)
from tests.unit.payment_data import history_of, payment_of
from tests.unit.payment_data import response_for as response

DUE = Money(Decimal(12000), "RWF")
PIN = ActionRequired("DGS-1", NextAction.PIN)
WAIT = {"type": "wait", "reference": "DGS-1", "poll_after_ms": POLL_AFTER_MS}


def facts(response: GatewayResponse) -> dict[str, Any]:
    """The response without what no outcome sets."""
    return {
        name: value
        for name, value in asdict(response).items()
        if name not in ("customer_id", "payment_method_info", "raw_response")
    }


def test_paid() -> None:
    assert facts(response(Paid("DGS-1", DUE))) == {
        "is_success": True,
        "action_required": False,
        "kind": TransactionKind.CAPTURE,
        "amount": Decimal(12000),
        "currency": "RWF",
        "transaction_id": "DGS-1",
        "psp_reference": "DGS-1",
        "error": None,
        "action_required_data": None,
        "transaction_already_processed": False,
    }


@pytest.mark.parametrize(
    ("outcome", "confirmation"),
    [
        (PIN, {"type": "pin", "reference": "DGS-1"}),
        (
            ActionRequired("DGS-1", NextAction.OTP),
            {"type": "otp", "reference": "DGS-1"},
        ),
        (
            ActionRequired("DGS-1", NextAction.AVS),
            {"type": "avs", "reference": "DGS-1"},
        ),
        (
            ActionRequired("DGS-1", NextAction.REDIRECT, "https://bank"),
            {
                "type": "redirect",
                "reference": "DGS-1",
                "redirect_url": "https://bank",
            },
        ),
        (ActionRequired("DGS-1", NextAction.WAIT), WAIT),
        (Pending("DGS-1"), WAIT),
        (AmountUnknown("DGS-1"), WAIT),
        (InDoubt("DGS-1", "read timeout"), WAIT),
        (InDoubt(None, "read timeout"), {**WAIT, "reference": None}),
        (
            ActionRequired(
                "DGS-1", NextAction.PIN, None, CustomerMessage.INCORRECT_PIN
            ),
            {
                "type": "pin",
                "reference": "DGS-1",
                "error": "incorrect_pin",
                "message": CustomerMessage.INCORRECT_PIN.sentence,
            },
        ),
    ],
    ids=repr,
)
def test_customer_is_asked(outcome: Outcome, confirmation: dict[str, Any]) -> None:
    asked = response(outcome)
    assert facts(asked) == {
        "is_success": True,
        "action_required": True,
        "kind": TransactionKind.ACTION_TO_CONFIRM,
        "amount": Decimal(12000),
        "currency": "RWF",
        "transaction_id": outcome.reference or "",
        "psp_reference": outcome.reference,
        "error": None,
        "action_required_data": confirmation,
        "transaction_already_processed": False,
    }


@pytest.mark.parametrize(
    ("outcome", "message", "kept"),
    [
        (
            Declined("DGS-1", CustomerMessage.EXPIRED_CARD),
            CustomerMessage.EXPIRED_CARD,
            {"outcome": "Declined", "dgs_reference": "DGS-1", "reason": "EXPIRED_CARD"},
        ),
        (
            AmountMismatch("DGS-1", Money(Decimal(120), "RWF")),
            CustomerMessage.AMOUNT_MISMATCH,
            {
                "outcome": "AmountMismatch",
                "dgs_reference": "DGS-1",
                "charged": "120 RWF",
                "due": "12000 RWF",
            },
        ),
        (
            UnknownAction("DGS-1", "requires_dance"),
            CustomerMessage.UNKNOWN_NEXT_ACTION,
            {
                "outcome": "UnknownAction",
                "dgs_reference": "DGS-1",
                "next_action_type": "requires_dance",
            },
        ),
    ],
    ids=["declined", "amount mismatch", "unknown action"],
)
def test_payment_fails(
    outcome: Outcome, message: CustomerMessage, kept: dict[str, Any]
) -> None:
    failed = response(outcome)
    assert not failed.is_success
    assert not failed.action_required
    assert failed.kind == TransactionKind.CAPTURE
    assert failed.error == str(message)
    assert failed.psp_reference == failed.transaction_id == "DGS-1"
    assert failed.raw_response == kept


@pytest.mark.parametrize(
    "outcome",
    [
        Paid("DGS-1", DUE),
        PIN,
        Pending("DGS-1"),
        InDoubt(None, "cut"),
        Declined("DGS-1", CustomerMessage.DECLINED),
        AmountMismatch("DGS-1", DUE),
        AmountUnknown("DGS-1"),
        UnknownAction("DGS-1", "requires_dance"),
    ],
    ids=lambda outcome: type(outcome).__name__,
)
def test_history_tells_which_outcome_it_was(outcome: Outcome) -> None:
    answer = response(outcome)
    # Saleor keeps it as JSON.
    json.dumps(answer.raw_response)
    history = history_of(answer)
    assert history.outcome == outcome.code
    assert history.reference == outcome.reference


def test_reason_of_a_doubt_is_kept() -> None:
    answer = response(InDoubt("DGS-1", "HTTP 502"))
    assert answer.raw_response["why"] == "HTTP 502"


def test_another_reason_for_the_same_doubt_is_not_stored() -> None:
    first = response(InDoubt("DGS-1", "HTTP 502"))
    second = response(InDoubt("DGS-1", "no answer"), first)
    assert second.transaction_already_processed


# Waiting


def test_wait_keeps_its_beginning() -> None:
    first = response(InDoubt(None, "cut"))
    second = response(Pending("DGS-1"), first)
    assert first.raw_response["waiting_since"] == second.raw_response["waiting_since"]
    assert history_of(first, second).waiting_since is not None


@pytest.mark.parametrize(
    "outcome", [Pending("DGS-1"), InDoubt("DGS-1", "cut"), AmountUnknown("DGS-1")]
)
def test_wait_ends_in_a_pending_payment_at_the_deadline(outcome: Outcome) -> None:
    now = timezone.now()
    almost = now - OUTCOME_DEADLINE + timedelta(seconds=30)
    assert response(outcome, waiting_since=almost).action_required
    late = response(outcome, waiting_since=now - OUTCOME_DEADLINE)
    assert facts(late) == {
        **facts(response(outcome)),
        "kind": TransactionKind.PENDING,
        "action_required": False,
        "action_required_data": None,
    }
    assert history_of(late).is_waiting


def test_poll_that_learns_nothing_adds_no_transaction() -> None:
    first = response(Pending("DGS-1"))
    assert not first.transaction_already_processed
    second = response(Pending("DGS-1"), first)
    assert second.transaction_already_processed
    assert second.action_required_data == WAIT


def test_poll_that_learns_the_reference_adds_a_transaction() -> None:
    first = response(InDoubt(None, "cut"))
    assert not response(Pending("DGS-1"), first).transaction_already_processed


def test_wait_that_ends_adds_a_transaction() -> None:
    first = response(Pending("DGS-1"))
    assert not response(Paid("DGS-1", DUE), first).transaction_already_processed
    assert not response(PIN, first).transaction_already_processed


# Steps


def test_step_that_is_asked_again_adds_no_transaction() -> None:
    asked = response(PIN)
    again = gateway_response(asked_again(history_of(asked)), payment_of())
    assert again.transaction_already_processed
    assert facts(again) == {**facts(asked), "transaction_already_processed": True}


def test_mistake_is_told_and_told_again_after_a_reload() -> None:
    asked = response(PIN)
    mistaken = ActionRequired(
        "DGS-1", NextAction.PIN, mistake=CustomerMessage.INCORRECT_PIN
    )
    corrected = response(mistaken, asked)
    assert not corrected.transaction_already_processed
    assert corrected.action_required_data["error"] == "incorrect_pin"
    again = asked_again(history_of(asked, corrected))
    assert again.confirmation == corrected.action_required_data


@pytest.mark.parametrize("action", [NextAction.PIN, NextAction.OTP, NextAction.AVS])
def test_step_is_resumed_when_its_answer_never_arrived(action: NextAction) -> None:
    asked = response(ActionRequired("DGS-1", action))
    doubtful = response(
        InDoubt("DGS-1", "cut"),
        asked,
        waiting_since=timezone.now() - AUTHORIZATION_IN_DOUBT_FOR,
    )
    resumed = step_resumed(history_of(asked, doubtful))
    assert resumed is not None
    assert resumed.confirmation == {"type": action, "reference": "DGS-1"}
    assert resumed.record["outcome"] == "ActionRequired"
    assert not resumed.is_stored_already


def test_step_is_not_resumed_while_its_answer_may_still_arrive() -> None:
    asked = response(PIN)
    doubtful = response(InDoubt("DGS-1", "cut"), asked)
    assert step_resumed(history_of(asked, doubtful)) is None


def test_step_stays_resumable_through_polls() -> None:
    asked = response(PIN)
    long_ago = timezone.now() - AUTHORIZATION_IN_DOUBT_FOR
    doubtful = response(InDoubt("DGS-1", "cut"), asked, waiting_since=long_ago)
    polled = response(Pending("DGS-1"), asked, doubtful)
    resumed = step_resumed(history_of(asked, doubtful, polled))
    assert resumed is not None
    assert resumed.confirmation == {"type": "pin", "reference": "DGS-1"}


@pytest.mark.parametrize(
    "asked",
    [
        None,
        ActionRequired("DGS-1", NextAction.REDIRECT, "https://bank"),
        ActionRequired("DGS-1", NextAction.WAIT),
    ],
)
def test_nothing_is_resumed_where_nothing_was_answered(
    asked: ActionRequired | None,
) -> None:
    earlier = [response(asked)] if asked else []
    long_ago = timezone.now() - AUTHORIZATION_IN_DOUBT_FOR
    doubtful = response(InDoubt("DGS-1", "cut"), *earlier, waiting_since=long_ago)
    assert step_resumed(history_of(*earlier, doubtful)) is None


# Without an outcome


def test_capture_that_the_webhook_wrote_is_recognized() -> None:
    captured = response(Paid("DGS-1", DUE))
    history = history_of(response(PIN), captured)
    again = gateway_response(captured_before(history), payment_of())
    assert facts(again) == {**facts(captured), "transaction_already_processed": True}
    assert again.raw_response == captured.raw_response


def test_failure_leaves_no_outcome() -> None:
    failed = gateway_response(failure(CustomerMessage.WRONG_STEP), payment_of())
    assert facts(failed) == {
        "is_success": False,
        "action_required": False,
        "kind": TransactionKind.CAPTURE,
        "amount": Decimal(12000),
        "currency": "RWF",
        "transaction_id": "",
        "psp_reference": None,
        "error": str(CustomerMessage.WRONG_STEP),
        "action_required_data": None,
        "transaction_already_processed": False,
    }
    asked = response(PIN)
    assert history_of(asked, failed).last == history_of(asked).last


def test_failure_of_another_kind() -> None:
    failed = gateway_response(
        failure(CustomerMessage.VOID_NOT_POSSIBLE), payment_of(), TransactionKind.VOID
    )
    assert failed.kind == TransactionKind.VOID
