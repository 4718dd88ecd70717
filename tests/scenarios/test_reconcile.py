"""The owner runs dgspay_reconcile, and both sides' books agree or a person is told."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import requests

from dgspay_plugin.sandbox import credentials
from tests.conftest import HOSTS, running
from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import (
    APIS,
    only_with_payments,
    only_with_transactions,
    open_store,
    whatever_the_api,
)
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.later import manage_later
from tests.scenarios.records import (
    assert_captured_once,
    assert_not_captured,
    assert_paid_once,
)
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import TransactionsStore

Done = subprocess.CompletedProcess[str]

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
AGREE = "Saleor and DGS-Pay agree."
# Longer than an outcome that is not known is waited for.
MINUTES_TO_WAIT_FOR_AN_OUTCOME = 20


@pytest.fixture(scope="module", params=HOSTS)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """A store of this suite's own: what other scenarios leave behind needs a person."""
    with running(request.param) as host:
        yield host


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"))
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module", params=APIS)
def store(
    request: pytest.FixtureRequest, host: Host, sandbox: Sandbox
) -> Iterator[Store]:
    with open_store(request.param, host, sandbox) as store:
        yield store


class Reconciliation:
    """Runs dgspay_reconcile over what was paid since one scenario began."""

    def __init__(self, host: Host) -> None:
        self._host = host
        # DGS-Pay names the second of a charge and no fraction of it: what an earlier
        # scenario has charged in this one would be taken for this scenario's.
        time.sleep(1 - datetime.now(UTC).microsecond / 1e6)
        self._since = f"--since={datetime.now(UTC).isoformat()}"

    def __call__(self, *arguments: str, minutes_later: int = 0) -> Done:
        return self._checked(
            manage_later(
                self._host, minutes_later, "dgspay_reconcile", self._since, *arguments
            )
        )

    def in_new_process(self) -> Done:
        """As an operator runs it, whose process has to load Saleor."""
        return self._checked(
            self._host.manage_in_new_process("dgspay_reconcile", self._since)
        )

    @staticmethod
    def _checked(done: Done) -> Done:
        assert "Traceback" not in done.stderr, done.stderr
        for secret in (credentials.API_KEY, credentials.WEBHOOK_SECRET):
            assert secret not in done.stdout + done.stderr
        return done


@pytest.fixture
def reconcile(host: Host, store: Store) -> Reconciliation:
    return Reconciliation(host)


# --- both sides can be brought to agree ---------------------------------------------


@whatever_the_api
def test_nothing_to_do(reconcile: Reconciliation) -> None:
    done = reconcile()

    assert "No payment was waiting." in done.stdout
    assert AGREE in done.stdout
    assert done.returncode == 0


