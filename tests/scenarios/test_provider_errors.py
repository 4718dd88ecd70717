"""DGS-Pay refuses, or cannot be reached: nothing was charged, and that is said."""

import pytest

from tests.scenarios import cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import assert_nothing_paid, assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store


@pytest.mark.parametrize("error_code", ["90", "91", "92"])
def test_refused_charge(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, error_code: str
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("charge", error_code=error_code)

    refused = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert refused.code == "provider_refused"
    assert_nothing_paid(store, sandbox, checkout)
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_refused_pin_may_be_answered_again(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    sandbox.order_fault("authorize", error_code="90")

    refused = store.complete(checkout, cardholder.pin())

    assert refused.code == "provider_refused"
    assert store.complete(checkout, cardholder.pin()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_provider_is_down_and_comes_back(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    sandbox.stop()
    try:
        refused = store.pay(checkout, cardholder.card(cards.APPROVED))
    finally:
        sandbox.start()

    assert refused.code == "provider_unavailable"
    assert not store.orders(checkout)
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)
