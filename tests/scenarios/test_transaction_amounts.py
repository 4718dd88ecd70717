"""Parts of a total, several transactions for one, and orders that are paid later."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import only_with_transactions
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.later import let_payment_wait
from tests.scenarios.records import (
    assert_captured_once,
    assert_money,
    assert_paid_once,
    loud_lines,
    successful_charges,
)
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout, MutationRefused
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import (
    Press,
    SessionAnswer,
    TransactionsStore,
)

pytestmark = only_with_transactions

HALF = "6000"
TABS = 8
LONGER_THAN_AN_OUTCOME_IS_WAITED_FOR = 20


def test_order_is_paid(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    order = store.new_order()
    assert store.order_with(order.id)["chargeStatus"] == "NONE"

    assert store.pay(order, cardholder.card(cards.PIN)).asks_for == "pin"
    assert store.complete(order, cardholder.pin()).order_id

    paid = store.order_with(order.id)
    assert paid["isPaid"]
    assert paid["chargeStatus"] == "FULL"
    assert_money(paid["totalCharged"], order)
    assert_captured_once(paid["payments"][0], order)
    number = paid["number"]
    assert sandbox.charge(order.email)["narration"] == f"Order {number}"


def test_order_is_paid_when_the_webhook_comes(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    order = store.new_order()
    store.pay(order, cardholder.card(cards.PENDING))

    sandbox.settle(sandbox.charge(order.email)["dgs_reference"])

    eventually(lambda: store.order_with(order.id)["isPaid"])
    assert_captured_once(store.order_with(order.id)["payments"][0], order)


def test_order_whose_charge_is_pending_for_long_and_fails(
    host: Host, store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    order = store.new_order()
    payment = store.create_payment(order)
    store.complete(order, cardholder.card(cards.PENDING))
    reference = sandbox.charge(order.email)["dgs_reference"]
    let_payment_wait(host, store, payment, LONGER_THAN_AN_OUTCOME_IS_WAITED_FOR)
    transaction_id = store.payment(payment).id

    pending = store.process(transaction_id, cardholder.waiting())
    again = store.process(transaction_id, cardholder.waiting())

    assert pending.event == again.event == "CHARGE_REQUEST"
    assert pending.data == {"type": "pending", "reference": reference}
    assert again.data is None
    assert store.payment(payment).is_pending

    sandbox.settle(reference, "failed")

    eventually(lambda: not store.payment(payment).is_pending)
    assert store.order_with(order.id)["chargeStatus"] == "NONE"
    (failure,) = store.payment(payment).failures
    assert failure.message.endswith("(declined)")
    assert store.pay(order, cardholder.card(cards.APPROVED)).order_id
    assert store.order_with(order.id)["chargeStatus"] == "FULL"


def test_order_is_paid_in_two_parts(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    order = store.new_order()

    _pay_half(store, order, cardholder)
    partly_paid = store.order_with(order.id)
    _pay_half(store, order, cardholder)
    paid = store.order_with(order.id)

    assert partly_paid["chargeStatus"] == "PARTIAL"
    assert partly_paid["totalCharged"]["amount"] == float(HALF)
    assert paid["chargeStatus"] == "FULL"
    assert_money(paid["totalCharged"], order)
    assert [len(payment.captures) for payment in paid["payments"]] == [1, 1]
    assert len(successful_charges(sandbox, order)) == 2


def test_checkout_is_paid_in_two_halves(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()

    _pay_half(store, checkout, cardholder)
    too_early = store.complete_checkout(checkout)
    _pay_half(store, checkout, cardholder)
    done = store.complete_checkout(checkout)

    assert too_early.messages
    assert not too_early.order_id
    assert done.order_id
    order = store.order(checkout)
    assert order["chargeStatus"] == "FULL"
    assert_money(order["totalCharged"], checkout)
    assert [len(payment.captures) for payment in order["payments"]] == [1, 1]


def test_halves_that_are_decided_later(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """Neither holds back the other: together they are no more than the total."""
    checkout = store.new_checkout()
    for _ in range(2):
        half = store.new_press(checkout, HALF)
        asked = store.initialize(half, cardholder.card(cards.PENDING))
        assert asked.data
        assert asked.data["type"] == "wait"

    for charge in sandbox.charges(checkout.email):
        sandbox.settle(charge["dgs_reference"])

    order = eventually(lambda: store.orders(checkout))[0]
    assert order["chargeStatus"] == "FULL"
    assert [len(payment.captures) for payment in order["payments"]] == [1, 1]


@pytest.mark.parametrize("amount", [HALF, "12000"])
def test_more_than_there_is_to_pay(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder, amount: str
) -> None:
    order = store.new_order()
    store.new_press(order, "7000")
    store.complete(order, cardholder.card(cards.APPROVED))
    before = sandbox.payment_requests()

    store.new_press(order, amount)
    refused = store.complete(order, cardholder.card(cards.APPROVED))

    assert refused.code == "more_than_due"
    assert sandbox.payment_requests() == before
    assert store.order_with(order.id)["chargeStatus"] == "PARTIAL"


def test_more_than_there_may_be_to_pay(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    order = store.new_order()
    store.new_press(order, HALF)
    store.complete(order, cardholder.card(cards.PENDING))
    before = sandbox.payment_requests()

    store.new_press(order)
    refused = store.complete(order, cardholder.card(cards.APPROVED))

    assert refused.code == "payment_in_doubt"
    assert sandbox.payment_requests() == before
    _pay_half(store, order, cardholder)


def test_order_is_paid_twice_by_a_charge_that_was_given_up(
    host: Host, store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """DGS-Pay has no refund call, so a person has to act, and is told."""
    order = store.new_order()
    given_up = store.create_payment(order)
    store.complete(order, cardholder.card(cards.PENDING))
    reference = sandbox.charge(order.email)["dgs_reference"]
    let_payment_wait(host, store, given_up, LONGER_THAN_AN_OUTCOME_IS_WAITED_FOR)
    assert store.pay(order, cardholder.card(cards.APPROVED)).order_id
    said_before = len(loud_lines(host, reference))

    sandbox.settle(reference)
    sandbox.wait_for_webhook(order.email, reference)

    assert store.order_with(order.id)["chargeStatus"] == "OVERCHARGED"
    said = loud_lines(host, reference)
    assert len(said) > said_before
    # A webhook that comes again says nothing new.
    assert sandbox.send_webhook(reference, "payment.success") == 200
    assert loud_lines(host, reference) == said


def test_checkout_that_grew_after_the_press(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """What was charged counts, and the customer pays the rest."""
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    store.change_quantity(checkout, 2)
    sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])
    sandbox.wait_for_webhook(checkout.email)

    assert_captured_once(store.payment(payment), checkout)
    assert not store.orders(checkout)
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id

    order = store.order(checkout)
    assert order["chargeStatus"] == "FULL"
    assert len(successful_charges(sandbox, checkout)) == 2


def test_product_that_sold_out_before_the_money_came(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """Saleor tries again by itself, and the customer is not charged once more."""
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    store.set_stock("RWF", 0)
    try:
        sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])
        sandbox.wait_for_webhook(checkout.email)
        told = store.complete(checkout, cardholder.waiting())
        anew = store.pay(checkout, cardholder.card(cards.APPROVED))
        assert_captured_once(store.payment(payment), checkout)
    finally:
        store.set_stock("RWF", 1_000_000)

    assert told.messages
    assert not told.order_id
    assert anew.code == "already_paid"
    assert_paid_once(store, sandbox, checkout)
    assert len(sandbox.charges(checkout.email)) == 1


@pytest.mark.parametrize("head_start", [0, 0.02, 0.05, 0.1])
def test_pay_in_other_tabs_while_the_order_is_made(
    store: TransactionsStore,
    sandbox: Sandbox,
    cardholder: Cardholder,
    head_start: float,
) -> None:
    """A press waits for the checkout, and may find an order in its place."""
    checkout = store.new_checkout()
    store.initialize(store.new_press(checkout), cardholder.card(cards.APPROVED))
    others = [store.new_press(checkout) for _ in range(TABS)]

    def press(other: Press) -> SessionAnswer:
        return store.initialize(other, cardholder.card(cards.APPROVED))

    with ThreadPoolExecutor(TABS + 1) as tabs:
        refused = tabs.map(press, others)
        time.sleep(head_start)
        done = tabs.submit(store.complete_checkout, checkout)

    assert done.result().order_id
    assert not [answer for answer in refused if answer.event == "CHARGE_SUCCESS"]
    assert_paid_once(store, sandbox, checkout)


def test_payment_in_doubt_holds_back_a_transaction(
    host: Host, store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """A storefront was changed to transactions while the customer was paying."""
    checkout = store.new_checkout()
    older = Store(host)
    assert older.pay(checkout, cardholder.card(cards.PENDING)).asks_for == "wait"

    held_back = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert held_back.code == "payment_in_doubt"
    assert sandbox.charge(checkout.email)["charge_requests"] == 1
    sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])
    assert_paid_once(store, sandbox, checkout)


def test_transaction_in_doubt_holds_back_a_payment(
    host: Host, store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """Saleor sees to that itself, from 3.22 on."""
    checkout = store.new_checkout()
    assert store.pay(checkout, cardholder.card(cards.PENDING)).asks_for == "wait"

    try:
        held_back = Store(host).pay(checkout, cardholder.card(cards.APPROVED))
    except MutationRefused as refused:
        assert "CHECKOUT_HAS_TRANSACTION" in str(refused)
        sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])
        assert_paid_once(store, sandbox, checkout)
    else:
        assert held_back.code == "payment_in_doubt"

    assert sandbox.charge(checkout.email)["charge_requests"] == 1


def _pay_half(
    store: TransactionsStore, paid_for: Checkout, cardholder: Cardholder
) -> None:
    half = store.new_press(paid_for, HALF)
    assert store.initialize(half, cardholder.card(cards.APPROVED)).event == (
        "CHARGE_SUCCESS"
    )