def test_payment_that_was_paid_unheard(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = _pending(store, cardholder)
    _decide(sandbox, checkout, "successful")

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
    checkout = _pending(store, cardholder)
    _decide(sandbox, checkout, "failed")

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
    checkout = _pending(store, cardholder)

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
    _kill_while_paying(
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
    _decide(sandbox, checkout, "successful")
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
    store.complete_paid_checkouts(enabled=False)
    try:
        checkout = _pending(store, cardholder)
        _decide(sandbox, checkout, "successful")
        early = reconcile()
        later = reconcile(minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)
    finally:
        store.complete_paid_checkouts(enabled=True)

    assert "1  Paid" in early.stdout
    assert early.returncode == 0
    line = _line(later, sandbox.charge(checkout.email)["dgs_reference"])
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
    store.complete_paid_checkouts(enabled=False)
    try:
        checkout = _pending(store, cardholder)
        _decide(sandbox, checkout, "successful")
        assert reconcile().returncode == 0
        run_in_store(host, FORGET_PAID.format(email=checkout.email))
    finally:
        store.complete_paid_checkouts(enabled=True)

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
    checkouts = [_pending(store, cardholder) for _ in range(6)]
    for checkout in checkouts:
        _decide(sandbox, checkout, "successful")

    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(reconcile), threads.submit(reconcile)]

    assert [run.result().returncode for run in runs] == [0, 0]
    for checkout in checkouts:
        assert_paid_once(store, sandbox, checkout)


# --- a person is told ---------------------------------------------------------------


def test_server_killed_before_the_reference_was_known(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    reconcile: Reconciliation,
) -> None:
    """Without webhooks nothing tells the store which charge was for this payment."""
    checkout = store.new_checkout()
    store.create_payment(checkout)
    sandbox.order_fault("webhook", drop=True)
    sandbox.order_fault("charge", delay=8)
    _kill_while_paying(
        host,
        lambda: store.complete(checkout, cardholder.card(cards.APPROVED)),
        lambda: sandbox.charges(checkout.email),
    )
    charge = sandbox.charge(checkout.email)
    hour = f"{datetime.now(UTC):%Y-%m-%d %H:}"

    early = reconcile()
    later = reconcile(minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)

    # For some minutes a webhook may still tell.
    assert "Charges of the last 15 minutes are not settled" in early.stdout
    assert AGREE not in early.stdout
    assert early.returncode == 0
    unanswered = _line(later, "the answer to its charge")
    assert "12000 RWF" in unanswered
    assert hour in unanswered
    paid_there = _line(later, charge["dgs_reference"])
    assert "12000 RWF" in paid_there
    assert hour in paid_there
    assert "no payment here knows it" in paid_there
    assert later.returncode == 1
    assert not store.orders(checkout)


@whatever_the_api
def test_charge_that_no_payment_here_has_made(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    """Another shop may be paid into the same account, which the owner must tell."""
    foreign = _charge_elsewhere(sandbox, cardholder)

    done = reconcile(minutes_later=MINUTES_TO_WAIT_FOR_AN_OUTCOME)

    line = _line(done, foreign)
    assert "500 RWF" in line
    assert "no payment here knows it" in line
    assert done.returncode == 1


def test_charge_of_another_amount(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    _decide(sandbox, checkout, "successful", amount=100)
    reference = sandbox.charge(checkout.email)["dgs_reference"]

    first, second = reconcile(), reconcile()

    for done in (first, second):
        assert "charged 100 RWF" in _line(done, reference)
        assert done.returncode == 1
    assert_not_captured(store.payment(payment))
    assert not store.orders(checkout)


def test_capture_of_another_amount_than_the_provider_s(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = _ordered(store, cardholder)
    _decide(sandbox, checkout, "successful", amount=11000)

    done = reconcile()

    reference = sandbox.charge(checkout.email)["dgs_reference"]
    assert "captured 12000 RWF here, 11000 RWF there" in _line(done, reference)
    assert done.returncode == 1


def test_capture_that_the_provider_does_not_have(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = _ordered(store, cardholder)
    _decide(sandbox, checkout, "failed")

    done = reconcile()

    reference = sandbox.charge(checkout.email)["dgs_reference"]
    assert "captured here, not there" in _line(done, reference)
    assert done.returncode == 1


def test_provider_is_down(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    _pending(store, cardholder)
    sandbox.stop()
    try:
        done = reconcile()
    finally:
        sandbox.start()

    assert "DGS-Pay could not be asked about 1 payment" in done.stdout
    assert "its list of transactions could not be read" in done.stdout
    assert AGREE not in done.stdout
    assert done.returncode == 1


def test_reference_that_the_provider_does_not_know(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = _pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    # It keeps everything in memory alone.
    sandbox.stop()
    sandbox.start()

    done = reconcile()

    line = _line(done, reference)
    assert "12000 RWF" in line
    assert "does not know" in line
    assert done.returncode == 1


# --- how it is run ------------------------------------------------------------------


def test_dry_run_changes_nothing(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    reconcile: Reconciliation,
) -> None:
    checkout = _pending(store, cardholder)
    _decide(sandbox, checkout, "successful")
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
    _ordered(store, cardholder)

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
    checkout = _pending(store, cardholder)
    _decide(sandbox, checkout, "successful")

    done = manage_later(host, 120, "dgspay_reconcile", "--since=1h")

    assert "No payment was waiting." in done.stdout
    assert not store.orders(checkout)


def _pending(store: Store, cardholder: Cardholder) -> Checkout:
    """A checkout whose charge DGS-Pay has not decided."""
    checkout = store.new_checkout()
    assert store.pay(checkout, cardholder.card(cards.PENDING)).asks_for == "wait"
    return checkout


def _ordered(store: Store, cardholder: Cardholder) -> Checkout:
    checkout = store.new_checkout()
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    return checkout


def _decide(sandbox: Sandbox, checkout: Checkout, status: str, **truth: object) -> None:
    """Change what is true of a customer's charge, unheard by the store."""
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status=status, **truth)


def _charge_elsewhere(sandbox: Sandbox, cardholder: Cardholder) -> str:
    """Charge a card without the store, and return the reference."""
    card = {n: v for n, v in cardholder.card(cards.APPROVED).items() if n != "type"}
    answer = requests.post(
        f"{sandbox.url}/charges",
        json={
            "amount": 500,
            "currency": "RWF",
            "payment_type": "card",
            "customer_email": "stranger@example.com",
            "customer_first_name": "Eric",
            "customer_last_name": "Mugabo",
            "customer_phone": "788123456",
            "customer_phone_country_code": "250",
            "redirect_url": "https://elsewhere.example/",
            "narration": "Elsewhere",
            **card,
        },
        headers={
            "X-DGS-API-Key": credentials.API_KEY,
            "X-DGS-ACCOUNT-NUMBER": credentials.ACCOUNT_NUMBER,
        },
        timeout=10,
    )
    reference: str = answer.json()["data"]["dgs_reference"]
    return reference


def _kill_while_paying(
    host: Host, press: Callable[[], object], has_taken_effect: Callable[[], object]
) -> None:
    """Kill the server once the provider has acted, and before it has answered."""

    def press_and_wait() -> None:
        with pytest.raises(requests.RequestException):
            press()

    customer = threading.Thread(target=press_and_wait)
    customer.start()
    eventually(has_taken_effect)
    host.kill()
    customer.join()
    host.start()


def _line(done: Done, text: str) -> str:
    """The one line for a person that holds a text."""
    (line,) = (
        line
        for line in done.stdout.splitlines()
        if line.startswith("  - ") and text in line
    )
    return line
