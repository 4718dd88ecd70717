"""A transaction's charge by transactionInitialize."""

from typing import Any

import graphene
import pytest
from saleor.channel import TransactionFlowStrategy
from saleor.payment import TransactionEventType
from saleor.payment.models import TransactionItem

from dgspay_plugin.records import attempts
from dgspay_plugin.records.history import History
from tests.unit.browser import card_data, mobile_money_data
from tests.unit.dgspay import (
    ASKS_FOR_PIN,
    NO_ANSWER,
    NOT_CONNECTED,
    PAID,
    PENDING,
    Provider,
)
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop
from tests.unit.storefront import ASKED, FAILURE, SUCCESS, Storefront, charge_id, events


def test_charge_says_who_pays_what_and_where_to_come_back(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    checkout = shop.new_checkout()
    page = "https://shop.example/pay?lang=rw"
    card = card_data()
    item, event = storefront.press(checkout, {**card, "return_url": page})

    assert event == SUCCESS
    request = provider.calls[0]
    body = request.fields
    assert request.headers["X-Idempotency-Key"] == str(item.token)
    del card["type"]
    assert card.items() <= body.items()
    assert (body["amount"], body["currency"]) == (12000, "RWF")
    assert body["customer_email"] == "amina@example.com"
    assert body["narration"] == f"Order {checkout.pk}"
    assert f"/{GATEWAY}/webhook/transaction-{item.pk}:" in body["callback_url"]
    checkout_id = graphene.Node.to_global_id("Checkout", checkout.pk)
    transaction_id = graphene.Node.to_global_id("TransactionItem", item.token)
    assert body["redirect_url"] == (
        f"{page}&checkout={checkout_id.replace('=', '%3D')}"
        f"&transaction={transaction_id.replace('=', '%3D')}"
    )


def test_customer_without_a_page_comes_back_to_the_shops(
    storefront: Storefront, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    storefront.press()
    body = provider.calls[0].fields
    assert body["redirect_url"].startswith("https://shop.example/checkout?checkout=")


def test_page_that_the_store_does_not_allow(
    storefront: Storefront, provider: Provider
) -> None:
    page = "https://elsewhere.example/"
    _, event = storefront.press(data={**card_data(), "return_url": page})
    assert event == FAILURE
    assert storefront.data["error"] == "return_url_not_allowed"
    assert provider.called == []


@pytest.mark.parametrize(
    ("answer", "event", "data"),
    [
        pytest.param(PAID, SUCCESS, {"reference": "DGS-1"}, id="paid"),
        pytest.param(
            ASKS_FOR_PIN, ASKED, {"type": "pin", "reference": "DGS-1"}, id="PIN"
        ),
        pytest.param(
            PENDING,
            ASKED,
            {"type": "wait", "reference": "DGS-1", "poll_after_ms": 3000},
            id="pending",
        ),
        pytest.param(
            NO_ANSWER,
            ASKED,
            {"type": "wait", "reference": None, "poll_after_ms": 3000},
            id="in doubt",
        ),
    ],
)
def test_storefront_gets(
    storefront: Storefront, provider: Provider, answer: Any, event: str, data: Any
) -> None:
    provider.tells("POST charges", answer)
    item, got = storefront.press()
    assert got == event
    assert storefront.data == data
    assert item.psp_reference == data["reference"]
    assert item.charged_value == (12000 if event == SUCCESS else 0)


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        pytest.param({**PAID, "amount": 120}, 200, "amount_mismatch", id="amount"),
        pytest.param(
            {**PENDING, "next_action_type": "requires_dance"},
            200,
            "unknown_next_action",
            id="unknown step",
        ),
        pytest.param(
            {"transaction_status": "failed", "processor_response": "expired_card"},
            200,
            "expired_card",
            id="declined",
        ),
        pytest.param({"error_code": "90"}, 400, "provider_refused", id="refused"),
        pytest.param(NOT_CONNECTED, 200, "provider_unavailable", id="not sent"),
    ],
)
@pytest.mark.usefixtures("no_pauses")
def test_charge_fails(
    storefront: Storefront, provider: Provider, answer: Any, status: int, code: str
) -> None:
    provider.tells("POST charges", answer, status)
    item, event = storefront.press()
    assert event == FAILURE
    assert storefront.data["error"] == code
    assert storefront.message and storefront.message.endswith(f"({code})")
    assert item.charged_value == 0


def test_authorization_is_not_possible(
    storefront: Storefront, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    _, event = storefront.press(action=TransactionFlowStrategy.AUTHORIZATION)
    assert event == TransactionEventType.AUTHORIZATION_FAILURE
    assert storefront.data["error"] == "authorization_not_possible"
    assert provider.called == []
    assert "transaction flow strategy to CHARGE" in caplog.text


# The same press again


def test_repeated_press_is_charged_once(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    checkout = shop.new_checkout()
    first, _ = storefront.press(checkout)
    second, event = storefront.press(checkout)
    assert (second, event) == (first, SUCCESS)
    assert provider.called == ["POST charges"]
    second.refresh_from_db()
    assert second.charged_value == 12000
    assert events(second) == [SUCCESS]


def test_repeated_press_learns_the_step(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", ASKS_FOR_PIN)
    provider.tells("GET transactions/DGS-1", ASKS_FOR_PIN)
    checkout = shop.new_checkout()
    for _ in range(2):
        _, event = storefront.press(checkout)
        assert event == ASKED
        assert storefront.data == {"type": "pin", "reference": "DGS-1"}
    assert provider.called.count("POST charges") == 1


@pytest.mark.parametrize(
    ("data", "answer", "status", "code"),
    [
        (card_data(), {"transaction_status": "failed"}, 200, "declined"),
        (card_data(), {"error_code": "91"}, 400, "provider_refused"),
        (mobile_money_data(), {"error_code": "90"}, 400, "mobile_money_refused"),
    ],
)
def test_repeated_press_after_a_failure_gets_the_same_failure(
    storefront: Storefront,
    shop: Shop,
    provider: Provider,
    data: Any,
    answer: Any,
    status: int,
    code: str,
) -> None:
    """DGS-Pay has seen the idempotency key, and would not take it again."""
    provider.tells("POST charges", answer, status)
    checkout = shop.new_checkout()
    for _ in range(2):
        _, event = storefront.press(checkout, data)
        assert event == FAILURE
        assert storefront.data["error"] == code
    assert provider.called.count("POST charges") == 1


@pytest.mark.usefixtures("no_pauses")
def test_repeated_press_is_sent_if_nothing_was_sent_before(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", NOT_CONNECTED)
    checkout = shop.new_checkout()
    storefront.press(checkout)
    provider.tells("POST charges", PAID)
    _, event = storefront.press(checkout)
    assert event == SUCCESS


def test_press_repeated_after_a_killed_worker_waits(
    storefront: Storefront, shop: Shop, provider: Provider
) -> None:
    checkout = shop.new_checkout()
    item = TransactionItem.objects.create(
        checkout=checkout, currency="RWF", idempotency_key="key-1"
    )
    attempts.begin(item.private_metadata, History(), charge_id(item))
    item.save()
    again, event = storefront.press(checkout)
    assert (again, event) == (item, ASKED)
    assert storefront.data["type"] == "wait"
    assert provider.called == []
