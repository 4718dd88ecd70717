"""A payment's way through checkoutComplete, and what is sent to DGS-Pay on it."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import graphene
import pytest
from django.utils import timezone
from saleor.app.models import AppProblem
from saleor.payment import ChargeStatus, TransactionKind
from saleor.payment.models import Payment, Transaction
from saleor.payment.utils import create_payment_information

from dgspay_plugin.callback_urls import callback_url
from dgspay_plugin.checkout.payments import begin_attempt, continue_payment
from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.reconciliation import reconcile_all
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charges import charge_of
from dgspay_plugin.records.payments import settle_payment
from dgspay_plugin.records.replies import AUTHORIZATION_IN_DOUBT_FOR
from dgspay_plugin.records.settle import note_reference
from tests.unit.browser import address_data, card_data, pin_data
from tests.unit.dgspay import (
    ASKS_FOR_OTP,
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

OTP = {"type": "otp", "auth_otp": "123456"}
WAIT = {"type": "wait"}


def test_charge_says_who_pays_what_and_where_to_come_back(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    payment = shop.new_payment()
    card = card_data()
    assert shop.press(payment, card).is_success
    request = provider.calls[0]
    checkout_id = graphene.Node.to_global_id("Checkout", payment.checkout_id)
    payment_id = graphene.Node.to_global_id("Payment", payment.pk)
    del card["type"]
    assert request.fields == {
        "amount": 12000,
        "currency": "RWF",
        "payment_type": "card",
        "customer_email": "amina@example.com",
        "customer_first_name": "Amina",
        "customer_last_name": "Uwase",
        "customer_phone": "788123456",
        "customer_phone_country_code": "250",
        "redirect_url": "https://shop.example/back?lang=rw"
        f"&checkout={checkout_id.replace('=', '%3D')}"
        f"&payment={payment_id.replace('=', '%3D')}",
        "callback_url": callback_url(GATEWAY, shop.channel.slug, charge_id_of(payment)),
        "narration": f"Order {payment.checkout_id}",
        **card,
    }
    assert request.headers["X-Idempotency-Key"]


def test_customer_without_a_page_comes_back_to_the_shops(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    shop.press(shop.new_payment(return_url=None), card_data())
    body = provider.calls[0].fields
    assert body["redirect_url"].startswith("https://shop.example/checkout?checkout=")


@pytest.mark.parametrize(
    ("answer", "status", "kind", "result"),
    [
        pytest.param(PAID, 200, TransactionKind.CAPTURE, None, id="paid"),
        pytest.param(
            ASKS_FOR_PIN, 200, TransactionKind.ACTION_TO_CONFIRM, "pin", id="PIN"
        ),
        pytest.param(
            PENDING, 200, TransactionKind.ACTION_TO_CONFIRM, "wait", id="pending"
        ),
        pytest.param(
            {**PAID, "amount": 120},
            200,
            TransactionKind.CAPTURE,
            "amount_mismatch",
            id="another amount",
        ),
        pytest.param(
            {**PAID, "currency": "USD"},
            200,
            TransactionKind.CAPTURE,
            "amount_mismatch",
            id="another currency",
        ),
        pytest.param(
            {
                "transaction_status": "failed",
                "processor_response": "insufficient_funds",
            },
            200,
            TransactionKind.CAPTURE,
            "insufficient_funds",
            id="declined",
        ),
        pytest.param(
            {**PENDING, "next_action_type": "requires_dance"},
            200,
            TransactionKind.CAPTURE,
            "unknown_next_action",
            id="unknown step",
        ),
        *(
            pytest.param(
                {"error_code": error_code},
                400,
                TransactionKind.CAPTURE,
                "provider_refused",
                id=error_code,
            )
            for error_code in ("90", "91", "92")
        ),
        *(
            pytest.param(
                {"error_code": error_code},
                500,
                TransactionKind.ACTION_TO_CONFIRM,
                "wait",
                id=error_code,
            )
            for error_code in ("93", "99")
        ),
        pytest.param(
            NO_ANSWER,
            0,
            TransactionKind.ACTION_TO_CONFIRM,
            "wait",
            id="read timeout",
        ),
        pytest.param(
            NOT_CONNECTED,
            0,
            TransactionKind.CAPTURE,
            "provider_unavailable",
            id="connect timeout",
        ),
    ],
)
@pytest.mark.usefixtures("no_pauses")
def test_outcome_table(
    shop: Shop,
    provider: Provider,
    answer: Any,
    status: int,
    kind: str,
    result: str | None,
) -> None:
    provider.tells("POST charges", answer, status)
    response = shop.press(shop.new_payment(), card_data())
    assert response.kind == kind
    asked_for = response.action_required_data
    assert (asked_for["type"] if asked_for else code_of(response)) == result


@pytest.mark.parametrize(
    ("error_code", "keys"), [("91", ["credentials_refused:ACC-0001234"]), ("90", [])]
)
def test_refused_credentials_are_told_until_dgs_pay_accepts_them(
    shop: Shop, provider: Provider, error_code: str, keys: list[str]
) -> None:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    provider.tells("POST charges", {"error_code": error_code}, 400)
    shop.press(shop.new_payment(), card_data())
    assert [problem.key for problem in AppProblem.objects.all()] == keys
    provider.tells("GET transactions[?]*", {"error_code": "91"}, 400)
    reconcile_all(GATEWAY, timezone.now() - timedelta(days=3))
    assert AppProblem.objects.get().key == "credentials_refused:ACC-0001234"
    provider.tells("GET transactions[?]*", {"data": [], "pagination": {"pages": 1}})
    reconcile_all(GATEWAY, timezone.now() - timedelta(days=3))
    assert not AppProblem.objects.exists()


# The mark of an attempt


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


# Guards


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (WAIT, "wrong_step"),
        (pin_data(), "wrong_step"),
        ({}, "wrong_step"),
        (card_data(cvv="123"), "raw_card_data"),
        (card_data(card_nonce="short"), "invalid_card_data"),
    ],
)
def test_what_is_no_card_charges_nothing(
    shop: Shop, provider: Provider, data: Any, code: str
) -> None:
    payment = shop.new_payment()
    assert code_of(shop.press(payment, data)) == code
    assert provider.called == []
    assert charge_of(payment).unfinished_since is None


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"currency": "EUR"}, "currency_not_supported"),
        ({"total": "11999.500"}, "amount_not_chargeable"),
    ],
)
def test_amount_that_cannot_be_charged(
    shop: Shop, provider: Provider, facts: dict[str, str], code: str
) -> None:
    assert code_of(shop.press(shop.new_payment(**facts), card_data())) == code
    assert provider.called == []


def test_nonce_serves_one_charge(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", {"transaction_status": "failed"})
    card = card_data()
    assert code_of(shop.press(shop.new_payment(), card)) == "declined"
    assert code_of(shop.press(shop.new_payment(), card)) == "reused_nonce"
    assert provider.called == ["POST charges"]


def test_customer_without_a_phone(shop: Shop, provider: Provider) -> None:
    payment = shop.new_payment()
    payment.checkout.billing_address.phone = ""
    payment.checkout.billing_address.save()
    assert code_of(shop.press(payment, card_data())) == "phone_needed"
    assert provider.called == []


# Steps


@pytest.fixture
def payment(shop: Shop, provider: Provider) -> Payment:
    """A payment that asks for the card's PIN."""
    provider.tells("POST charges", ASKS_FOR_PIN)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    provider.calls.clear()
    return payment


