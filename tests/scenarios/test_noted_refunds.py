"""The owner has chosen to have refunds noted, and sends the money in the portal."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import only_with_transactions
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.payment_record import Entry
from tests.scenarios.records import loud_lines
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import TransactionsStore

PROBLEM_KEYS = """
from saleor.app.models import AppProblem

print("KEYS", *AppProblem.objects.values_list("key", flat=True), sep="\\n")
"""
FORGET_PROBLEMS = """
from saleor.app.models import AppProblem

AppProblem.objects.all().delete()
"""


@pytest.fixture
def noting(host: Host, store: Store) -> Iterator[None]:
    """The choice of the channel in francs, for one scenario.

    Saleor shows the latest problems of an app, and other scenarios have left many.
    """
    run_in_store(host, FORGET_PROBLEMS)
    assert not store.configure("RWF", note_refunds="true")
    yield
    assert not store.configure("RWF", note_refunds="false")


@pytest.mark.usefixtures("noting")
def test_refund_stands_as_a_problem_until_it_is_confirmed(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout, payment = _paid(store, cardholder)
    before = sandbox.payment_requests()
    reference = f"{sandbox.charge(checkout.email)['dgs_reference']}-refund-1"

    assert store.refund(payment) == []

    order = store.order(checkout)
    assert _charged(order) == 0
    assert order["chargeStatus"] == "NONE"
    assert order["paymentStatus"] == (
        "FULLY_REFUNDED" if store.api == "payments" else "NOT_CHARGED"
    )
    (noted,) = _noted(order)
    assert noted.reference == reference
    assert "DGS-Pay merchant portal" in noted.message
    assert sandbox.payment_requests() == before
    assert len(eventually(lambda: loud_lines(host, reference))) == 1
    assert _is_shown(host, reference)

    (listed,) = _listed(host, reference)
    assert "12000 RWF" in listed
    assert f"order {order['number']}" in listed
    _assert_reconciled(host, checkout, reference, is_named=True)
    assert _is_shown(host, reference)

    mistaken = host.manage("dgspay_refunds", "confirm", reference, "DGS-0-refund-1")
    assert mistaken.returncode == 1
    assert "DGS-0-refund-1" in mistaken.stderr
    assert _listed(host, reference)
    assert _is_shown(host, reference)

    confirmed = host.manage("dgspay_refunds", "confirm", reference)
    assert confirmed.returncode == 0, confirmed.stderr
    assert reference in confirmed.stdout
    assert not _listed(host, reference)
    assert not _is_shown(host, reference)
    _assert_reconciled(host, checkout, reference, is_named=False)
    assert not _is_shown(host, reference)
    assert host.manage("dgspay_refunds", "confirm", reference).returncode == 1

    assert host.manage("dgspay_refunds", "reopen", reference).returncode == 0
    assert _listed(host, reference)
    assert _is_shown(host, reference)
    assert host.manage("dgspay_refunds", "reopen", reference).returncode == 1


@pytest.mark.usefixtures("noting")
def test_parts_are_noted_each_and_never_more_than_was_captured(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout, payment = _paid(store, cardholder)
    before = sandbox.payment_requests()

    assert store.refund(payment, "5000") == []
    first = store.order(checkout)
    assert _charged(first) == 7000
    assert first["chargeStatus"] == "PARTIAL"
    assert [_amount(entry) for entry in _noted(first)] == [5000]

    assert store.refund(payment, "7000") == []
    assert store.refund(payment, "1") != []

    last = store.order(checkout)
    assert _charged(last) == 0
    assert sorted(_amount(entry) for entry in _noted(last)) == [5000, 7000]
    assert sandbox.payment_requests() == before
    references = {entry.reference for entry in _noted(last)}
    assert len(references) == 2
    assert host.manage("dgspay_refunds", "confirm", *references).returncode == 0


@pytest.mark.usefixtures("noting")
def test_requests_at_once_refund_no_more_than_was_captured(
    host: Host, store: Store, cardholder: Cardholder
) -> None:
    checkout, payment = _paid(store, cardholder)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: store.refund(payment), range(4)))

    order = store.order(checkout)
    (noted,) = _noted(order)
    assert _amount(noted) == 12000
    assert _charged(order) == 0
    assert len(_listed(host, noted.reference)) == 1


@pytest.mark.usefixtures("noting")
def test_other_channels_refuse_as_before(store: Store, cardholder: Cardholder) -> None:
    checkout, payment = _paid(store, cardholder, "USD")

    (message,) = store.refund(payment)

    assert message.endswith("(refund_in_portal)")
    assert _charged(store.order(checkout)) == Decimal(checkout.total)


@only_with_transactions
def test_dashboard_has_its_button_while_refunds_are_noted(
    store: TransactionsStore, cardholder: Cardholder
) -> None:
    checkout, payment = _paid(store, cardholder)
    assert _actions(store, checkout) == []

    assert not store.configure("RWF", note_refunds="true")
    try:
        assert _actions(store, checkout) == ["REFUND"]
        later, _ = _paid(store, cardholder)
        assert _actions(store, later) == ["REFUND"]
        store.refund(payment, "5000")
        assert _actions(store, checkout) == ["REFUND"]
        store.refund(payment)
        assert _actions(store, checkout) == []
    finally:
        assert not store.configure("RWF", note_refunds="false")
    assert _actions(store, later) == []


@only_with_transactions
@pytest.mark.usefixtures("noting")
def test_refund_that_the_dashboard_grants_first_succeeds(
    host: Host, store: TransactionsStore, cardholder: Cardholder
) -> None:
    if host.name != "saleor":
        pytest.skip("The stand-in has no granted refunds.")
    checkout, payment = _paid(store, cardholder)
    order = store.order(checkout)

    item, granted = store.grant_refund(order["id"], store.payment(payment).id, "5000")

    assert item["chargedAmount"]["amount"] == 7000
    assert item["refundedAmount"]["amount"] == 5000
    assert [(refund["status"], refund["amount"]["amount"]) for refund in granted] == [
        ("SUCCESS", 5000)
    ]
    (noted,) = _noted(store.order(checkout))
    assert len(_listed(host, noted.reference)) == 1


def _paid(
    store: Store, cardholder: Cardholder, currency: str = "RWF"
) -> tuple[Checkout, str]:
    checkout = store.new_checkout(currency)
    payment = store.create_payment(checkout)
    assert store.complete(checkout, cardholder.card(cards.APPROVED)).order_id
    return checkout, payment


def _charged(order: dict[str, Any]) -> Decimal:
    return Decimal(str(order["totalCharged"]["amount"]))


def _noted(order: dict[str, Any]) -> list[Entry]:
    """The refunds of its one payment that Saleor's books have."""
    (payment,) = order["payments"]
    return [
        entry
        for entry in payment.entries
        if (entry.message or "").endswith("(refund_noted)")
    ]


