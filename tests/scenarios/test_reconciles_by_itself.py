"""Saleor's own Celery reconciles, and nobody types anything."""

import json
import re
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from dgspay_plugin.reconciliation_schedule import ENTRY_NAME
from tests.conftest import MISSING
from tests.docs.pages import blocks
from tests.hosts.redis import Redis, missing_redis
from tests.hosts.saleor import SaleorHost
from tests.scenarios import cards
from tests.scenarios.apis import APIS, whatever_the_api
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import TransactionsStore

# Saleor's own task completes checkouts that transactions have paid, once a minute.
SECONDS_TO_THE_ORDER = 240
TASK = "dgspay_plugin.tasks.reconcile"
# How long a run may take that is killed.
SECONDS = 15

pytestmark = [
    pytest.mark.skipif(bool(reason), reason=str(reason))
    for reason in (MISSING["saleor"], missing_redis())
]

# Takes its turn as a worker does, shortens it, and is killed in it. Asking for a short
# turn would take a worker's: a turn that is longer than asked for counts for nothing.
BE_KILLED_IN_TURN = """
import json, os, signal, time
from datetime import timedelta
from django.utils import timezone
from dgspay_plugin.gateway_app import own_app
from dgspay_plugin.reconciliation_state import LEASE_KEY, only_one
from dgspay_plugin.tasks import TURN

while True:
    with only_one("dgspay.payments", TURN) as is_our_turn:
        if is_our_turn:
            app = own_app("dgspay.payments")
            lease = json.loads(app.private_metadata[LEASE_KEY])
            until = timezone.now() + timedelta(seconds={seconds})
            lease["until"] = until.isoformat()
            app.private_metadata[LEASE_KEY] = json.dumps(lease)
            app.save(update_fields=["private_metadata"])
            print(json.dumps(lease), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.1)
"""
LAST_RUN = """
from dgspay_plugin.reconciliation_state import last_run

run = last_run("dgspay.payments")
print(run.ended_at.isoformat() if run else "none")
"""
DELETE_LAST_RUN = """
from saleor.app.models import App

app = App.objects.get(identifier="dgspay.payments")
app.private_metadata.pop("dgspay.last_reconciliation", None)
app.save()
"""
LEFT_BEHIND = """
from django_celery_beat.models import PeriodicTask
from saleor.app.models import App
from saleor.plugins.models import PluginConfiguration

ours = PeriodicTask.objects.filter(name__startswith="dgspay")
print(list(ours.values_list("name", flat=True)))
print(list(App.objects.values_list("identifier", flat=True)))
print(list(PluginConfiguration.objects.values_list("identifier", flat=True)))
"""
AND_TAKE_IT_BACK = """
from django.db import transaction

with transaction.atomic():
    exec({!r})
    transaction.set_rollback(True)
"""


@pytest.fixture(scope="module")
def host() -> Iterator[SaleorHost]:
    """A store as it is run: web, worker, beat and Redis between them."""
    with Redis() as redis:
        host = SaleorHost(
            environment={
                "CELERY_BROKER_URL": redis.url,
                "DGSPAY_RECONCILE_EVERY": "2",
            }
        )
        try:
            host.start()
            host.start_celery("worker")
            host.start_celery("beat")
            yield host
        finally:
            host.stop()


@pytest.fixture(scope="module", params=APIS)
def store(
    request: pytest.FixtureRequest, host: SaleorHost, sandbox: Sandbox
) -> Iterator[Store]:
    store = TransactionsStore(host) if request.param == "transactions" else Store(host)
    store.configure_for_sandbox(sandbox.url)
    store.complete_paid_checkouts(enabled=True)
    yield store
    store.complete_paid_checkouts(enabled=False)


@pytest.mark.timeout(600)
def test_payment_nobody_tells_of_becomes_an_order(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    assert store.pay(checkout, cardholder.card(cards.PENDING)).asks_for == "wait"
    # The browser is gone, and no webhook is sent of what the bank decides.
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")

    eventually(lambda: store.orders(checkout), SECONDS_TO_THE_ORDER)

    assert_paid_once(store, sandbox, checkout)


@pytest.mark.timeout(600)
def test_check_says_what_runs_it_and_when_it_last_did(
    host: SaleorHost, store: Store
) -> None:
    run_in_store(host, DELETE_LAST_RUN)
    eventually(lambda: "The last one ended at" in _check(host), 120)

    told = _check(host)

    assert "Saleor's Celery starts the reconciliation every 2 seconds." in told
    assert re.search(r"The last one ended at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", told)


@pytest.mark.timeout(600)
def test_nothing_is_written_outside_of_what_saleor_allows(host: SaleorHost) -> None:
    eventually(lambda: f"Task {TASK}" in host.log(), 120)
    unsafe = [
        line
        for line in host.log().splitlines()
        if "Unsafe access to the writer" in line and "dgspay" in line
    ]
    assert not unsafe


@pytest.mark.timeout(600)
def test_killed_run_keeps_others_away_and_no_longer_than_it_could_take(
    host: SaleorHost, store: Store
) -> None:
    killed = host.manage("shell", "-c", BE_KILLED_IN_TURN.format(seconds=SECONDS))
    assert killed.returncode == -signal.SIGKILL
    lease = json.loads(killed.stdout.splitlines()[-1])
    until = datetime.fromisoformat(lease["until"])
    began = until - timedelta(seconds=SECONDS)

    next_end = eventually(lambda: _end_after(host, began), 120)

    assert next_end > until
    assert "another one runs" in host.log()


@pytest.mark.timeout(600)
@whatever_the_api
def test_removal_leaves_nothing_behind(host: SaleorHost, store: Store) -> None:
    """As docs/install.md says it; taken back, because others use the store."""
    eventually(lambda: ENTRY_NAME in run_in_store(host, LEFT_BEHIND), 120)
    (removal,) = blocks("python remove")

    left = run_in_store(host, AND_TAKE_IT_BACK.format(removal.text + LEFT_BEHIND))

    assert left.splitlines()[-3:] == ["[]", "[]", "[]"]


def _end_after(host: SaleorHost, moment: datetime) -> datetime | None:
    """When the last run ended, if it did so after a moment."""
    told = run_in_store(host, LAST_RUN).splitlines()[-1]
    if told == "none" or datetime.fromisoformat(told) <= moment:
        return None
    return datetime.fromisoformat(told)


def _check(host: SaleorHost) -> str:
    return host.manage("dgspay_check").stdout
