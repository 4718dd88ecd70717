"""An outcome that is longer in coming than a customer waits for it."""

import pytest

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import only_with_payments
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.later import let_payment_wait
from tests.scenarios.records import (
    assert_not_captured,
    assert_paid_once,
)
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store

LONGER_THAN_AN_OUTCOME_IS_WAITED_FOR = 20
LONGER_THAN_AN_ANSWER_IS_ON_ITS_WAY = 1


@pytest.fixture
def checkout(store: Store) -> Checkout:
    return store.new_checkout()


@pytest.fixture
def payment(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
) -> str:
    """A payment whose charge DGS-Pay has not decided in all this time."""
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    let_payment_wait(host, store, payment, LONGER_THAN_AN_OUTCOME_IS_WAITED_FOR)
    return payment


def test_order_is_made_with_a_payment_that_is_pending(
    store: Store, cardholder: Cardholder, checkout: Checkout, payment: str
) -> None:
    done = store.complete(checkout, cardholder.waiting())

    assert done.order_id == store.order(checkout)["id"]
    assert not store.order(checkout)["isPaid"]
    assert store.payment(payment).is_pending
    assert_not_captured(store.payment(payment))


def test_order_is_charged_when_the_money_comes(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
    payment: str,
) -> None:
    store.complete(checkout, cardholder.waiting())

    sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])

    eventually(lambda: store.order(checkout)["isPaid"])
    assert_paid_once(store, sandbox, checkout)


def test_order_stays_unpaid_when_the_charge_fails(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
    payment: str,
) -> None:
    store.complete(checkout, cardholder.waiting())

    sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"], "failed")

    eventually(lambda: not store.payment(payment).is_pending)
    assert not store.order(checkout)["isPaid"]
    assert_not_captured(store.payment(payment))


@only_with_payments  # With transactions Saleor notes every poll itself.
def test_polls_that_learn_nothing_leave_no_trace(
    store: Store, cardholder: Cardholder, checkout: Checkout
) -> None:
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))

    for _ in range(3):
        assert store.complete(checkout, cardholder.waiting()).asks_for == "wait"

    assert len(store.payment(payment).steps) == 1


@pytest.mark.parametrize(
    "fault",
    [{"cut": "before"}, {"status": 503}, {"error_code": "99"}],
    ids=["cut", "503", "error 99"],
)
def test_pin_that_never_arrived_is_asked_for_again(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
    fault: dict[str, object],
) -> None:
    payment = store.create_payment(checkout)
    asked = store.complete(checkout, cardholder.card(cards.PIN))
    sandbox.order_fault("authorize", **fault)

    assert store.complete(checkout, cardholder.pin()).asks_for == "wait"
    assert store.complete(checkout, cardholder.waiting()).asks_for == "wait"

    let_payment_wait(host, store, payment, LONGER_THAN_AN_ANSWER_IS_ON_ITS_WAY)
    again = store.complete(checkout, cardholder.waiting())
    assert again.confirmation == asked.confirmation
    assert store.complete(checkout, cardholder.pin()).order_id
    assert_paid_once(store, sandbox, checkout)
