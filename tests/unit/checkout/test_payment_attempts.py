"""The mark of an attempt, and a payment whose answer is lost or not known."""

from datetime import timedelta
from typing import Any

import pytest
from saleor.payment import ChargeStatus, TransactionKind
from saleor.payment.models import Transaction
from saleor.payment.utils import create_payment_information

from dgspay_plugin.checkout.payments import begin_attempt, continue_payment
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charges import charge_of
from dgspay_plugin.records.settle import note_reference
from tests.unit.browser import card_data, pin_data
from tests.unit.dgspay import (
    ASKS_FOR_PIN,
    NO_ANSWER,
    NOT_CONNECTED,
    PAID,
    PENDING,
    Answer,
    Provider,
)
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop, charge_id_of, code_of, is_capture

WAIT = {"type": "wait"}


@pytest.mark.usefixtures("no_pauses")
def test_mark_is_written_before_the_charge_and_removed_with_the_outcome(
    shop: Shop, provider: Provider
) -> None:
    payment = shop.new_payment()
    marks: list[bool] = []

    def answer() -> dict[str, str]:
        marks.append(charge_of(payment).unfinished_since is not None)
        return ASKS_FOR_PIN

    provider.tells("POST charges", answer)
    shop.press(payment, card_data())
    assert marks == [True]
    assert charge_of(payment).unfinished_since is None


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(
    "answer", [NOT_CONNECTED, {"error_code": "91"}], ids=["cut", "91"]
)
def test_no_mark_stays_where_nothing_was_charged(
    shop: Shop, provider: Provider, answer: Any
) -> None:
    provider.tells("POST charges", answer)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    assert charge_of(payment).unfinished_since is None


def test_press_after_a_killed_worker_waits_instead_of_charging(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    payment = shop.new_payment()
    shop.press_and_be_killed(payment, card_data())
    response = shop.press(payment, card_data())
    assert response.action_required_data["type"] == "wait"
    assert provider.called == ["POST charges"]


def test_press_long_after_a_killed_worker_has_the_same_key(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.tells("POST charges", PAID)
    payment = shop.new_payment()
    shop.press_and_be_killed(payment, card_data())
    monkeypatch.setattr(attempts, "OUTCOME_DEADLINE", timedelta(seconds=-1))
    shop.press(payment, card_data())
    first, second = (call.headers for call in provider.calls)
    assert first["X-Idempotency-Key"] == second["X-Idempotency-Key"]


def test_press_whose_step_a_killed_worker_has_sent_waits(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", ASKS_FOR_PIN)
    provider.tells("GET transactions/DGS-1", ASKS_FOR_PIN)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    begin_attempt(payment.checkout, GATEWAY)
    provider.calls.clear()
    response = shop.press(payment, pin_data())
    assert response.action_required_data["type"] == "wait"
    assert provider.called == []


@pytest.mark.parametrize(
    "others",
    [[card_data()], [card_data(), card_data()], [card_data(), WAIT, WAIT]],
    ids=["a press", "two presses", "a press that waits"],
)
def test_presses_that_come_in_between_leave_the_charge_to_the_first(
    shop: Shop, provider: Provider, others: list[Any]
) -> None:
    """Saleor lets go of the checkout between the mark and the payment."""
    provider.tells("POST charges", PAID)
    payment = shop.new_payment()
    began_at = begin_attempt(payment.checkout, GATEWAY)
    for data in others:
        told = shop.press(payment, data)
        assert told.action_required_data["type"] == "wait"
    assert provider.called == []
    information = create_payment_information(payment, additional_data=card_data())
    first = continue_payment(
        information, shop.configuration, shop.channel.slug, began_at
    )
    assert is_capture(first)
    assert provider.called == ["POST charges"]


def test_press_after_a_decline_has_another_key(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", {"transaction_status": "failed"})
    payment = shop.new_payment()
    for _ in range(2):
        assert code_of(shop.press(payment, card_data())) == "declined"
    first, second = (call.headers for call in provider.calls)
    assert first["X-Idempotency-Key"] != second["X-Idempotency-Key"]


# Lost answers


def test_second_press_while_in_doubt_charges_nothing(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", NO_ANSWER)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    for data in (card_data(), WAIT, {}):
        response = shop.press(payment, data)
        assert response.action_required_data["type"] == "wait"
    assert provider.called == ["POST charges"]
    assert Transaction.objects.count() == 1


def test_lost_charge_is_found_by_the_reference_that_a_webhook_named(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", NO_ANSWER)
    provider.tells("GET transactions/DGS-1", PAID)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    note_reference(charge_id_of(payment), "DGS-1")
    assert is_capture(shop.press(payment, WAIT))
    payment.refresh_from_db()
    assert payment.charge_status == ChargeStatus.FULLY_CHARGED


def test_amount_that_the_answer_does_not_name_is_asked_for(
    shop: Shop, provider: Provider
) -> None:
    success = {"dgs_reference": "DGS-1", "transaction_status": "successful"}
    provider.tells("POST charges", success)
    provider.tells("GET transactions/DGS-1", {**PAID, "amount": 120})
    response = shop.press(shop.new_payment(), card_data())
    assert code_of(response) == "amount_mismatch"


def test_success_whose_amount_nobody_names_is_not_paid(
    shop: Shop, provider: Provider
) -> None:
    success = {"dgs_reference": "DGS-1", "transaction_status": "successful"}
    provider.tells("POST charges", success)
    provider.tells("GET transactions/DGS-1", success)
    response = shop.press(shop.new_payment(), card_data())
    assert response.action_required_data["type"] == "wait"


def test_payment_that_saleor_calls_pending_is_not_charged_anew(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PENDING)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    monkeypatch.setattr(attempts, "OUTCOME_DEADLINE", timedelta(seconds=-1))
    for data in (WAIT, card_data()):
        assert shop.press(payment, data).kind == TransactionKind.PENDING
    assert provider.called.count("POST charges") == 1


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [
        (NO_ANSWER, 0, "no answer: ReadTimeoutError"),
        ("<html>", 502, "HTTP 502 and no JSON"),
        (
            {"error_code": "99", "message": "737 is no CVV of amina@example.com"},
            500,
            "HTTP 500, error 99",
        ),
        (
            {"error_code": "cvv 737", "message": "no"},
            400,
            "HTTP 400, error code that is not known",
        ),
        (
            {"dgs_reference": "DGS-1", "transaction_status": "737"},
            200,
            "an answer with an unknown transaction_status",
        ),
        (
            {**PAID, "amount": "737"} | {"dgs_reference": "a 737"},
            200,
            "an answer with a wrong dgs_reference",
        ),
    ],
    ids=["time-out", "page", "99", "another code", "status", "reference"],
)
def test_why_an_answer_is_not_known_is_logged_and_kept(
    shop: Shop,
    provider: Provider,
    caplog: pytest.LogCaptureFixture,
    answer: Answer,
    status: int,
    why: str,
) -> None:
    provider.tells("POST charges", answer, status=status)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    [stored] = payment.transactions.all()
    assert stored.gateway_response["why"] == why
    [record] = caplog.records
    assert record.getMessage() == f"Payment {payment.pk} is in doubt: {why}"
