"""A press of Pay is repeated: one idempotency key is one charge and one answer."""

import pytest

from tests.scenarios import cards
from tests.scenarios.apis import only_with_transactions
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import assert_nothing_paid, assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.transactions_store import Press, TransactionsStore

pytestmark = only_with_transactions


def test_after_a_success(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    press = store.new_press(checkout)
    card = cardholder.card(cards.APPROVED)

    first, again = store.initialize(press, card), store.initialize(press, card)

    assert first.event == "CHARGE_SUCCESS"
    # Saleor may have made the order by itself in between.
    assert again == first or again.comes_after_order
    assert first.data == {"reference": sandbox.charge(checkout.email)["dgs_reference"]}
    assert sandbox.charge(checkout.email)["charge_requests"] == 1
    assert store.complete_checkout(checkout).order_id
    assert_paid_once(store, sandbox, checkout)


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (cards.INSUFFICIENT_FUNDS, "insufficient_funds"),
        (cards.UNKNOWN_ACTION, "unknown_next_action"),
    ],
)
def test_after_a_failure(
    store: TransactionsStore,
    sandbox: Sandbox,
    cardholder: Cardholder,
    card: str,
    code: str,
) -> None:
    checkout = store.new_checkout()
    press = store.new_press(checkout)

    first = store.initialize(press, cardholder.card(card))
    again = store.initialize(press, cardholder.card(cards.APPROVED))

    assert first.event == "CHARGE_FAILURE"
    assert first.data
    assert first.data["error"] == code
    assert first.message == f"{first.data['message']} ({code})"
    assert again == first
    assert len(store.payment(press.idempotency_key).failures) == 1
    assert sandbox.charge(checkout.email)["charge_requests"] == 1
    assert_nothing_paid(store, sandbox, checkout)
    # A new key is a new charge.
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id


def test_after_a_refusal_of_dgs_pay(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """DGS-Pay has seen the key, so that it is used up."""
    checkout = store.new_checkout()
    press = store.new_press(checkout)
    sandbox.order_fault("charge", error_code="90")

    first = store.initialize(press, cardholder.card(cards.APPROVED))
    again = store.initialize(press, cardholder.card(cards.APPROVED))

    assert first.data
    assert first.data["error"] == "provider_refused"
    assert again == first
    assert_nothing_paid(store, sandbox, checkout)


def test_while_a_pin_is_asked_for(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    press = store.new_press(checkout)

    first = store.initialize(press, cardholder.card(cards.PIN))
    again = store.initialize(press, cardholder.card(cards.PIN))

    assert first.event == "CHARGE_ACTION_REQUIRED"
    assert first.data
    assert first.data["type"] == "pin"
    assert again == first
    assert sandbox.charge(checkout.email)["charge_requests"] == 1


def test_after_an_answer_that_was_lost(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    press = store.new_press(checkout)
    sandbox.order_fault("webhook", hold=True)
    sandbox.order_fault("charge", cut="after")

    store.initialize(press, cardholder.card(cards.APPROVED))
    again = store.initialize(press, cardholder.card(cards.APPROVED))

    assert again.data
    assert again.data["type"] == "wait"
    sandbox.release_webhook(checkout.email)
    sandbox.wait_for_webhook(checkout.email)
    assert_paid_once(store, sandbox, checkout)
    assert sandbox.charge(checkout.email)["charge_requests"] == 1


def test_while_the_charge_is_undecided(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    press = store.new_press(checkout)
    first = store.initialize(press, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")

    again = store.initialize(press, cardholder.card(cards.PENDING))

    assert first.data
    assert first.data["type"] == "wait"
    assert again.event == "CHARGE_SUCCESS"
    assert again.transaction_id == first.transaction_id
    assert_paid_once(store, sandbox, checkout)


def test_key_that_could_be_no_http_header(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    press = Press(checkout.id, checkout.total, idempotency_key="1\r\nX-Key: ✓")

    answer = store.initialize(press, cardholder.card(cards.APPROVED))

    assert answer.event == "CHARGE_SUCCESS"
    assert store.complete_checkout(checkout).order_id
    assert sandbox.charge(checkout.email)["charge_requests"] == 1