def test_pin_then_otp(shop: Shop, provider: Provider, payment: Payment) -> None:
    provider.tells("POST authorize", ASKS_FOR_OTP)
    assert shop.press(payment, pin_data()).action_required_data["type"] == "otp"
    provider.tells("POST authorize", PAID)
    assert is_capture(shop.press(payment, OTP))
    bodies = [call.fields for call in provider.calls]
    assert [body["auth_type"] for body in bodies] == ["pin", "otp"]
    assert {body["dgs_reference"] for body in bodies} == {"DGS-1"}


def test_wrong_pin_is_asked_for_again(
    shop: Shop, provider: Provider, payment: Payment
) -> None:
    wrong = {**ASKS_FOR_PIN, "processor_response": "incorrect_pin"}
    provider.tells("POST authorize", wrong)
    asked = shop.press(payment, pin_data()).action_required_data
    assert asked["type"] == "pin"
    assert asked["error"] == "incorrect_pin"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (OTP, "wrong_step"),
        (address_data(), "wrong_step"),
        ({"type": "redirect"}, "wrong_step"),
        (card_data(), "wrong_step"),
        (pin_data(reference="DGS-2"), "wrong_reference"),
        ({"type": "wait", "reference": "DGS-2"}, "wrong_reference"),
        (pin_data(reference=7), "wrong_reference"),
        ({"auth_pin": "1234"}, "raw_card_data"),
    ],
)
def test_wrong_step_sends_nothing_and_changes_nothing(
    shop: Shop, provider: Provider, payment: Payment, data: Any, code: str
) -> None:
    assert code_of(shop.press(payment, data)) == code
    assert provider.called == []
    provider.tells("POST authorize", PAID)
    assert shop.press(payment, pin_data(reference="DGS-1")).is_success


def test_reloaded_page_is_asked_again(
    shop: Shop, provider: Provider, payment: Payment
) -> None:
    provider.tells("GET transactions/DGS-1", ASKS_FOR_PIN)
    for _ in range(2):
        assert shop.press(payment, WAIT).action_required_data["type"] == "pin"
    provider.tells("GET transactions/DGS-1", PENDING)
    assert shop.press(payment, WAIT).action_required_data["type"] == "pin"
    assert Transaction.objects.count() == 1


@pytest.mark.usefixtures("no_pauses")
def test_step_that_was_not_sent_can_be_sent_again(
    shop: Shop, provider: Provider, payment: Payment
) -> None:
    provider.tells("POST authorize", NOT_CONNECTED)
    assert code_of(shop.press(payment, pin_data())) == "provider_unavailable"
    provider.tells("POST authorize", PAID)
    assert is_capture(shop.press(payment, pin_data()))


