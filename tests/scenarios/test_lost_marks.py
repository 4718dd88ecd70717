"""The server dies after a request, and the cache loses all that it held.

What was sent is known from the database then, so that nothing is sent twice.
"""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import PAYMENTS
from tests.scenarios.cardholder import Cardholder, PaymentData
from tests.scenarios.in_store import run_in_store
from tests.scenarios.records import assert_paid_once, successful_charges
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store

LONGER_THAN_A_KILL_TAKES = 8
EMPTY_CACHE = "from django.core.cache import cache; cache.clear()"
# Saleor refuses a new payment for three minutes after a completion began.
THREE_MINUTES_LATER = """
from saleor.checkout.models import Checkout

Checkout.objects.update(completing_started_at=None)
"""
AGREE = "Saleor and DGS-Pay agree."


@pytest.fixture(autouse=True)
def webhooks_are_late(sandbox: Sandbox) -> Iterator[None]:
    sandbox.order_fault("webhook", hold=True, times=2)
    yield
    sandbox.release_webhooks()


def test_pay_is_pressed_again(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.create_payment(checkout)
    _killed_in(host, store, sandbox, checkout, cardholder.card(cards.APPROVED))

    again = store.complete(checkout, cardholder.card(cards.APPROVED))

    assert again.asks_for == "wait"
    assert sandbox.charge(checkout.email)["charge_requests"] == 1
    _webhook_comes(sandbox, checkout)
    assert_paid_once(store, sandbox, checkout)


def test_second_card_after_the_charge_of_the_first(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.create_payment(checkout)
    _killed_in(host, store, sandbox, checkout, cardholder.card(cards.APPROVED))
    run_in_store(host, THREE_MINUTES_LATER)

    refused = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert refused.code == "payment_in_doubt"
    assert len(sandbox.charges(checkout.email)) == 1
    _webhook_comes(sandbox, checkout)
    eventually(lambda: _is_paid(store, checkout))
    assert len(successful_charges(sandbox, checkout)) == 1


def test_pin_is_typed_again(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    _killed_in(host, store, sandbox, checkout, cardholder.pin())

    again = store.complete(checkout, cardholder.pin())

    assert again.order_id or again.asks_for == "wait"
    assert sandbox.charge(checkout.email)["authorize_requests"] == 1
    _webhook_comes(sandbox, checkout)
    assert_paid_once(store, sandbox, checkout)


def test_second_card_after_the_pin_of_the_first(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """The first card may be asked about: its reference is known."""
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    _killed_in(host, store, sandbox, checkout, cardholder.pin())
    run_in_store(host, THREE_MINUTES_LATER)

    refused = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert refused.code in ("payment_in_doubt", "already_paid")
    assert len(sandbox.charges(checkout.email)) == 1
    _webhook_comes(sandbox, checkout)
    eventually(lambda: _is_paid(store, checkout))
    assert len(successful_charges(sandbox, checkout)) == 1


def test_reconcile_while_the_outcome_is_not_known(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """What is left aside because it is young is not called agreement."""
    since = datetime.now(UTC).isoformat()
    checkout = store.new_checkout()
    store.create_payment(checkout)
    _killed_in(host, store, sandbox, checkout, cardholder.card(cards.APPROVED))

    done = host.manage("dgspay_reconcile", f"--since={since}")

    assert AGREE not in done.stdout
    _webhook_comes(sandbox, checkout)
    assert_paid_once(store, sandbox, checkout)


def _killed_in(
    host: Host, store: Store, sandbox: Sandbox, checkout: Checkout, step: PaymentData
) -> None:
    """Kill the server after a step has arrived at DGS-Pay, and lose the cache."""
    kind = "charge" if step["type"] == "card" else "authorize"
    sandbox.order_fault(kind, delay=LONGER_THAN_A_KILL_TAKES)

    def press() -> None:
        with pytest.raises(requests.RequestException):
            store.complete(checkout, step)

    customer = threading.Thread(target=press)
    customer.start()
    eventually(
        lambda: any(c[f"{kind}_requests"] for c in sandbox.charges(checkout.email))
    )
    host.kill()
    customer.join()
    run_in_store(host, EMPTY_CACHE)
    host.start()


def _webhook_comes(sandbox: Sandbox, checkout: Checkout) -> None:
    sandbox.release_webhook(checkout.email)
    sandbox.wait_for_webhook(checkout.email)


def _is_paid(store: Store, checkout: Checkout) -> bool:
    """Whether the money is counted, by whichever payment it came.

    By the Payments API it came by one that is no longer the checkout's, and the owner
    is told to make the order.
    """
    orders = store.orders(checkout)
    return bool(orders) or store.api == PAYMENTS
