"""The store's server dies in the middle of a payment."""

import threading

import pytest
import requests

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store


@pytest.fixture
def interrupted(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> Checkout:
    """A checkout whose server was killed between the charge and its answer.

    The charge succeeded, nothing of it is in the database, and its webhook is held.
    """
    checkout = store.new_checkout()
    store.create_payment(checkout)
    sandbox.order_fault("webhook", hold=True)
    sandbox.order_fault("charge", delay=8)

    def press_pay() -> None:
        with pytest.raises(requests.RequestException):
            store.complete(checkout, cardholder.card(cards.APPROVED))

    customer = threading.Thread(target=press_pay)
    customer.start()
    eventually(lambda: sandbox.charges(checkout.email))
    host.kill()
    customer.join()
    host.start()
    return checkout


def test_webhook_after_the_restart_makes_the_order(
    store: Store, sandbox: Sandbox, interrupted: Checkout
) -> None:
    sandbox.release_webhook(interrupted.email)

    assert_paid_once(store, sandbox, interrupted)


def test_pay_pressed_again_after_the_restart(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, interrupted: Checkout
) -> None:
    again = store.complete(interrupted, cardholder.card(cards.APPROVED))

    assert again.asks_for == "wait"
    assert sandbox.charge(interrupted.email)["charge_requests"] == 1
    sandbox.release_webhook(interrupted.email)
    assert_paid_once(store, sandbox, interrupted)


def test_pay_pressed_again_when_the_cache_is_lost_too(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    interrupted: Checkout,
) -> None:
    """The same press carries the same idempotency key, which DGS-Pay takes once."""
    run_in_store(host, "from django.core.cache import cache; cache.clear()")

    again = store.complete(interrupted, cardholder.card(cards.APPROVED))

    assert again.asks_for == "wait"
    assert len(sandbox.charges(interrupted.email)) == 1
    sandbox.release_webhook(interrupted.email)
    assert_paid_once(store, sandbox, interrupted)


def test_new_payment_after_the_restart(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    interrupted: Checkout,
) -> None:
    """Saleor itself refuses a new payment for the first three minutes."""
    _let_three_minutes_pass(host)

    again = store.pay(interrupted, cardholder.card(cards.APPROVED))

    assert again.code == "payment_in_doubt"
    assert len(sandbox.charges(interrupted.email)) == 1


def _let_three_minutes_pass(host: Host) -> None:
    """Release the checkouts that a dead server has left locked, as Saleor would."""
    run_in_store(
        host,
        "from saleor.checkout.models import Checkout;"
        "Checkout.objects.update(completing_started_at=None)",
    )
