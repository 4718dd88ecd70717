"""What can be paid by transactions alone, and what can then go wrong."""

import pytest

from tests.browser.customer import Customer
from tests.scenarios import cards
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store


@pytest.fixture
def order_id(customer: Customer, store: Store) -> str:
    """The customer's order, placed on account: nothing of it is paid."""
    store.change_channel("RWF", orderSettings={"allowUnpaidOrders": True})
    order_id = store.complete(customer.checkout).order_id
    store.change_channel("RWF", orderSettings={"allowUnpaidOrders": False})
    assert order_id
    return order_id


def test_order_is_paid_and_not_asked_for_again(
    customer: Customer, order_id: str, store: Store, sandbox: Sandbox
) -> None:
    customer.opens_shop(order=order_id)
    customer.pays_with(cards.PIN_THEN_OTP)
    customer.answers_pin()
    customer.answers_otp()
    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)

    customer.opens_shop(order=order_id)
    customer.sees_order()


def test_bank_sends_the_customer_back_to_the_order(
    customer: Customer, order_id: str, store: Store, sandbox: Sandbox
) -> None:
    customer.opens_shop(order=order_id)
    customer.pays_with(cards.BANK_PAGE)
    customer.approves_at_bank()

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)
