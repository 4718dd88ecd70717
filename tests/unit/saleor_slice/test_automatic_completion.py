"""Checkouts that become orders once they are paid, without checkoutComplete."""

import pytest
from saleor.checkout.tasks import trigger_automatic_checkout_completion_task

from .shop import Shop


@pytest.fixture
def completing_shop(shop: Shop) -> Shop:
    shop.change_channel(
        checkoutSettings={"automaticCompletion": {"enabled": True, "delay": 0}}
    )
    return shop


def test_a_paid_checkout_is_completed(completing_shop: Shop) -> None:
    checkout = completing_shop.new_checkout()
    completing_shop.initialize(checkout, "CHARGE_SUCCESS")

    trigger_automatic_checkout_completion_task()

    assert completing_shop.checkout(checkout) is None
    order = completing_shop.order(completing_shop.complete(checkout)["order"]["id"])
    assert order["chargeStatus"] == "FULL"
    assert order["events"][0] == {"type": "PLACED_AUTOMATICALLY_FROM_PAID_CHECKOUT"}


def test_a_checkout_that_is_not_paid_is_left_alone(completing_shop: Shop) -> None:
    checkout = completing_shop.new_checkout()
    completing_shop.initialize(checkout, "CHARGE_SUCCESS", amount=1)

    trigger_automatic_checkout_completion_task()

    assert completing_shop.checkout(checkout)["chargeStatus"] == "PARTIAL"


def test_nothing_is_completed_unless_the_channel_is_set_so(shop: Shop) -> None:
    checkout = shop.new_checkout()
    shop.initialize(checkout, "CHARGE_SUCCESS")

    trigger_automatic_checkout_completion_task()

    assert shop.checkout(checkout)["chargeStatus"] == "FULL"


def test_older_checkouts_and_the_last_half_hour_are_left_alone(shop: Shop) -> None:
    older = shop.new_checkout()
    shop.initialize(older, "CHARGE_SUCCESS")
    changed = shop.change_channel(
        checkoutSettings={"automaticallyCompleteFullyPaidCheckouts": True}
    )
    newer = shop.new_checkout()
    shop.initialize(newer, "CHARGE_SUCCESS")

    trigger_automatic_checkout_completion_task()

    assert changed["channel"]["checkoutSettings"] == {
        "automaticallyCompleteFullyPaidCheckouts": True,
        "automaticCompletionDelay": 30,
    }
    assert shop.checkout(older) and shop.checkout(newer)