def test_step_that_the_provider_had_taken_already(
    shop: Shop, provider: Provider, payment: Payment
) -> None:
    """Its answer was lost, and the customer typed the PIN again."""
    provider.tells("POST authorize", {"error_code": "90"}, status=400)
    provider.tells("GET transactions/DGS-1", PAID)
    assert is_capture(shop.press(payment, pin_data()))


def test_step_that_the_provider_refuses(
    shop: Shop, provider: Provider, payment: Payment
) -> None:
    provider.tells("POST authorize", {"error_code": "90"}, status=400)
    provider.tells("GET transactions/DGS-1", PENDING)
    assert code_of(shop.press(payment, pin_data())) == "provider_refused"


def test_step_whose_answer_was_lost_is_waited_for_then_asked_again(
    shop: Shop,
    provider: Provider,
    payment: Payment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider.tells("POST authorize", NO_ANSWER)
    provider.tells("GET transactions/DGS-1", PENDING)
    assert shop.press(payment, pin_data()).action_required_data["type"] == "wait"
    assert shop.press(payment, WAIT).action_required_data["type"] == "wait"
    later = timezone.now() + AUTHORIZATION_IN_DOUBT_FOR
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert shop.press(payment, WAIT).action_required_data["type"] == "pin"
    provider.tells("POST authorize", PAID)
    assert is_capture(shop.press(payment, pin_data()))


def test_way_back_from_the_bank_proves_nothing(shop: Shop, provider: Provider) -> None:
    redirect = {
        **PENDING,
        "next_action_type": "redirect_url",
        "redirect_url": "https://bank.example/3ds",
    }
    provider.tells("POST charges", redirect)
    payment = shop.new_payment()
    asked = shop.press(payment, card_data()).action_required_data
    assert asked["redirect_url"] == "https://bank.example/3ds"
    provider.tells("GET transactions/DGS-1", PENDING)
    back = shop.press(payment, {"type": "redirect"})
    assert back.action_required_data["type"] == "wait"
    provider.tells("GET transactions/DGS-1", PAID)
    assert is_capture(shop.press(payment, WAIT))


def test_answer_about_another_payment_pays_nothing(
    shop: Shop, provider: Provider, payment: Payment
) -> None:
    provider.tells("POST authorize", {**PAID, "dgs_reference": "DGS-2"})
    provider.tells("GET transactions/DGS-1", {**PAID, "dgs_reference": "DGS-2"})
    assert shop.press(payment, pin_data()).action_required_data["type"] == "wait"
    assert shop.press(payment, WAIT).action_required_data["type"] == "wait"


# The end


def test_declined_payment_stays_declined(
    shop: Shop, provider: Provider, payment: Payment
) -> None:
    declined = {
        "dgs_reference": "DGS-1",
        "transaction_status": "failed",
        "processor_response": "incorrect_pin",
    }
    provider.tells("POST authorize", declined)
    for _ in range(2):
        assert code_of(shop.press(payment, pin_data())) == "incorrect_pin"
    assert provider.called == ["POST authorize"]


def test_mismatch_is_not_charged_again(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", {**PAID, "amount": 120})
    payment = shop.new_payment()
    for _ in range(2):
        assert code_of(shop.press(payment, card_data())) == "amount_mismatch"
    assert provider.called == ["POST charges"]


def test_capture_is_written_once(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", PAID)
    payment = shop.new_payment()
    for _ in range(2):
        assert is_capture(shop.press(payment, card_data()))
    assert provider.called == ["POST charges"]
    assert Transaction.objects.count() == 1


def test_capture_that_a_webhook_wrote_before_the_pin_came(
    shop: Shop, provider: Provider, payment: Payment
) -> None:
    """Saleor may have read the payment before, and its transactions after."""
    paid = ProviderTransaction(
        "DGS-1", TransactionStatus.SUCCESSFUL, amount=Decimal(12000), currency="RWF"
    )
    checkout = payment.checkout
    settle_payment(payment.pk, paid)
    payment.checkout = checkout
    information = create_payment_information(payment, additional_data=pin_data())
    response = continue_payment(
        information, shop.configuration, shop.channel.slug, None
    )
    assert is_capture(response)
    assert response.transaction_already_processed
    assert provider.called == []


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


def test_no_card_data_is_stored(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", ASKS_FOR_PIN)
    provider.tells("POST authorize", ASKS_FOR_OTP)
    payment = shop.new_payment()
    steps: list[dict[str, Any]] = [
        card_data(),
        pin_data(),
        {"type": "otp", "auth_otp": "84Q207ZK"},
    ]
    for step in steps:
        shop.press(payment, step)
    rows = json.dumps(
        [*Payment.objects.values(), *Transaction.objects.values()], default=str
    )
    sent = [value for step in steps for name, value in step.items() if name != "type"]
    assert [value for value in sent if value in rows] == []


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
