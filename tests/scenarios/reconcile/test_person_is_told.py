"""The owner runs dgspay_reconcile, and it names what a person has to look at."""

from datetime import UTC, datetime

import requests

from dgspay_plugin.sandbox import credentials
from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import whatever_the_api
from tests.scenarios.cardholder import Cardholder
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
from tests.scenarios.records import assert_not_captured
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store


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
    kill_while_paying(
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
    unanswered = line_of(later, "the answer to its charge")
    assert "12000 RWF" in unanswered
    assert hour in unanswered
    paid_there = line_of(later, charge["dgs_reference"])
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

    line = line_of(done, foreign)
    assert "500 RWF" in line
    assert "no payment here knows it" in line
    assert done.returncode == 1


def test_charge_of_another_amount(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    decide(sandbox, checkout, "successful", amount=100)
    reference = sandbox.charge(checkout.email)["dgs_reference"]

    first, second = reconcile(), reconcile()

    for done in (first, second):
        assert "charged 100 RWF" in line_of(done, reference)
        assert done.returncode == 1
    assert_not_captured(store.payment(payment))
    assert not store.orders(checkout)


def test_capture_of_another_amount_than_the_provider_s(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = ordered(store, cardholder)
    decide(sandbox, checkout, "successful", amount=11000)

    done = reconcile()

    reference = sandbox.charge(checkout.email)["dgs_reference"]
    assert "captured 12000 RWF here, 11000 RWF there" in line_of(done, reference)
    assert done.returncode == 1


def test_capture_that_the_provider_does_not_have(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    checkout = ordered(store, cardholder)
    decide(sandbox, checkout, "failed")

    done = reconcile()

    reference = sandbox.charge(checkout.email)["dgs_reference"]
    assert "captured here, not there" in line_of(done, reference)
    assert done.returncode == 1


def test_provider_is_down(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, reconcile: Reconciliation
) -> None:
    pending(store, cardholder)
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
    checkout = pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    # It keeps everything in memory alone.
    sandbox.stop()
    sandbox.start()

    done = reconcile()

    line = line_of(done, reference)
    assert "12000 RWF" in line
    assert "does not know" in line
    assert done.returncode == 1


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
