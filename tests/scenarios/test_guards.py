"""What is refused before anything goes to DGS-Pay."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.scenarios import cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import assert_not_captured, assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.shop import BILLING_ADDRESS
from tests.scenarios.store import Store

Data = Mapping[str, Any]
# Never accepted, so any text will do: one that a search for leaks cannot miss.
TYPED_CVV = "typed-cvv-must-not-leak"

BAD_CARDS: dict[str, tuple[Callable[[Data], Any], str]] = {
    "raw card fields": (
        lambda card: {"type": "card", "number": cards.APPROVED, "cvv": TYPED_CVV},
        "raw_card_data",
    ),
    "raw card fields beside encrypted ones": (
        lambda card: {**card, "cvv": TYPED_CVV},
        "raw_card_data",
    ),
    "a plain number as ciphertext": (
        lambda card: {**card, "card_encrypted_number": cards.APPROVED},
        "raw_card_data",
    ),
    "a plain number with spaces": (
        lambda card: {**card, "card_encrypted_number": "4242 4242 4242 4242"},
        "raw_card_data",
    ),
    "not a ciphertext": (
        lambda card: {**card, "card_encrypted_cvv": "MTIz"},
        "invalid_card_data",
    ),
    "a nonce that is too short": (
        lambda card: {**card, "card_nonce": "0123456789a"},
        "invalid_card_data",
    ),
    "a nonce of another format": (
        lambda card: {**card, "card_nonce": "0123456789abcdef01234567"},
        "invalid_card_data",
    ),
    "a missing field": (
        lambda card: {n: v for n, v in card.items() if n != "card_encrypted_cvv"},
        "invalid_card_data",
    ),
    "no nonce": (
        lambda card: {n: v for n, v in card.items() if n != "card_nonce"},
        "invalid_card_data",
    ),
    "fields of two steps": (
        lambda card: {**card, "auth_otp": "123456"},
        "invalid_card_data",
    ),
    "an unknown field": (
        lambda card: {**card, "card_holder": "Aline Uwase"},
        "invalid_card_data",
    ),
    "an unknown type": (lambda card: {**card, "type": "cash"}, "invalid_card_data"),
    "a list": (lambda card: [dict(card)], "invalid_card_data"),
    "a PIN before any card": (lambda card: Cardholder().pin(), "wrong_step"),
    "an OTP before any card": (lambda card: Cardholder().otp(), "wrong_step"),
    "an address before any card": (lambda card: Cardholder().address(), "wrong_step"),
}


@pytest.mark.parametrize("case", BAD_CARDS)
def test_refused_with_its_own_code(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, case: str
) -> None:
    spoil, code = BAD_CARDS[case]
    cardholder.secrets.add(TYPED_CVV)
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    before = sandbox.payment_requests()

    refused = store.complete(checkout, spoil(cardholder.card(cards.APPROVED)))

    assert refused.code == code
    assert sandbox.payment_requests() == before
    assert_not_captured(store.payment(payment))


def test_customer_may_correct_what_was_refused(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, {"type": "card"})

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_nonce_of_an_earlier_payment(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    card = cardholder.card(cards.DO_NOT_HONOR)
    store.pay(store.new_checkout(), card)
    before = sandbox.payment_requests()

    refused = store.pay(store.new_checkout(), card)

    assert refused.code == "reused_nonce"
    assert sandbox.payment_requests() == before


@pytest.mark.parametrize("step", ["otp", "address"])
def test_answer_to_another_question(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, step: str
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    answer = getattr(cardholder, step)()
    charged = sandbox.charge(checkout.email)

    refused = store.complete(checkout, answer)

    assert refused.code == "wrong_step"
    assert sandbox.charge(checkout.email) == charged
    # The right answer still counts.
    assert store.complete(checkout, cardholder.pin()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_card_again_when_a_pin_is_asked_for(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))

    refused = store.complete(checkout, cardholder.card(cards.APPROVED))

    assert refused.code == "wrong_step"
    assert sandbox.charge(checkout.email)["charge_requests"] == 1


def test_reference_of_another_payment(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    mine, other = store.new_checkout(), store.new_checkout()
    store.pay(mine, cardholder.card(cards.PIN))
    store.pay(other, cardholder.card(cards.PIN))
    foreign = sandbox.charge(other.email)["dgs_reference"]
    before = sandbox.payment_requests()

    refused = store.complete(mine, {**cardholder.pin(), "reference": foreign})

    assert refused.code == "wrong_reference"
    assert sandbox.payment_requests() == before


def test_reference_of_this_payment_is_welcome(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    own = sandbox.charge(checkout.email)["dgs_reference"]

    done = store.complete(checkout, {**cardholder.pin(), "reference": own})

    assert done.order_id


@pytest.mark.parametrize(
    ("missing", "code"),
    [(("phone",), "phone_needed"), (("firstName", "lastName"), "name_needed")],
)
def test_customer_field_that_dgs_pay_requires(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    missing: tuple[str, ...],
    code: str,
) -> None:
    address = {n: v for n, v in BILLING_ADDRESS.items() if n not in missing}
    checkout = store.new_checkout(billing_address=address)
    before = sandbox.payment_requests()

    refused = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert refused.code == code
    assert sandbox.payment_requests() == before
