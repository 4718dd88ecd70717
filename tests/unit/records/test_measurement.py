"""Which labels an outcome and a refusal are counted with."""

from decimal import Decimal
from typing import Literal

import pytest

from dgspay_plugin.payment.mobile_money import Wallet
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import ActionRequired, Declined, NextAction, Paid
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.history import History
from dgspay_plugin.records.measurement import count_outcome, count_refusal
from dgspay_plugin.records.replies import Reply, Result, reply_for
from tests.unit.telemetry import Meter

DUE = Money(Decimal(12000), "RWF")
WALLET: Wallet = {"network": "MTN", "phone_last_digits": "456"}
PAYMENT = ChargeId("payment", 7)
TRANSACTION = ChargeId("transaction", 7)


@pytest.mark.parametrize(
    ("charge_id", "reply", "found", "labels"),
    [
        (
            PAYMENT,
            reply_for(Paid("DGS-1", DUE), DUE, History(), None),
            "press",
            "api=payments found=press outcome=Paid payment_type=card",
        ),
        (
            TRANSACTION,
            reply_for(Paid("DGS-1", DUE), DUE, History(), WALLET),
            "later",
            "api=transactions found=later outcome=Paid payment_type=mobile_money",
        ),
        (
            PAYMENT,
            reply_for(
                Declined("DGS-1", CustomerMessage.INSUFFICIENT_FUNDS),
                DUE,
                History(),
                None,
            ),
            "press",
            "api=payments found=press outcome=Declined payment_type=card "
            "reason=insufficient_funds",
        ),
        (
            # A mistake of the customer's is no reason of a failure.
            PAYMENT,
            reply_for(
                ActionRequired(
                    "DGS-1", NextAction.PIN, mistake=CustomerMessage.INCORRECT_PIN
                ),
                DUE,
                History(),
                None,
            ),
            "press",
            "api=payments found=press outcome=ActionRequired payment_type=card",
        ),
    ],
    ids=["paid", "by another API, of a wallet, later", "declined", "a wrong PIN"],
)
def test_outcome(
    meter: Meter, charge_id: ChargeId, reply: Reply, found: str, labels: str
) -> None:
    count_outcome(charge_id, reply, found=found)
    assert meter.counted("dgspay.outcomes") == {labels: 1}


def test_outcome_that_is_stored_already_was_counted_then(meter: Meter) -> None:
    stored = Reply(
        Result.FAILED,
        {"outcome": "Declined", "dgs_reference": "DGS-1"},
        message=CustomerMessage.DECLINED,
        is_stored_already=True,
    )
    count_outcome(PAYMENT, stored, found="later")
    assert meter.counted("dgspay.outcomes") == {}


@pytest.mark.parametrize(
    ("kind", "api"), [("payment", "payments"), ("transaction", "transactions")]
)
def test_refusal_has_its_reason_and_is_no_outcome(
    meter: Meter, kind: Literal["payment", "transaction"], api: str
) -> None:
    for _ in range(2):
        count_refusal(ChargeId(kind, 7), CustomerMessage.RAW_CARD_DATA)
    assert meter.counted("dgspay.refusals") == {f"api={api} reason=raw_card_data": 2}
    assert meter.counted("dgspay.outcomes") == {}
