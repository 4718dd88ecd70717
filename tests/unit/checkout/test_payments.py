"""A payment's charge by checkoutComplete, and what is sent to DGS-Pay for it."""

import json
from datetime import timedelta
from typing import Any

import graphene
import pytest
from django.utils import timezone
from saleor.app.models import AppProblem
from saleor.payment import TransactionKind
from saleor.payment.models import Payment, Transaction

from dgspay_plugin.callback_urls import callback_url
from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.reconciliation import reconcile_all
from dgspay_plugin.records.charges import charge_of
from tests.unit.browser import card_data, pin_data
from tests.unit.dgspay import (
    ASKS_FOR_OTP,
    ASKS_FOR_PIN,
    NO_ANSWER,
    NOT_CONNECTED,
    PAID,
    PENDING,
    Provider,
)
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop, charge_id_of, code_of, is_capture

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


# The end


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
