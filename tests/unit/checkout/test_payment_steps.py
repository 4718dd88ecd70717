"""The steps of a payment after its charge: PIN, code, address and the bank's page."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from saleor.payment.models import Payment, Transaction
from saleor.payment.utils import create_payment_information

from dgspay_plugin.checkout.payments import continue_payment
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.records.payments import settle_payment
from dgspay_plugin.records.replies import AUTHORIZATION_IN_DOUBT_FOR
from tests.unit.browser import address_data, card_data, pin_data
from tests.unit.dgspay import (
    ASKS_FOR_OTP,
    ASKS_FOR_PIN,
    NO_ANSWER,
    NOT_CONNECTED,
    PAID,
    PENDING,
    Provider,
)
from tests.unit.shop import Shop, code_of, is_capture

OTP = {"type": "otp", "auth_otp": "123456"}
WAIT = {"type": "wait"}


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
