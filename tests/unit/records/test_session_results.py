"""How a reply becomes the result of a session of Saleor's Transactions API."""

from decimal import Decimal
from typing import Any

import pytest
from saleor.payment import TransactionEventType

from dgspay_plugin.payment.mobile_money import Wallet
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.history import Record
from dgspay_plugin.records.replies import Reply, Result, failure, wait_for
from dgspay_plugin.records.session_results import (
    EVENT_TYPE_OF,
    refund_action,
    refused_authorization,
    session_result,
)
from tests.schemas import misfits

CHARGED = Money(Decimal("10.50"), "USD")
RECORD: Record = {"outcome": "Pending", "dgs_reference": "DGS-1"}
WITHOUT_REFERENCE: Record = {"outcome": "InDoubt", "dgs_reference": None}
WALLET: Wallet = {"network": "MTN", "phone_last_digits": "456"}
CARD = {"type": "CARD", "name": "DGS-Pay card"}
PAID = Reply(Result.PAID, RECORD, charged=CHARGED)
MISTAKE = {"error": "declined", "message": CustomerMessage.DECLINED.sentence}


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        pytest.param(
            PAID,
            {
                "result": "CHARGE_SUCCESS",
                "pspReference": "DGS-1",
                "amount": Decimal("10.50"),
                "message": "Paid with DGS-Pay card.",
                "actions": [],
                "data": {"reference": "DGS-1"},
                "paymentMethodDetails": CARD,
            },
            id="paid",
        ),
        pytest.param(
            Reply(Result.ACTION_REQUIRED, RECORD, confirmation=wait_for("DGS-1")),
            {
                "result": "CHARGE_ACTION_REQUIRED",
                "pspReference": "DGS-1",
                "actions": [],
                "data": wait_for("DGS-1"),
            },
            id="a step",
        ),
        pytest.param(
            Reply(Result.PENDING, RECORD),
            {
                "result": "CHARGE_REQUEST",
                "pspReference": "DGS-1",
                "actions": [],
                "data": {"type": "pending", "reference": "DGS-1"},
                "paymentMethodDetails": CARD,
            },
            id="pending",
        ),
        pytest.param(
            # Saleor would make a failure of a request without a reference.
            Reply(Result.PENDING, WITHOUT_REFERENCE),
            {
                "result": "CHARGE_ACTION_REQUIRED",
                "pspReference": None,
                "actions": [],
                "data": wait_for(None),
            },
            id="pending without a reference",
        ),
        pytest.param(
            failure(CustomerMessage.DECLINED),
            {
                "result": "CHARGE_FAILURE",
                "pspReference": None,
                "message": str(CustomerMessage.DECLINED),
                "actions": [],
                "data": MISTAKE,
            },
            id="failed",
        ),
    ],
)
def test_result(reply: Reply, result: dict[str, Any]) -> None:
    assert session_result(reply) == result
    assert misfits("transaction-data", result["data"]) == []


def test_each_result_has_its_event() -> None:
    assert set(EVENT_TYPE_OF) == set(Result)
    # Money is counted by this one alone.
    counted = [r for r, e in EVENT_TYPE_OF.items() if e.endswith("success")]
    assert counted == [Result.PAID]


def test_reference_that_dgs_pay_left_empty_is_none() -> None:
    declined = Reply(
        Result.FAILED,
        {"outcome": "Declined", "dgs_reference": ""},
        message=CustomerMessage.DECLINED,
    )
    assert session_result(declined)["pspReference"] is None


def test_step_that_is_asked_again_says_what_was_wrong() -> None:
    asked = {"type": "pin", "reference": "DGS-1", **MISTAKE}
    reply = Reply(Result.ACTION_REQUIRED, RECORD, confirmation=asked)
    assert session_result(reply)["data"] == asked


@pytest.mark.parametrize(
    ("reply", "actions"),
    [
        (PAID, ["REFUND"]),
        (Reply(Result.PENDING, RECORD), []),
        (Reply(Result.ACTION_REQUIRED, RECORD, confirmation=wait_for("DGS-1")), []),
        (failure(CustomerMessage.DECLINED), []),
    ],
    ids=["paid", "pending", "a step", "failed"],
)
def test_refund_is_offered_of_what_is_charged(reply: Reply, actions: list[str]) -> None:
    assert session_result(reply, offers_refund=True)["actions"] == actions
    assert session_result(reply)["actions"] == []


@pytest.mark.parametrize(("is_offered", "actions"), [(True, ["REFUND"]), (False, [])])
def test_refund_is_the_only_action(is_offered: bool, actions: list[str]) -> None:
    assert refund_action(is_offered=is_offered) == actions


def test_wallet_is_named_by_its_network_and_last_digits() -> None:
    paid = Reply(Result.PAID, {**RECORD, "wallet": WALLET}, charged=CHARGED)
    result = session_result(paid)
    assert result["message"] == "Paid with DGS-Pay MTN."
    assert result["paymentMethodDetails"] == {
        "type": "OTHER",
        "name": "DGS-Pay MTN, number ending in 456",
    }
    # The storefront knows the phone, and needs nothing of it.
    assert result["data"] == {"reference": "DGS-1"}


def test_authorization_is_refused_as_one() -> None:
    refused = refused_authorization()
    assert refused["result"] == TransactionEventType.AUTHORIZATION_FAILURE.upper()
    assert refused["data"]["error"] == "authorization_not_possible"
    assert refused["message"] == str(CustomerMessage.AUTHORIZATION_NOT_POSSIBLE)
    assert refused["pspReference"] is None
