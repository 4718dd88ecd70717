"""Only what there is to pay is charged, and nothing is ever charged as 0."""

from collections.abc import Callable, Iterator

import pytest

from tests.scenarios import cards
from tests.scenarios.apis import only_with_payments, only_with_transactions
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.shop import Checkout, PromoCode
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import TransactionsStore


def _free_product(store: Store) -> Checkout:
    return store.new_free_checkout()


def _voucher_for_all(store: Store) -> Checkout:
    return store.add_promo_code(store.new_checkout(), store.new_voucher("12000"))


def _gift_card_for_all(store: Store) -> Checkout:
    return store.add_promo_code(store.new_checkout(), store.new_gift_card("20000"))


FREE_CHECKOUTS = [_free_product, _voucher_for_all, _gift_card_for_all]
free_checkouts = pytest.mark.parametrize(
    "free_checkout", FREE_CHECKOUTS, ids=["product", "voucher", "gift card"]
)


@pytest.fixture
def no_automatic_completion(store: Store) -> Iterator[None]:
    """Of a checkout whose gift card pays all, Saleor makes an order within a second."""
    if isinstance(store, TransactionsStore):
        with store.no_automatic_completion():
            yield
    else:
        yield


# --- nothing to pay -----------------------------------------------------------------


@pytest.mark.usefixtures("no_automatic_completion")
@only_with_transactions
@free_checkouts
@pytest.mark.parametrize("amount", ["0", "12000"])
def test_card_for_a_checkout_that_costs_nothing(
    store: TransactionsStore,
    sandbox: Sandbox,
    cardholder: Cardholder,
    free_checkout: Callable[[Store], Checkout],
    amount: str,
) -> None:
    """The customer completes it without a payment."""
    checkout = free_checkout(store)
    assert float(checkout.total) == 0
    before = sandbox.payment_requests()

    press = store.new_press(checkout, amount)
    refused = store.initialize(press, cardholder.card(cards.APPROVED))

    assert refused.code == "nothing_to_pay"
    assert sandbox.payment_requests() == before
    assert store.complete_checkout(checkout).order_id
    assert store.order(checkout)["chargeStatus"] == "FULL"


@only_with_payments
@free_checkouts
def test_pay_for_a_checkout_that_costs_nothing(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    free_checkout: Callable[[Store], Checkout],
) -> None:
    """Saleor makes no payment for it, and asks no plugin."""
    checkout = free_checkout(store)
    before = sandbox.payment_requests()

    done = store.complete(checkout, cardholder.card(cards.APPROVED))

    assert done.order_id
    assert sandbox.payment_requests() == before


@pytest.mark.usefixtures("no_automatic_completion")
@pytest.mark.parametrize(
    "pays_all", [Store.new_voucher, Store.new_gift_card], ids=["voucher", "gift card"]
)
def test_nothing_is_left_to_pay_when_the_pin_is_typed(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    pays_all: Callable[[Store, str], PromoCode],
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    store.add_promo_code(checkout, pays_all(store, "12000"))

    told = store.complete(checkout, cardholder.pin())

    assert sandbox.charge(checkout.email)["authorize_requests"] == 0
    if isinstance(store, TransactionsStore):
        assert told.code == "nothing_to_pay"
        assert store.complete_checkout(checkout).order_id
    else:
        # Saleor itself makes the order, and asks no plugin.
        assert told.order_id


# --- another amount than there is to pay --------------------------------------------


@only_with_transactions
@pytest.mark.parametrize("currency", ["RWF", "USD"])
@pytest.mark.parametrize("amount", ["0", "0.001"])
@pytest.mark.parametrize("kind", ["checkout", "order"])
def test_amount_that_is_nothing(
    store: TransactionsStore,
    sandbox: Sandbox,
    cardholder: Cardholder,
    kind: str,
    amount: str,
    currency: str,
) -> None:
    paid_for = (
        store.new_order(currency) if kind == "order" else store.new_checkout(currency)
    )
    before = sandbox.payment_requests()

    press = store.new_press(paid_for, amount)
    refused = store.initialize(press, cardholder.card(cards.APPROVED))

    assert refused.code == "amount_not_chargeable"
    assert sandbox.payment_requests() == before
    assert store.pay(paid_for, cardholder.card(cards.APPROVED)).order_id


@only_with_transactions
@pytest.mark.parametrize("amount", ["12001", "99999999999999"])
@pytest.mark.parametrize("kind", ["checkout", "order"])
def test_amount_that_is_too_much(
    store: TransactionsStore,
    sandbox: Sandbox,
    cardholder: Cardholder,
    kind: str,
    amount: str,
) -> None:
    paid_for = store.new_order() if kind == "order" else store.new_checkout()
    before = sandbox.payment_requests()

    press = store.new_press(paid_for, amount)
    refused = store.initialize(press, cardholder.card(cards.APPROVED))

    assert refused.code == "more_than_due"
    assert sandbox.payment_requests() == before
    assert store.pay(paid_for, cardholder.card(cards.APPROVED)).order_id


@only_with_transactions
def test_whole_price_although_a_gift_card_pays_a_part(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.add_promo_code(store.new_checkout(), store.new_gift_card("5000"))
    before = sandbox.payment_requests()

    press = store.new_press(checkout, "12000")
    refused = store.initialize(press, cardholder.card(cards.APPROVED))

    assert refused.code == "more_than_due"
    assert sandbox.payment_requests() == before


@pytest.mark.parametrize(
    "pays_part", [Store.new_voucher, Store.new_gift_card], ids=["voucher", "gift card"]
)
def test_rest_that_a_voucher_or_gift_card_leaves(
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    pays_part: Callable[[Store, str], PromoCode],
) -> None:
    promo_code = pays_part(store, "5000")
    checkout = store.add_promo_code(store.new_checkout(), promo_code)
    assert checkout.total == "7000.0"

    assert store.pay(checkout, cardholder.card(cards.PIN)).asks_for == "pin"
    assert store.complete(checkout, cardholder.pin()).order_id

    assert_paid_once(store, sandbox, checkout)


def test_goods_that_are_shipped(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """Their delivery is paid with them."""
    checkout = store.new_shipped_checkout()
    assert checkout.total == "13500.0"

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id

    assert_paid_once(store, sandbox, checkout)
