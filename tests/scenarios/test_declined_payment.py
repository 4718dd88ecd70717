"""The bank says no: the customer reads why, and may try again."""

import pytest

from tests.scenarios import bank, cards
from tests.scenarios.cardholder import WRONG_OTP, WRONG_PIN, Cardholder
from tests.scenarios.records import assert_nothing_paid, assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store


@pytest.mark.parametrize(
    ("card", "code", "sentence"),
    [
        (cards.INSUFFICIENT_FUNDS, "insufficient_funds", "does not have enough money"),
        (cards.DO_NOT_HONOR, "do_not_honor", "Your bank declined this payment"),
        (cards.EXPIRED, "expired_card", "Your card has expired"),
        (cards.WRONG_CVV, "invalid_cvv", "The security code (CVV) was not right"),
    ],
)
def test_customer_reads_why(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    card: str,
    code: str,
    sentence: str,
) -> None:
    checkout = store.new_checkout()

    declined = store.pay(checkout, cardholder.card(card))

    assert declined.code == code
    assert sentence in declined.messages[0]
    assert_nothing_paid(store, sandbox, checkout)


def test_another_card_after_a_declined_one(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.INSUFFICIENT_FUNDS))

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id

    assert len(sandbox.charges(checkout.email)) == 2
    assert_paid_once(store, sandbox, checkout)


def test_another_card_without_a_new_payment(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """A storefront may spare itself the second checkoutPaymentCreate."""
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.DO_NOT_HONOR))

    assert store.complete(checkout, cardholder.card(cards.APPROVED)).order_id

    assert_paid_once(store, sandbox, checkout)


def test_wrong_pin_three_times(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    for _ in range(2):
        again = store.complete(checkout, cardholder.pin(WRONG_PIN))
        assert again.asks_for == "pin"

    third = store.complete(checkout, cardholder.pin(WRONG_PIN))

    assert third.code == "incorrect_pin"
    assert_nothing_paid(store, sandbox, checkout)


def test_wrong_otp_three_times(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN_THEN_OTP))
    store.complete(checkout, cardholder.pin())
    for _ in range(2):
        again = store.complete(checkout, cardholder.otp(WRONG_OTP))
        assert again.asks_for == "otp"

    third = store.complete(checkout, cardholder.otp(WRONG_OTP))

    assert third.code == "incorrect_otp"
    assert_nothing_paid(store, sandbox, checkout)


def test_another_card_after_the_wrong_pins(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    for _ in range(3):
        store.complete(checkout, cardholder.pin(WRONG_PIN))

    assert store.pay(checkout, cardholder.card(cards.PIN)).asks_for == "pin"
    assert store.complete(checkout, cardholder.pin()).order_id

    assert_paid_once(store, sandbox, checkout)


def test_declined_on_the_bank_s_page(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    asked = store.pay(checkout, cardholder.card(cards.BANK_PAGE))
    assert asked.confirmation
    bank.decline(asked.confirmation["redirect_url"])

    declined = store.complete(checkout, cardholder.back_from_bank())

    assert declined.code in ("do_not_honor", "declined")
    assert_nothing_paid(store, sandbox, checkout)


def test_step_that_this_plugin_does_not_know(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    payment_id = store.create_payment(checkout)

    lost = store.complete(checkout, cardholder.card(cards.UNKNOWN_ACTION))

    assert lost.code == "unknown_next_action"
    assert_nothing_paid(store, sandbox, checkout)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    entries = store.payment(payment_id).entries
    assert [entry.reference for entry in entries] == [reference]
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)