def _amount(entry: Entry) -> Decimal:
    return Decimal(str(entry.amount["amount"]))


def _actions(store: TransactionsStore, checkout: Checkout) -> list[str]:
    (item,) = store.transactions_of(checkout.id)
    return cast(list[str], item["actions"])


def _listed(host: Host, reference: str) -> list[str]:
    done = host.manage("dgspay_refunds")
    assert done.returncode == 0, done.stderr
    return _lines(done, reference)


def _is_shown(host: Host, reference: str) -> bool:
    """Whether the dashboard has the problem."""
    keys = run_in_store(host, PROBLEM_KEYS).splitlines()
    return f"refund_to_send:{reference}" in keys


def _assert_reconciled(
    host: Host, checkout: Checkout, reference: str, *, is_named: bool
) -> None:
    """Nothing but the refund that is to be sent is said of the payment."""
    some_minutes_ago = datetime.now(UTC) - timedelta(minutes=3)
    since = f"--since={some_minutes_ago.isoformat()}"
    done = host.manage("dgspay_reconcile", since)
    dgs_reference = reference.removesuffix("-refund-1")
    about = _lines(done, dgs_reference)
    assert [reference in line for line in about] == [True] * is_named, about


def _lines(done: subprocess.CompletedProcess[str], text: str) -> list[str]:
    return [line for line in done.stdout.splitlines() if text in line]
