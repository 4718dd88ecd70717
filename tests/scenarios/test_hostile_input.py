"""What nobody sends who means well: addresses that are none, and JSON without end."""

import hashlib
import hmac
import json
from typing import Any

import pytest
import requests

from dgspay_plugin.sandbox.credentials import WEBHOOK_SECRET
from tests.scenarios import cards
from tests.scenarios.apis import whatever_the_api
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import (
    assert_captured_once,
    assert_not_captured,
    assert_paid_once,
)
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

# Each is of a host that Saleor allows.
NO_ADDRESSES = [
    "javascript://127.0.0.1/%0aalert(1)",
    "ftp://127.0.0.1/",
]


@pytest.mark.parametrize("page", NO_ADDRESSES)
def test_page_to_come_back_to_that_is_no_web_address(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, page: str
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout, return_url=page)
    before = sandbox.payment_requests()

    refused = store.complete(checkout, cardholder.card(cards.BANK_PAGE))

    assert refused.code == "return_url_not_allowed"
    assert sandbox.payment_requests() == before
    assert_not_captured(store.payment(payment))


@pytest.mark.parametrize("page", ["javascript:alert(1)", "/3ds", "https://a b/"])
def test_bank_s_page_that_is_no_web_address(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, page: str
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    answer = {
        "dgs_reference": "DGS-NO-WEB-ADDRESS",
        "transaction_status": "pending",
        "next_action_type": "redirect_url",
        "redirect_url": page,
    }
    sandbox.order_fault("charge", body=json.dumps(answer))

    refused = store.complete(checkout, cardholder.card(cards.BANK_PAGE))

    assert refused.code == "unknown_next_action"
    record = store.payment(payment)
    assert "DGS-NO-WEB-ADDRESS" in str(record)
    assert_not_captured(record)


@pytest.mark.parametrize("depth", [100, 800, 850, 900, 930])
@pytest.mark.parametrize("field", ["card_encrypted_cvv", "unknown", "return_url"])
def test_json_that_is_nested_deeply(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, field: str, depth: int
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    before = sandbox.payment_requests()
    card = cardholder.card(cards.APPROVED)

    refused = store.complete(checkout, {**card, field: nested(depth)})

    assert refused.code in ("invalid_card_data", "return_url_not_allowed")
    assert sandbox.payment_requests() == before
    assert_not_captured(store.payment(payment))
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def nested(depth: int) -> Any:
    value: Any = "end"
    for _ in range(depth):
        value = {"a": value}
    return value


def test_webhook_without_its_last_slash(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    charge = sandbox.charge(checkout.email)
    reference = charge["dgs_reference"]
    portal_url = store.configuration("RWF")["webhook_url"] or ""
    sandbox.change_charge(reference, transaction_status="successful")

    for url in (portal_url, charge["callback_url"]):
        assert url.endswith("/")
        stripped = url.removesuffix("/")
        status = sandbox.send_webhook(reference, "payment.success", url=stripped)
        assert status == 200
    assert_captured_once(store.payment(payment), checkout)


@whatever_the_api
@pytest.mark.parametrize("depth", [500, 900, 5000])
def test_webhook_that_is_nested_deeply(store: Store, depth: int) -> None:
    url = store.configuration("RWF")["webhook_url"] or ""
    body = f'{{"event": "payment.success", "data": {"[" * depth}{"]" * depth}}}'
    signature = hmac.new(WEBHOOK_SECRET.encode(), body.encode(), hashlib.sha256)
    answer = requests.post(
        url,
        data=body,
        headers={"X-DGS-Signature": signature.hexdigest()},
        timeout=10,
    )
    # Of 900 it can be read that it names no transaction.
    assert answer.status_code in (200, 400)
