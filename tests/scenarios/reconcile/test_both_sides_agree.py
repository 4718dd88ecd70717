"""The owner runs dgspay_reconcile, and both sides' books agree."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import (
    only_with_payments,
    only_with_transactions,
    whatever_the_api,
)
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.later import manage_later
from tests.scenarios.reconcile.books import (
    AGREE,
    MINUTES_TO_WAIT_FOR_AN_OUTCOME,
    Reconciliation,
    decide,
    kill_while_paying,
    line_of,
    ordered,
    pending,
)
from tests.scenarios.records import assert_captured_once, assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import TransactionsStore

FORGET_REQUEST = """
from saleor.payment.models import TransactionEvent

events = TransactionEvent.objects.filter(transaction__checkout__email="{email}")
assert events.delete()[0]
"""
FORGET_PAID = """
from saleor.checkout.models import Checkout

unpaid = Checkout.objects.filter(email="{email}")
assert unpaid.update(charge_status="none", authorize_status="none") == 1
"""
FORGET_CHARGED = """
from saleor.order.models import Order

unpaid = Order.objects.filter(user_email="{email}")
assert unpaid.update(charge_status="none", total_charged_amount=0) == 1
"""


@whatever_the_api
def test_nothing_to_do(reconcile: Reconciliation) -> None:
    done = reconcile()

    assert "No payment was waiting." in done.stdout
    assert AGREE in done.stdout
    assert done.returncode == 0


def test_payment_that_was_paid_unheard(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = pending(store, cardholder)
    decide(sandbox, checkout, "successful")

    first = reconcile()

    assert "1  Paid" in first.stdout
    assert first.returncode == 0
    assert_paid_once(store, sandbox, checkout)

    # Until the order is there, it says that a young checkout is left for later.
    second = reconcile()

    assert "No payment was waiting." in second.stdout
    assert AGREE in second.stdout
    assert second.returncode == 0
    assert_paid_once(store, sandbox, checkout)


def test_payment_that_was_declined_unheard(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = pending(store, cardholder)
    decide(sandbox, checkout, "failed")

    first, second = reconcile(), reconcile()

    assert "1  Declined" in first.stdout
    assert first.returncode == 0
    assert "No payment was waiting." in second.stdout
    assert not store.orders(checkout)
    assert store.complete(checkout, cardholder.waiting()).code == "declined"
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_payment_that_dgs_pay_has_not_decided(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = pending(store, cardholder)

    done = reconcile()

    assert "1  Pending" in done.stdout
    assert done.returncode == 0
    assert store.complete(checkout, cardholder.waiting()).asks_for == "wait"


def test_server_killed_while_a_pin_was_on_its_way(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    reconcile: Reconciliation,
) -> None:
    """The reference is known since the charge, so no webhook is needed."""
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    sandbox.order_fault("webhook", drop=True)
    sandbox.order_fault("authorize", delay=8)
    kill_while_paying(
        host,
        lambda: store.complete(checkout, cardholder.pin()),
        lambda: sandbox.charge(checkout.email)["transaction_status"] == "successful",
    )

    done = reconcile()

    assert done.returncode == 0, done.stdout
    assert_paid_once(store, sandbox, checkout)


@only_with_payments
def test_captured_checkout_becomes_an_order_when_stock_is_back(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    decide(sandbox, checkout, "successful")
    store.set_stock("RWF", 0)
    try:
        sold_out = reconcile()
    finally:
        store.set_stock("RWF", 1_000_000)

    assert sold_out.returncode == 1
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    assert f"{reference}: 12000 RWF captured" in sold_out.stdout
    assert "is not an order" in sold_out.stdout
    assert_captured_once(store.payment(payment), checkout)

    dry_run = reconcile("--dry-run")

    assert "is not an order" in dry_run.stdout
    assert not store.orders(checkout)

    back_in_stock = reconcile.in_new_process()

    assert back_in_stock.returncode == 0, back_in_stock.stdout
    assert AGREE in back_in_stock.stdout
    assert_paid_once(store, sandbox, checkout)


@only_with_transactions
def test_paid_checkout_of_a_channel_that_makes_no_orders_by_itself(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    """Saleor leaves it to the customer, who may be about to come back."""
    with store.no_automatic_completion():
        checkout = pending(store, cardholder)
        decide(sandbox, checkout, "successful")
        early = reconcile()
        later = reconcile(minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)

    assert "1  Paid" in early.stdout
    assert early.returncode == 0
    line = line_of(later, sandbox.charge(checkout.email)["dgs_reference"])
    assert "12000 RWF charged" in line
    assert "is not an order" in line
    assert later.returncode == 1
    assert not store.orders(checkout)
    assert store.complete(checkout, cardholder.waiting()).order_id
    assert_paid_once(store, sandbox, checkout)
    done = reconcile(minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)
    assert done.returncode == 0, done.stdout


@only_with_transactions
def test_server_killed_before_saleor_had_counted_a_charge(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    reconcile: Reconciliation,
) -> None:
    """The transaction is charged, and its checkout does not know that it is paid."""
    with store.no_automatic_completion():
        checkout = pending(store, cardholder)
        decide(sandbox, checkout, "successful")
        assert reconcile().returncode == 0
        run_in_store(host, FORGET_PAID.format(email=checkout.email))

    dry_run = reconcile("--dry-run", minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)
    assert dry_run.returncode == 0
    assert not store.orders(checkout)
    counted = reconcile(minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)
    assert counted.returncode == 0, counted.stdout
    again = reconcile(minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)
    assert "is not an order" in again.stdout
    assert store.complete(checkout).order_id
    assert_paid_once(store, sandbox, checkout)


@only_with_transactions
def test_server_killed_before_saleor_had_counted_a_charge_of_an_order(
    host: Host,
    store: TransactionsStore,
    cardholder: Cardholder,
    reconcile: Reconciliation,
) -> None:
    order = store.new_order()
    assert store.pay(order, cardholder.card(cards.APPROVED)).order_id
    run_in_store(host, FORGET_CHARGED.format(email=order.email))

    dry_run = reconcile("--dry-run", minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)
    assert dry_run.returncode == 0, dry_run.stdout
    assert store.order_with(order.id)["chargeStatus"] == "NONE"
    for _ in range(2):
        done = reconcile(minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)
        assert done.returncode == 0, done.stdout
        paid = store.order_with(order.id)
        assert paid["chargeStatus"] == "FULL"
        assert_captured_once(paid["payments"][0], order)


@only_with_transactions
def test_server_killed_before_it_had_noted_what_is_to_be_charged(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    reconcile: Reconciliation,
) -> None:
    """Saleor has made the transaction, and has not yet asked the plugin."""
    checkout = store.new_checkout()
    store.pay(checkout, {"type": "card"})
    run_in_store(host, FORGET_REQUEST.format(email=checkout.email))

    assert reconcile().returncode == 0
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_two_reconciliations_at_once(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkouts = [pending(store, cardholder) for _ in range(6)]
    for checkout in checkouts:
        decide(sandbox, checkout, "successful")

    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(reconcile), threads.submit(reconcile)]

    assert [run.result().returncode for run in runs] == [0, 0]
    for checkout in checkouts:
        assert_paid_once(store, sandbox, checkout)


# How it is run


def test_dry_run_changes_nothing(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    reconcile: Reconciliation,
) -> None:
    checkout = pending(store, cardholder)
    decide(sandbox, checkout, "successful")
    before = host.database_text()

    done = reconcile("--dry-run")

    assert "1  Paid" in done.stdout
    assert "Nothing was changed (--dry-run)." in done.stdout
    assert host.database_text() == before
    assert reconcile().returncode == 0
    assert_paid_once(store, sandbox, checkout)


@whatever_the_api
@pytest.mark.parametrize(
    "since", ["36h", "7d", "2026-01-31", "2026-01-31 12:30", "2026-01-31T12:30:00Z"]
)
def test_since_when(
    host: Host, store: Store, cardholder: Cardholder, since: str
) -> None:
    ordered(store, cardholder)

    done = host.manage("dgspay_reconcile", f"--since={since}", "--dry-run")

    assert "payments since 20" in done.stdout
    assert "Traceback" not in done.stderr


@whatever_the_api
@pytest.mark.parametrize("since", ["yesterday", "2026-02-31", "-3h", "3w"])
def test_since_a_time_that_is_none(host: Host, store: Store, since: str) -> None:
    done = host.manage("dgspay_reconcile", f"--since={since}")

    assert "argument --since" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 2


def test_older_payments_are_left_alone(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = pending(store, cardholder)
    decide(sandbox, checkout, "successful")

    done = manage_later(host, 120, "dgspay_reconcile", "--since=1h")

    assert "No payment was waiting." in done.stdout
    assert not store.orders(checkout)
