"""A customer pays: every way a bank may want to be sure of them."""

import base64

import pytest

from tests.scenarios import bank, cards
from tests.scenarios.cardholder import WRONG_OTP, WRONG_PIN, Cardholder
from tests.scenarios.records import (
    assert_money,
    assert_not_captured,
    assert_paid_once,
)
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.shop import BILLING_ADDRESS
from tests.scenarios.store import STOREFRONT_URL, Store


def test_approved_at_once(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()

    done = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert done.confirmation is None
    assert done.order_id == store.order(checkout)["id"]
    assert_paid_once(store, sandbox, checkout)


def test_pin(store: Store, sandbox: Sandbox, cardholder: Cardholder) -> None:
    checkout = store.new_checkout()

    first = store.pay(checkout, cardholder.card(cards.PIN))
    assert first.confirmation == {
        "type": "pin",
        "reference": sandbox.charge(checkout.email)["dgs_reference"],
    }
    assert not store.orders(checkout)

    assert store.complete(checkout, cardholder.pin()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_pin_then_otp(store: Store, sandbox: Sandbox, cardholder: Cardholder) -> None:
    checkout = store.new_checkout()

    assert store.pay(checkout, cardholder.card(cards.PIN_THEN_OTP)).asks_for == "pin"
    assert store.complete(checkout, cardholder.pin()).asks_for == "otp"

    assert store.complete(checkout, cardholder.otp()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_billing_address(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()

    assert store.pay(checkout, cardholder.card(cards.ADDRESS)).asks_for == "avs"

    assert store.complete(checkout, cardholder.address()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_bank_page_and_back(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(
        checkout, return_url="http://127.0.0.1:3000/pay?lang=rw"
    )

    asked = store.complete(checkout, cardholder.card(cards.BANK_PAGE))
    assert asked.confirmation
    assert asked.asks_for == "redirect"
    back = bank.approve(asked.confirmation["redirect_url"])

    assert back.startswith("http://127.0.0.1:3000/pay?")
    assert bank.query_of(back) == {
        "lang": "rw",
        **store.comes_back_with(checkout, payment),
    }
    assert store.complete(checkout, cardholder.back_from_bank()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_bank_page_returns_to_the_configured_page_when_the_storefront_names_none(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()

    store.pay(checkout, cardholder.card(cards.BANK_PAGE))

    charge = sandbox.charge(checkout.email)
    assert charge["redirect_url"].startswith(f"{STOREFRONT_URL}?")


def test_back_from_the_bank_before_it_has_decided(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """A redirect proves nothing: the customer may have pressed "back"."""
    checkout = store.new_checkout()
    asked = store.pay(checkout, cardholder.card(cards.BANK_PAGE))

    again = store.complete(checkout, cardholder.back_from_bank())

    assert not again.order_id
    assert not again.messages
    assert not store.orders(checkout)
    assert asked.confirmation
    bank.approve(asked.confirmation["redirect_url"])
    assert store.complete(checkout, cardholder.back_from_bank()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_billing_address_then_bank_page(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()

    first = store.pay(checkout, cardholder.card(cards.ADDRESS_THEN_BANK_PAGE))
    assert first.asks_for == "avs"
    second = store.complete(checkout, cardholder.address())
    assert second.confirmation
    bank.approve(second.confirmation["redirect_url"])

    assert store.complete(checkout, cardholder.back_from_bank()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_pin_then_bank_page(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()

    first = store.pay(checkout, cardholder.card(cards.PIN_THEN_BANK_PAGE))
    assert first.asks_for == "pin"
    second = store.complete(checkout, cardholder.pin())
    assert second.confirmation
    bank.approve(second.confirmation["redirect_url"])

    assert store.complete(checkout, cardholder.back_from_bank()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_reloaded_page_learns_which_step_is_due(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    asked = store.pay(checkout, cardholder.card(cards.PIN))

    reminded = store.complete(checkout, cardholder.waiting())

    assert reminded.confirmation == asked.confirmation
    assert store.complete(checkout, cardholder.pin()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_wrong_pin_may_be_corrected(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))

    again = store.complete(checkout, cardholder.pin(WRONG_PIN))

    assert again.confirmation
    assert again.confirmation["type"] == "pin"
    assert again.confirmation["error"] == "incorrect_pin"
    assert again.confirmation["message"].startswith("That PIN was not right.")
    assert store.complete(checkout, cardholder.pin()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_wrong_otp_may_be_corrected(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN_THEN_OTP))
    store.complete(checkout, cardholder.pin())

    again = store.complete(checkout, cardholder.otp(WRONG_OTP))

    assert again.confirmation
    assert again.confirmation["type"] == "otp"
    assert again.confirmation["error"] == "incorrect_otp"
    assert store.complete(checkout, cardholder.otp()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_answer_that_claims_success_with_a_step_open_is_not_a_payment(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """Complete only with "successful" and no next action: DGS-Pay's own rule."""
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)

    asked = store.complete(checkout, cardholder.card(cards.OTP_BUT_CLAIMS_SUCCESS))

    assert asked.asks_for == "otp"
    assert_not_captured(store.payment(payment))
    assert store.complete(checkout, cardholder.otp()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_amount_with_decimals(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout("USD")

    assert store.pay(checkout, cardholder.card(cards.PIN)).asks_for == "pin"
    assert store.complete(checkout, cardholder.pin()).order_id

    charge = sandbox.charge(checkout.email)
    assert_money(charge, checkout)
    assert (charge["amount"], charge["currency"]) == (10.5, "USD")
    assert_paid_once(store, sandbox, checkout)


@pytest.mark.parametrize(
    "customer",
    [
        {"firstName": "Иван", "lastName": "Петров"},
        {"firstName": "", "lastName": "Mukamana"},
        {"firstName": "", "lastName": "", "companyName": "Inzozi Ltd"},
        {"phone": "+39 06 1234 5678"},
        {"phone": "+1 202 555 0123"},
    ],
    ids=["Cyrillic", "one name", "company", "Italian phone", "American phone"],
)
def test_customers_of_every_kind_may_pay(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, customer: dict[str, str]
) -> None:
    checkout = store.new_checkout(billing_address={**BILLING_ADDRESS, **customer})

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_narration_names_the_checkout(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()

    store.pay(checkout, cardholder.card(cards.APPROVED))

    token = base64.b64decode(checkout.id).decode().removeprefix("Checkout:")
    assert sandbox.charge(checkout.email)["narration"] == f"Order {token}"


def test_every_step_is_on_the_payment_s_record(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    payment_id = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PIN_THEN_OTP))
    store.complete(checkout, cardholder.pin())
    store.complete(checkout, cardholder.otp())

    payment = store.payment(payment_id)

    reference = sandbox.charge(checkout.email)["dgs_reference"]
    assert [step.reference for step in payment.steps] == [reference, reference]
    assert [capture.reference for capture in payment.captures] == [reference]


def test_pressing_pay_after_the_order_exists_shows_the_order(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    done = store.pay(checkout, cardholder.card(cards.APPROVED))

    again = store.complete(checkout, cardholder.card(cards.APPROVED))

    assert again.order_id == done.order_id
    assert_paid_once(store, sandbox, checkout)
