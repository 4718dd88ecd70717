"""The customer pays anew, whatever became of an earlier payment of the checkout.

A storefront makes another payment with checkoutPaymentCreate; the first one may have
moved money, or still move it.
"""

from tests.scenarios import cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import (
    assert_captured_once,
    assert_not_captured,
    assert_paid_once,
)
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import Store


def test_it_was_paid_unheard(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    earlier = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")

    told = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert told.code == "already_paid"
    (order,) = eventually(lambda: store.orders(checkout))
    # Saleor's older paymentStatus looks at the newest payment, paid or not.
    assert order["chargeStatus"] == "FULL"
    assert_captured_once(store.payment(earlier), checkout)
    assert len(sandbox.charges(checkout.email)) == 1


def test_it_was_declined_unheard(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="failed")

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_it_waits_for_a_pin_that_the_customer_has_forgotten(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """Without the PIN nothing moves, so another card may be used at once."""
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_it_waits_for_a_step_that_the_shop_does_not_know(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """The customer was told to use another card."""
    checkout = store.new_checkout()
    told = store.pay(checkout, cardholder.card(cards.UNKNOWN_ACTION))

    assert told.code == "unknown_next_action"
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_it_was_charged_another_amount(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    earlier = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful", amount=100)
    store.complete(checkout, cardholder.waiting())

    told = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert told.code == "amount_mismatch"
    assert_not_captured(store.payment(earlier))
    assert len(sandbox.charges(checkout.email)) == 1
