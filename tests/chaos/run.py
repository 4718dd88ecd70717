"""One chaos run: customers, a server that is killed, and the reckoning."""

import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from tests.chaos.books import Comparison, ProviderBooks, StoreBooks, Told, compare
from tests.chaos.customer import Customer
from tests.chaos.leaks import find_leaks
from tests.chaos.plan import Habit, Intention, draw_intentions, draw_moments
from tests.chaos.restless import RestlessCustomer
from tests.hosts.host import Host
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.later import complete_paid_checkouts_later, manage_later
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import ENOUGH
from tests.scenarios.store import Store

# Longer than what holds back a payment in doubt, and than Saleor keeps a checkout
# locked whose completion was interrupted.
MINUTES_TO_RECONCILE_AFTER = 20
MINUTES_TO_COMPLETE_AFTER = 21
SECONDS_INTO_A_CHARGE = 0.8
# The sandbox sends a webhook once and repeats it five times until it is accepted.
DELIVERIES_OF_A_WEBHOOK = 6
SECONDS_TO_GET_QUIET = 90.0
SECONDS_WITHOUT_STOCK = 3.0


@dataclass(frozen=True)
class Size:
    payments: int
    customers: int
    """How many pay at the same time."""
    kills: int
    """How often the server is killed while they do; as often everything is sold out
    for a moment, and as often the cache is flushed."""


@dataclass(frozen=True)
class Result:
    seconds: float
    faults: Counter[str]
    """How often each fault has struck."""
    outcomes: Counter[str]
    """What the customers saw last."""
    charged: int
    captured: int
    orders: int
    for_a_person: list[str]
    """What the reconciliation has left to a person."""
    overcharged: int
    """How many customers were charged more than their order, as the owner was told."""
    differences: list[str]
    """What should not be; each names its customer."""
    leaks: list[str]
    """Where something of a card was found that should be nowhere."""


def run_chaos(
    host: Host, store: Store, sandbox: Sandbox, seed: int, size: Size
) -> Result:
    """Let everybody pay, let it get quiet, reconcile, and compare the books."""
    started_at = time.monotonic()
    cardholder = Cardholder()
    customers = _let_them_pay(host, store, sandbox, cardholder, seed, size)
    sandbox.clear_faults()
    _let_it_get_quiet(sandbox)
    reconciliation = _reconcile(host)
    for_a_person = _left_to_a_person(reconciliation)
    complete_paid_checkouts_later(host, MINUTES_TO_COMPLETE_AFTER)
    told = Told(for_a_person, _errors(host.log() + reconciliation.stderr))
    comparisons = _compare(host, customers, store, sandbox, told)
    return Result(
        seconds=time.monotonic() - started_at,
        faults=_faults_that_struck(sandbox),
        outcomes=Counter(customer.outcome for customer in customers),
        charged=sum(comparison.charged for comparison in comparisons),
        captured=sum(comparison.captured for comparison in comparisons),
        orders=sum(comparison.orders for comparison in comparisons),
        for_a_person=for_a_person,
        overcharged=sum(comparison.is_overcharged for comparison in comparisons),
        leaks=find_leaks(host, store, cardholder.secrets),
        differences=[
            f"{customer.checkout.email}, {customer.intention}: {difference}"
            for customer, comparison in zip(customers, comparisons, strict=True)
            for difference in comparison.differences
        ],
    )


def _let_them_pay(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    seed: int,
    size: Size,
) -> list[Customer]:
    """Let a few customers at a time pay, and have something befall them all."""
    customers = [
        _kind_of(intention)(intention, store, sandbox, cardholder)
        for intention in draw_intentions(seed, size.payments)
    ]
    moments = {
        what: draw_moments(seed, what.__name__, size.kills, size.payments)
        for what in (_kill_and_restart, _sell_out, _flush_cache)
    }
    with ThreadPoolExecutor(size.customers) as threads:
        futures = [threads.submit(customer.buy) for customer in customers]
        try:
            for finished, future in enumerate(as_completed(futures), start=1):
                future.result()
                for befall, after in moments.items():
                    if finished in after:
                        befall(host, store, sandbox)
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    return customers


def _kind_of(intention: Intention) -> type[Customer]:
    return RestlessCustomer if intention.habit is Habit.RESTLESS else Customer


def _kill_and_restart(host: Host, store: Store, sandbox: Sandbox) -> None:
    """Kill the server in the middle of a charge, if anybody makes one now."""
    sandbox.order_fault("charge", delay=2 * SECONDS_INTO_A_CHARGE)
    time.sleep(SECONDS_INTO_A_CHARGE)
    host.kill()
    host.start()


def _sell_out(host: Host, store: Store, sandbox: Sandbox) -> None:
    """Have nothing left to sell for a moment, whoever is paying for it."""
    for quantity in (0, ENOUGH):
        for currency, channel in host.channels.items():
            for variant in (channel.variant_id, channel.shipped_variant_id):
                store.set_stock(currency, quantity, variant)
        if not quantity:
            time.sleep(SECONDS_WITHOUT_STOCK)


def _flush_cache(host: Host, store: Store, sandbox: Sandbox) -> None:
    run_in_store(host, "from django.core.cache import cache; cache.clear()")


def _let_it_get_quiet(sandbox: Sandbox) -> None:
    """Release what was held, and wait until no webhook is on its way."""
    sandbox.release_webhooks(order="reverse")
    eventually(lambda: all(map(_is_over, sandbox.all_webhooks())), SECONDS_TO_GET_QUIET)


def _is_over(webhook: dict[str, Any]) -> bool:
    fault, attempts = webhook["fault"] or "", webhook["attempts"]
    return (
        "drop" in fault
        or "forge" in fault
        or 200 in attempts
        or len(attempts) >= DELIVERIES_OF_A_WEBHOOK
    )


def _reconcile(host: Host) -> subprocess.CompletedProcess[str]:
    """Settle what is open."""
    done = manage_later(host, MINUTES_TO_RECONCILE_AFTER, "dgspay_reconcile")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done


def _left_to_a_person(reconciliation: subprocess.CompletedProcess[str]) -> list[str]:
    lines = reconciliation.stdout.splitlines()
    left = [line[4:] for line in lines if line.startswith("  - ")]
    assert reconciliation.returncode == bool(left), reconciliation
    return left


def _errors(log: str) -> list[str]:
    """What an owner is alerted to."""
    return [line for line in log.splitlines() if "ERROR" in line]


def _compare(
    host: Host, customers: list[Customer], store: Store, sandbox: Sandbox, told: Told
) -> list[Comparison]:
    provider, in_store = ProviderBooks(sandbox), StoreBooks(host)
    with ThreadPoolExecutor(4) as threads:
        return list(
            threads.map(
                lambda c: compare(c, store, provider, told, in_store), customers
            )
        )


def _faults_that_struck(sandbox: Sandbox) -> Counter[str]:
    requests = Counter(
        f"{arrival['path'].split('/')[3]}: {arrival['fault']}"
        for arrival in sandbox.arrivals()
        if arrival["fault"]
    )
    webhooks = Counter(
        f"webhook: {webhook['fault']}"
        for webhook in sandbox.all_webhooks()
        if webhook["fault"]
    )
    return requests + webhooks
