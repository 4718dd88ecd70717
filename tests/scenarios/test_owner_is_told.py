"""Money that moved and should not have: the owner reads of it once, with the amounts.

Such a charge was right when it was sent. Its outcome came after the cart had changed.
"""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import only_with_transactions
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.records import loud_lines
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store

# The customer's request that changes the cart comes after Saleor has compared what is
# paid with it, and before Saleor locks the checkout.
MAKE_THE_ORDER_OF_A_GROWING_CART = """
from importlib import import_module
from unittest.mock import patch
from django.conf import settings
from django.utils import timezone

import_module(settings.ROOT_URLCONF)
from saleor.checkout import complete_checkout
from saleor.checkout.fetch import fetch_checkout_info, fetch_checkout_lines
from saleor.checkout.models import Checkout
from saleor.plugins.manager import get_plugins_manager

make_order = complete_checkout.create_order_from_checkout

def grow_and_make_order(*args, **options):
    checkout = Checkout.objects.get(pk={checkout!r})
    checkout.lines.update(quantity=2)
    checkout.price_expiration = timezone.now()
    checkout.save()
    return make_order(*args, **options)

checkout = Checkout.objects.get(pk={checkout!r})
manager = get_plugins_manager(allow_replica=False)
lines, _ = fetch_checkout_lines(checkout)
with patch.object(complete_checkout, "create_order_from_checkout", grow_and_make_order):
    complete_checkout.complete_checkout(
        manager=manager,
        checkout_info=fetch_checkout_info(checkout, lines, manager),
        lines=lines,
        payment_data={{}},
        store_source=False,
        user=None,
        app=None,
    )
"""

Finding = Callable[[Host, Store, Sandbox, Cardholder, Checkout], str]
"""Find out that a charge succeeded; return what the command that did so has written."""


def _by_webhook(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
) -> str:
    sandbox.settle(_reference(sandbox, checkout))
    sandbox.wait_for_webhook(checkout.email)
    return ""


def _by_asking(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
) -> str:
    sandbox.change_charge(
        _reference(sandbox, checkout), transaction_status="successful"
    )
    store.complete(checkout, cardholder.waiting())
    return ""


def _by_another_press(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
) -> str:
    sandbox.change_charge(
        _reference(sandbox, checkout), transaction_status="successful"
    )
    store.pay(store.as_it_is_now(checkout), cardholder.card(cards.APPROVED))
    return ""


def _by_reconcile(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    checkout: Checkout,
) -> str:
    sandbox.change_charge(
        _reference(sandbox, checkout), transaction_status="successful"
    )
    done = host.manage("dgspay_reconcile", "--since=1h")
    return done.stderr


PATHS = {
    "webhook": _by_webhook,
    "poll": _by_asking,
    "press": _by_another_press,
    "reconcile": _by_reconcile,
}
all_paths = pytest.mark.parametrize("find_out", PATHS.values(), ids=PATHS.keys())


@all_paths
def test_charge_that_is_too_much(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    find_out: Finding,
) -> None:
    since = datetime.now(UTC).isoformat()
    checkout = _pending_for_two(store, cardholder)
    store.change_quantity(checkout, 1)

    written = find_out(host, store, sandbox, cardholder, checkout)

    reference = _reference(sandbox, checkout)
    (line,) = _lines(host, reference, written)
    assert "24000" in line
    assert "12000" in line
    # Whoever looks once more finds nothing new to say.
    sandbox.send_webhook(reference, "payment.success")
    again = host.manage("dgspay_reconcile", f"--since={since}")
    assert _lines(host, reference, written) == [line]
    assert not _lines_of(again.stderr, reference)
    assert _names_overcharge(again.stdout, store, checkout)
    assert again.returncode == 1


@pytest.mark.parametrize("path", ["webhook", "reconcile"])
def test_charge_for_what_cannot_become_an_order(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder, path: str
) -> None:
    _assert_told_once_without_order(host, store, sandbox, cardholder, PATHS[path])


@only_with_transactions
@pytest.mark.parametrize("path", ["poll", "press"])
def test_customer_finds_a_charge_for_what_cannot_become_an_order(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder, path: str
) -> None:
    """By the Payments API Saleor refuses the customer before it asks the plugin."""
    _assert_told_once_without_order(host, store, sandbox, cardholder, PATHS[path])


@only_with_transactions
def test_order_of_a_cart_that_grew_while_saleor_made_it(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    with store.no_automatic_completion():
        store.pay(checkout, cardholder.card(cards.PENDING))
        _by_webhook(host, store, sandbox, cardholder, checkout)
        token = base64.b64decode(checkout.id).decode().partition(":")[2]
        run_in_store(host, MAKE_THE_ORDER_OF_A_GROWING_CART.format(checkout=token))

    order = store.order(checkout)
    assert order["chargeStatus"] == "PARTIAL"
    reconciled = host.manage("dgspay_reconcile", "--since=1h")
    assert reconciled.returncode == 1
    (line,) = re.findall(rf".*Order {order['number']}:.*", reconciled.stdout)
    assert "only 12000 RWF was paid of a total of 24000 RWF" in line


def _assert_told_once_without_order(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    find_out: Finding,
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PENDING))
    reference = _reference(sandbox, checkout)

    with store.sold_out():
        written = find_out(host, store, sandbox, cardholder, checkout)
        (line,) = eventually(lambda: _lines(host, reference, written))
        assert "12000" in line
        sandbox.send_webhook(reference, "payment.success")
        again = host.manage("dgspay_reconcile", "--since=1h")

    assert _lines(host, reference, written) == [line]
    assert not _lines_of(again.stderr, reference)


def _pending_for_two(store: Store, cardholder: Cardholder) -> Checkout:
    checkout = store.new_checkout()
    store.change_quantity(checkout, 2)
    checkout = store.as_it_is_now(checkout)
    assert store.pay(checkout, cardholder.card(cards.PENDING)).asks_for == "wait"
    return checkout


def _reference(sandbox: Sandbox, checkout: Checkout) -> str:
    reference: str = sandbox.charges(checkout.email)[0]["dgs_reference"]
    return reference


def _lines(host: Host, reference: str, written: str) -> list[str]:
    """What was logged for the owner, by the server or by a command."""
    return [*loud_lines(host, reference), *_lines_of(written, reference)]


def _lines_of(written: str, reference: str) -> list[str]:
    return [
        line
        for line in written.splitlines()
        if reference in line and ("ERROR" in line or "CRITICAL" in line)
    ]


def _names_overcharge(report: str, store: Store, checkout: Checkout) -> bool:
    """Whether a line of the report is about what this customer paid too much."""
    names = [base64.b64decode(checkout.id).decode().partition(":")[2]]
    names += [f"Order {order['number']}:" for order in store.orders(checkout)]
    return any(
        name in line and "24000" in line and "12000" in line
        for line in report.splitlines()
        for name in names
    )
