"""The page that lists what happened, and the bank's page."""

import html
import re

from dgspay_plugin.sandbox.cards import CARDS

from .client import PIN_OTP, THREE_DS, pin


def page(merchant, path="/"):
    answer = merchant.session.get(merchant.url + path, timeout=10)
    assert answer.status_code == 200
    loads_from_elsewhere = re.search(r"<link|src=|url\(|@import", answer.text)
    assert not loads_from_elsewhere
    return html.unescape(answer.text)


def test_it_lists_cards_and_credentials(merchant):
    text = page(merchant)
    for known in CARDS:
        assert known.number in text.replace(" ", "")
        assert known.description in text
    for value in ("sandbox-api-key", "ACC-0001234", "1234", "123456"):
        assert value in text
    assert "This is not DGS-Pay" in text


def test_it_lists_what_happened(merchant, store):
    reference = merchant.start(PIN_OTP, callback_url=store.url)["dgs_reference"]
    merchant.authorize(reference, **pin("9999"))
    merchant.authorize(reference, **pin())
    merchant.authorize(reference, auth_type="otp", auth_otp="123456")
    store.wait_for(1)
    merchant.order_fault("charge", status=503)
    text = page(merchant)
    assert reference in text
    assert "12,000 RWF" in text
    assert "asks for requires_pin → incorrect_pin → requires_pin passed" in text
    assert "payment.success: " in text
    assert "POST /generation/v2/authorize" in text
    assert "status: 503" in text


def test_what_a_caller_sends_is_text_and_not_html(merchant):
    email = "<b>amina@example.com"
    merchant.start(customer_email=email)
    answer = merchant.session.get(merchant.url, timeout=10)
    assert email not in answer.text
    assert email in html.unescape(answer.text)


def test_the_bank_asks_for_the_open_payment(merchant):
    data = merchant.start(THREE_DS, amount=1250.5, currency="USD")
    text = page(merchant, data["redirect_url"].removeprefix(merchant.url))
    assert "1,250.50 USD" in text
    assert "Approve" in text
    assert "Order 1" in text


def test_the_bank_has_nothing_to_ask_later(merchant):
    data = merchant.start()
    text = page(merchant, f"/bank/{data['dgs_reference']}")
    assert "Approve" not in text
    assert "https://shop.example/back?checkout=1" in text


def test_the_bank_does_not_know_other_payments(merchant):
    assert (
        merchant.session.get(f"{merchant.url}/bank/NONE", timeout=10).status_code == 404
    )
