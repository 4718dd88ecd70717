from decimal import Decimal
from typing import Any

import pytest
from saleor.payment import TransactionKind
from saleor.payment.interface import TransactionData

from dgspay_plugin.payment.outcome import NextAction
from dgspay_plugin.records.history import History, SpoiledRecord, read_record


def transaction(
    kind: str = TransactionKind.ACTION_TO_CONFIRM,
    token: str = "DGS-1",
    is_success: bool = True,
    **record: object,
) -> TransactionData:
    return TransactionData(
        token=token,
        is_success=is_success,
        kind=kind,
        gateway_response=record,
        amount={"amount": str(Decimal(12000)), "currency": "RWF"},
    )


def test_new_payment_has_none() -> None:
    history = History.of([])
    assert history.captures == ()
    assert history.last == {}
    assert history.outcome is None
    assert history.reference is None
    assert history.waiting_since is None
    assert history.asked_for is None
    assert not history.is_waiting
    assert not history.is_undecided
    assert not history.knows("DGS-1")


def test_latest_outcome_counts() -> None:
    history = History.of(
        [
            transaction(outcome="ActionRequired", confirmation={"type": "pin"}),
            transaction(outcome="ActionRequired", confirmation={"type": "otp"}),
        ]
    )
    assert history.asked_for is NextAction.OTP


def test_what_was_refused_without_an_outcome_is_passed_over() -> None:
    history = History.of(
        [
            transaction(outcome="ActionRequired", confirmation={"type": "pin"}),
            transaction(TransactionKind.CAPTURE, token="", is_success=False),
        ]
    )
    assert history.asked_for is NextAction.PIN


def test_transactions_of_others_are_passed_over() -> None:
    foreign = transaction(outcome="Pending")
    foreign.gateway_response = None
    assert History.of([foreign]).last == {}


def test_captures_are_only_those_that_succeeded() -> None:
    captured = transaction(TransactionKind.CAPTURE, outcome="Paid")
    failed = transaction(TransactionKind.CAPTURE, is_success=False, outcome="Declined")
    assert History.of([failed, captured]).captures == History.of([captured]).entries


@pytest.mark.parametrize(
    ("outcome", "is_waiting", "is_undecided"),
    [
        ("Pending", True, True),
        ("InDoubt", True, True),
        ("AmountUnknown", True, True),
        ("ActionRequired", True, False),
        ("UnknownAction", True, False),
        ("Paid", False, False),
        ("Declined", False, False),
        ("AmountMismatch", False, False),
    ],
)
def test_which_outcomes_are_still_open(
    outcome: str, is_waiting: bool, is_undecided: bool
) -> None:
    history = History.of([transaction(outcome=outcome)])
    assert history.is_waiting is is_waiting
    assert history.is_undecided is is_undecided


def test_references_of_all_charges_are_known() -> None:
    history = History.of(
        [transaction(token="DGS-1"), transaction(token="DGS-2", outcome="Pending")]
    )
    assert history.knows("DGS-1")
    assert history.knows("DGS-2")
    assert not history.knows("DGS-3")


@pytest.mark.parametrize(
    "stored",
    [
        ["no object"],
        {"outcome": 7},
        {"outcome": "Pending", "dgs_reference": 7},
        {"outcome": "ActionRequired", "confirmation": "pin"},
        {"outcome": "ActionRequired", "confirmation": {"type": "dance"}},
        {"outcome": "Declined", "reason": "NO_SUCH_REASON"},
        {"outcome": "Pending", "waiting_since": "yesterday"},
        {"outcome": "Pending", "waiting_since": "2026-02-30T12:00:00+00:00"},
        {"outcome": "Pending", "waiting_since": "2026-02-28T12:00:00"},
        {"outcome": "Pending", "wallet": "MTN"},
        {"outcome": "Pending", "wallet": {"network": "MTN"}},
        {"outcome": "Pending", "wallet": {"network": "MTN", "phone_last_digits": 456}},
    ],
)
def test_what_somebody_else_wrote_cannot_be_read(stored: Any) -> None:
    with pytest.raises(SpoiledRecord):
        read_record(stored)
