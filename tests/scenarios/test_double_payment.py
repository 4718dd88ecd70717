"""No customer pays more than there is to pay, however many payments they start.

By the Transactions API a customer may start any number of them and answer each when
they like. Of the Payments API only the newest payment can be gone on with.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.scenarios import bank, cards
from tests.scenarios.apis import only_with_transactions
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import assert_paid_once, successful_charges
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import SessionAnswer, TransactionsStore

HALF = "6000"
HEAD_START = 0.3
"""In seconds: less than the other tab's answer takes."""
PAID_ALREADY = ("already_paid", "more_than_due")


# --- several payments of one checkout -----------------------------------------------


@only_with_transactions
def test_pin_of_a_payment_after_another_card_paid(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    first = _asked_for_pin(store, checkout, cardholder)
    other_card = store.new_press(checkout)
    paid = store.initialize(other_card, cardholder.card(cards.APPROVED))

    refused = store.process(first, cardholder.pin())

    assert paid.event == "CHARGE_SUCCESS"
    assert refused.code == "already_paid"
    _assert_no_pin_was_sent(sandbox, checkout)
    assert_paid_once(store, sandbox, checkout)


@only_with_transactions
def test_two_payments_that_both_wait_for_a_pin(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    first = _asked_for_pin(store, checkout, cardholder)
    second = _asked_for_pin(store, checkout, cardholder)

    paid = store.process(second, cardholder.pin())
    refused = store.process(first, cardholder.pin())

    assert paid.event == "CHARGE_SUCCESS"
    assert refused.code == "already_paid"
    assert_paid_once(store, sandbox, checkout)


@only_with_transactions
def test_two_pins_at_the_same_moment(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    waiting = [_asked_for_pin(store, checkout, cardholder) for _ in range(2)]
    sandbox.order_fault("authorize", times=2, delay=1)

    answers = _at_once(
        *(
            lambda transaction=transaction: store.process(transaction, cardholder.pin())
            for transaction in waiting
        )
    )

    assert [a.event for a in answers].count("CHARGE_SUCCESS") == 1
    assert len(successful_charges(sandbox, checkout)) == 1
    assert_paid_once(store, sandbox, checkout)


@only_with_transactions
@pytest.mark.parametrize("pin_is_first", [True, False], ids=["pin", "card"])
def test_pin_in_one_tab_while_another_card_is_charged_in_the_other(
    store: TransactionsStore,
    sandbox: Sandbox,
    cardholder: Cardholder,
    pin_is_first: bool,
) -> None:
    checkout = store.new_checkout()
    first = _asked_for_pin(store, checkout, cardholder)
    other_card = store.new_press(checkout)
    sandbox.order_fault("authorize", delay=1)
    sandbox.order_fault("charge", delay=1)

    def answer_pin() -> SessionAnswer:
        time.sleep(0 if pin_is_first else HEAD_START)
        return store.process(first, cardholder.pin())

    def charge_card() -> SessionAnswer:
        time.sleep(HEAD_START if pin_is_first else 0)
        return store.initialize(other_card, cardholder.card(cards.APPROVED))

    answers = _at_once(answer_pin, charge_card)

    assert [a.event for a in answers].count("CHARGE_SUCCESS") == 1
    assert_paid_once(store, sandbox, checkout)


@only_with_transactions
def test_pin_after_another_card_has_made_the_order(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    first = _asked_for_pin(store, checkout, cardholder)
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id

    refused = store.process(first, cardholder.pin())

    assert refused.code == "already_paid"
    _assert_no_pin_was_sent(sandbox, checkout)
    assert_paid_once(store, sandbox, checkout)


@only_with_transactions
def test_order_whose_two_payments_both_wait_for_a_pin(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    order = store.new_order()
    first = _asked_for_pin(store, order, cardholder)
    second = _asked_for_pin(store, order, cardholder)

    paid = store.process(first, cardholder.pin())
    refused = store.process(second, cardholder.pin())

    assert paid.event == "CHARGE_SUCCESS"
    assert refused.code == "already_paid"
    assert store.order_with(order.id)["chargeStatus"] == "FULL"
    assert len(successful_charges(sandbox, order)) == 1


def test_another_card_while_the_bank_s_page_is_open(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """The bank may let the first charge through at any moment."""
    checkout = store.new_checkout()
    at_the_bank = store.pay(checkout, cardholder.card(cards.BANK_PAGE))
    before = sandbox.payment_requests()

    refused = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert refused.code == "payment_in_doubt"
    assert sandbox.payment_requests() == before
    assert at_the_bank.confirmation
    bank.approve(at_the_bank.confirmation["redirect_url"])
    sandbox.wait_for_webhook(checkout.email)
    assert_paid_once(store, sandbox, checkout)


def test_pin_of_a_payment_that_another_tab_has_replaced(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """By the Payments API the PIN goes to the newer payment, which asks for none."""
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    store.pay(checkout, cardholder.card(cards.APPROVED))

    told = store.complete(checkout, cardholder.pin())

    assert told.order_id == eventually(lambda: store.orders(checkout))[0]["id"]
    _assert_no_pin_was_sent(sandbox, checkout)
    assert_paid_once(store, sandbox, checkout)


# --- a cart that changes in mid-payment ---------------------------------------------


def test_total_that_was_lowered_before_the_pin(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """The customer pays anew what it costs now."""
    checkout = _checkout_for_two(store)
    store.pay(checkout, cardholder.card(cards.PIN))
    store.change_quantity(checkout, 1)
    cheaper = store.as_it_is_now(checkout)

    refused = store.complete(checkout, cardholder.pin())

    assert refused.code == "more_than_due"
    _assert_no_pin_was_sent(sandbox, checkout)
    assert store.pay(cheaper, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, cheaper)


def test_voucher_that_was_added_before_the_pin(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    cheaper = store.add_promo_code(checkout, store.new_voucher("5000"))

    refused = store.complete(checkout, cardholder.pin())

    assert refused.code == "more_than_due"
    _assert_no_pin_was_sent(sandbox, checkout)
    assert store.pay(cheaper, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, cheaper)


def test_gift_card_that_was_added_before_the_pin(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    cheaper = store.add_promo_code(checkout, store.new_gift_card("5000"))

    refused = store.complete(checkout, cardholder.pin())

    assert refused.code == "more_than_due"
    _assert_no_pin_was_sent(sandbox, checkout)
    assert store.pay(cheaper, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, cheaper)


# --- parts --------------------------------------------------------------------------


@only_with_transactions
@pytest.mark.parametrize("kind", ["checkout", "order"])
def test_third_half(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder, kind: str
) -> None:
    paid_for = store.new_order() if kind == "order" else store.new_checkout()
    halves = [
        store.initialize(store.new_press(paid_for, HALF), cardholder.card(card))
        for card in (cards.APPROVED, cards.PIN)
    ]
    before = sandbox.payment_requests()

    third = store.new_press(paid_for, "6001")
    too_much = store.initialize(third, cardholder.card(cards.APPROVED))

    assert too_much.code == "more_than_due"
    assert sandbox.payment_requests() == before
    assert halves[1].transaction_id
    paid = store.process(halves[1].transaction_id, cardholder.pin())
    assert paid.event == "CHARGE_SUCCESS"
    after = store.initialize(
        store.new_press(paid_for, HALF), cardholder.card(cards.APPROVED)
    )
    assert after.code in PAID_ALREADY or after.errors
    assert _taken(sandbox, paid_for) == Decimal(paid_for.total)


@only_with_transactions
def test_pin_of_a_half_after_the_whole_was_paid(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    order = store.new_order()
    half = _asked_for_pin(store, order, cardholder, HALF)
    whole = store.new_press(order)
    assert store.initialize(whole, cardholder.card(cards.APPROVED)).event

    refused = store.process(half, cardholder.pin())

    assert refused.code == "already_paid"
    _assert_no_pin_was_sent(sandbox, order)
    assert store.order_with(order.id)["chargeStatus"] == "FULL"


@only_with_transactions
def test_pin_of_the_whole_after_a_half_was_paid(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    order = store.new_order()
    whole = _asked_for_pin(store, order, cardholder)
    half = store.new_press(order, HALF)
    assert store.initialize(half, cardholder.card(cards.APPROVED)).event

    refused = store.process(whole, cardholder.pin())

    assert refused.code == "more_than_due"
    _assert_no_pin_was_sent(sandbox, order)
    assert store.order_with(order.id)["chargeStatus"] == "PARTIAL"
    rest = store.initialize(
        store.new_press(order, HALF), cardholder.card(cards.APPROVED)
    )
    assert rest.event == "CHARGE_SUCCESS"
    assert store.order_with(order.id)["chargeStatus"] == "FULL"


def _asked_for_pin(
    store: TransactionsStore,
    paid_for: Checkout,
    cardholder: Cardholder,
    amount: str | None = None,
) -> str:
    """Press Pay with a card that needs a PIN; return the transaction's id."""
    press = store.new_press(paid_for, amount)
    asked = store.initialize(press, cardholder.card(cards.PIN))
    assert asked.event == "CHARGE_ACTION_REQUIRED", asked
    assert asked.transaction_id
    return asked.transaction_id


def _checkout_for_two(store: Store) -> Checkout:
    checkout = store.new_checkout()
    store.change_quantity(checkout, 2)
    return store.as_it_is_now(checkout)


def _assert_no_pin_was_sent(sandbox: Sandbox, checkout: Checkout) -> None:
    charges = sandbox.charges(checkout.email)
    assert not any(charge["authorize_requests"] for charge in charges)


def _taken(sandbox: Sandbox, checkout: Checkout) -> Decimal:
    """What the customer has paid in all, in major units."""
    charges = successful_charges(sandbox, checkout)
    return sum((Decimal(str(charge["amount"])) for charge in charges), Decimal(0))


def _at_once(*presses: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(presses)) as tabs:
        return [tab.result() for tab in [tabs.submit(press) for press in presses]]
