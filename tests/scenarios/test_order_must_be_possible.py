"""No card is charged for what cannot become an order.

By the Payments API Saleor looks at the checkout itself before it asks for the payment.
By the Transactions API it looks only after the money has moved, so the plugin does it.
"""

import pytest

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import PAYMENTS, only_with_transactions
from tests.scenarios.cardholder import Cardholder, PaymentData
from tests.scenarios.in_store import run_in_store
from tests.scenarios.obstacles import LACKS, OBSTACLES
from tests.scenarios.records import assert_paid_once, successful_charges
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import (
    BILLING_ADDRESS,
    SHIPPING_ADDRESS,
    Checkout,
    MutationRefused,
)
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import TransactionsStore

EXPIRE_ORDER = """
from saleor.order.models import Order

assert Order.objects.filter(user_email="{email}").update(status="{status}") == 1
"""


@pytest.mark.parametrize("name", LACKS)
def test_checkout_that_lacks_something(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, name: str
) -> None:
    checkout = LACKS[name].cart(store)
    before = sandbox.payment_requests()

    code = _refusal(store, checkout, cardholder.card(cards.APPROVED))

    _assert_code(store, code, LACKS[name].code)
    assert sandbox.payment_requests() == before
    assert not store.orders(checkout)


def test_what_was_lacking_is_added(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_cart(store.channel("RWF").shipped_variant_id)
    assert _refusal(store, checkout, cardholder.card(cards.APPROVED))

    store.change_billing_address(checkout, BILLING_ADDRESS)
    store.change_shipping_address(checkout, SHIPPING_ADDRESS)
    store.choose_delivery(checkout)
    checkout = store.as_it_is_now(checkout)

    assert checkout.total == "13500.0"
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


@pytest.mark.parametrize("name", OBSTACLES)
def test_obstacle_before_pay_is_pressed(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder, name: str
) -> None:
    obstacle = OBSTACLES[name]
    checkout = obstacle.cart(store)

    with obstacle.arises(host, store, checkout):
        before = sandbox.payment_requests()
        code = _refusal(store, checkout, cardholder.card(cards.APPROVED))
        assert sandbox.payment_requests() == before

    _assert_code(store, code, obstacle.code)
    assert not store.orders(checkout)
    if obstacle.can_be_mended:
        assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
        assert_paid_once(store, sandbox, checkout)


@pytest.mark.parametrize("name", OBSTACLES)
def test_obstacle_before_the_pin_is_typed(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder, name: str
) -> None:
    """The customer types the PIN once more when the obstacle is gone."""
    obstacle = OBSTACLES[name]
    checkout = obstacle.cart(store)
    assert store.pay(checkout, cardholder.card(cards.PIN)).asks_for == "pin"

    with obstacle.arises(host, store, checkout):
        refused = store.complete(checkout, cardholder.pin())

    assert not refused.order_id
    if store.api == PAYMENTS:
        assert refused.messages
    else:
        assert refused.code == obstacle.code
    assert sandbox.charge(checkout.email)["authorize_requests"] == 0
    assert not store.orders(checkout)
    if obstacle.can_be_mended:
        assert store.complete(checkout, cardholder.pin()).order_id
        assert_paid_once(store, sandbox, checkout)


@only_with_transactions
def test_gift_card_that_somebody_else_has_used_up(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """What was asked for is no more than there is to pay now; the rest is paid too."""
    gift_card = store.new_gift_card("5000")
    checkout = store.add_promo_code(store.new_checkout(), gift_card)
    other = store.add_promo_code(store.new_checkout(), gift_card)
    store.pay(checkout, cardholder.card(cards.PIN))
    assert store.pay(other, cardholder.card(cards.APPROVED)).order_id

    part = store.complete(checkout, cardholder.pin())

    assert not part.order_id
    rest = store.new_press(checkout, "5000")
    assert store.initialize(rest, cardholder.card(cards.APPROVED)).event
    (order,) = eventually(lambda: store.orders(checkout))
    assert order["chargeStatus"] == "FULL"
    assert order["total"]["gross"]["amount"] == 12000
    assert len(successful_charges(sandbox, checkout)) == 2


# --- orders -------------------------------------------------------------------------


@only_with_transactions
@pytest.mark.parametrize("status", ["canceled", "expired"])
def test_order_that_is_not_to_be_paid_any_more(
    host: Host,
    store: TransactionsStore,
    sandbox: Sandbox,
    cardholder: Cardholder,
    status: str,
) -> None:
    order = store.new_order()
    asked = store.initialize(store.new_press(order), cardholder.card(cards.PIN))
    if status == "canceled":
        store.cancel_order(order.id)
    else:
        run_in_store(host, EXPIRE_ORDER.format(email=order.email, status=status))
    before = sandbox.payment_requests()

    assert asked.transaction_id
    late = store.process(asked.transaction_id, cardholder.pin())
    anew = store.initialize(store.new_press(order), cardholder.card(cards.APPROVED))

    assert late.code == anew.code == "order_not_payable"
    assert sandbox.payment_requests() == before
    assert store.order_with(order.id)["chargeStatus"] == "NONE"


def _refusal(store: Store, checkout: Checkout, data: PaymentData) -> str | None:
    """Pay, and return why that is refused: the plugin's code, or one of Saleor's."""
    try:
        refused = store.pay(checkout, data)
    except MutationRefused as error:
        return str(error.codes[0])
    assert not refused.order_id
    assert not refused.confirmation
    assert refused.messages
    return refused.code


def _assert_code(store: Store, code: str | None, expected: str) -> None:
    """By the Payments API the words are Saleor's."""
    if store.api != PAYMENTS:
        assert code == expected
