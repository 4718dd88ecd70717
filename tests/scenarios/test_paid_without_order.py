"""The money has moved, and the checkout cannot become an order for now.

Here checkoutComplete itself finds that out, with a payment that is captured.
"""

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import only_with_payments
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import (
    assert_captured_once,
    assert_paid_once,
    loud_lines,
)
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import Store

pytestmark = only_with_payments


def test_product_sells_out_before_the_money_comes(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """The customer reads what to do, and pays once, whatever they press."""
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    store.set_stock("RWF", 0)
    try:
        sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])
        sandbox.wait_for_webhook(checkout.email)

        told = store.complete(checkout, cardholder.waiting())
        anew = store.pay(checkout, cardholder.card(cards.APPROVED))
    finally:
        store.set_stock("RWF", 1_000_000)

    assert told.code == "paid_without_order"
    lines = loud_lines(host, sandbox.charge(checkout.email)["dgs_reference"])
    assert any("Insufficient" in line for line in lines)
    assert_captured_once(store.payment(payment), checkout)
    assert anew.messages
    assert not anew.order_id

    back_in_stock = store.complete(checkout, cardholder.card(cards.APPROVED))

    assert back_in_stock.code == "already_paid"
    (order,) = eventually(lambda: store.orders(checkout))
    # Saleor's older paymentStatus looks at the newest payment, paid or not.
    assert order["chargeStatus"] == "FULL"
    assert_captured_once(store.payment(payment), checkout)
    assert len(sandbox.charges(checkout.email)) == 1


def test_pay_pressed_again_when_the_product_is_back(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """The money is there: the card is not charged a second time."""
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PENDING))
    store.set_stock("RWF", 0)
    try:
        sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])
        sandbox.wait_for_webhook(checkout.email)
    finally:
        store.set_stock("RWF", 1_000_000)

    assert store.complete(checkout, cardholder.card(cards.APPROVED)).order_id

    assert len(sandbox.charges(checkout.email)) == 1
    assert_paid_once(store, sandbox, checkout)
