"""How a reply becomes what Saleor's Payments API stores. test_replies has the table."""

from decimal import Decimal

import pytest
from saleor.payment import TransactionKind

from dgspay_plugin.payment.mobile_money import Wallet
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.gateway_responses import KIND_OF, gateway_response
from dgspay_plugin.records.history import Record
from dgspay_plugin.records.replies import Reply, Result, failure, wait_for
from tests.unit.payment_data import payment_of

RECORD: Record = {"outcome": "Pending", "dgs_reference": "DGS-1"}
WALLET: Wallet = {"network": "MTN", "phone_last_digits": "456"}
RECORD_OF_WALLET: Record = {**RECORD, "wallet": WALLET}


def test_each_result_has_its_kind() -> None:
    """Saleor makes an order with a payment that is captured or pending."""
    assert KIND_OF == {
        Result.PAID: TransactionKind.CAPTURE,
        Result.ACTION_REQUIRED: TransactionKind.ACTION_TO_CONFIRM,
        Result.PENDING: TransactionKind.PENDING,
        Result.FAILED: TransactionKind.CAPTURE,
    }
    assert set(KIND_OF) == set(Result)


@pytest.mark.parametrize("result", Result)
def test_only_a_failure_is_no_success_and_only_a_step_needs_an_action(
    result: Result,
) -> None:
    response = gateway_response(Reply(result, RECORD), payment_of())
    assert response.is_success is (result is not Result.FAILED)
    assert response.action_required is (result is Result.ACTION_REQUIRED)


def test_amount_is_what_was_charged_and_else_what_is_asked_for() -> None:
    """A payment's total may have changed since a webhook wrote its capture."""
    asked = payment_of(amount=Decimal("10.500"), currency="USD")
    charged = Money(Decimal("9.90"), "EUR")
    paid = gateway_response(Reply(Result.PAID, RECORD, charged=charged), asked)
    assert (paid.amount, paid.currency) == (Decimal("9.90"), "EUR")
    waits = gateway_response(Reply(Result.PENDING, RECORD), asked)
    assert (waits.amount, waits.currency) == (Decimal("10.500"), "USD")


def test_answer_without_a_reference_fits_saleors_columns() -> None:
    """A transaction's token may be empty, not null; a payment's reference is null."""
    response = gateway_response(failure(CustomerMessage.WRONG_STEP), payment_of())
    assert response.transaction_id == ""
    assert response.psp_reference is None


def test_customer_reads_the_sentence_and_its_code() -> None:
    response = gateway_response(failure(CustomerMessage.DECLINED), payment_of())
    assert response.error == str(CustomerMessage.DECLINED)
    assert response.error.endswith("(declined)")
    assert gateway_response(Reply(Result.PAID, RECORD), payment_of()).error is None


def test_what_saleor_does_with_the_response_leaves_the_reply_as_it_was() -> None:
    reply = Reply(
        Result.ACTION_REQUIRED, {**RECORD}, confirmation={**wait_for("DGS-1")}
    )
    response = gateway_response(reply, payment_of())
    response.raw_response["another"] = response.action_required_data["another"] = 1
    assert reply.record == RECORD
    assert reply.confirmation == wait_for("DGS-1")


@pytest.mark.parametrize(
    ("result", "is_named"),
    [
        (Result.PAID, True),
        (Result.PENDING, True),
        (Result.ACTION_REQUIRED, False),
        (Result.FAILED, False),
    ],
)
def test_payment_method_is_named_once_the_customer_has_paid_with_it(
    result: Result, is_named: bool
) -> None:
    for record in (RECORD, RECORD_OF_WALLET):
        reply = Reply(result, record)
        named = gateway_response(reply, payment_of()).payment_method_info
        assert (named is not None) is is_named


def test_of_a_card_saleor_learns_no_digits() -> None:
    named = gateway_response(Reply(Result.PAID, RECORD), payment_of())
    method = named.payment_method_info
    assert (method.type, method.name) == ("card", "DGS-Pay card")
    assert method.last_4 is method.brand is method.exp_month is method.exp_year is None
