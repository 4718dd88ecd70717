"""One chaos run: customers, a server that is killed, and the reckoning."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from tests.chaos.books import Comparison, ProviderBooks, Titles, Told, compare
from tests.chaos.customer import Customer
from tests.chaos.plan import draw_intentions, draw_moments
from tests.hosts.host import Host
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.later import complete_paid_checkouts_later, manage_later
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import Store

# Longer than what holds back a payment in doubt, and than Saleor keeps a checkout
# locked whose completion was interrupted.
MINUTES_TO_RECONCILE_AFTER = 20
MINUTES_TO_COMPLETE_AFTER = 21
SECONDS_INTO_A_CHARGE = 0.8
# The sandbox sends a webhook once and repeats it five times until it is accepted.
DELIVERIES_OF_A_WEBHOOK = 6
SECONDS_TO_GET_QUIET = 90.0


@dataclass(frozen=True)
class Size:
    payments: int
    customers: int
    """How many pay at the same time."""
    kills: int
    """How often the server is killed while they do."""


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
    differences: list[str]
    """What should not be; each names its customer."""


def run_chaos(
    host: Host, store: Store, sandbox: Sandbox, seed: int, size: Size
) -> Result:
    """Let everybody pay, let it get quiet, reconcile, and compare the books."""
    started_at = time.monotonic()
    customers = _let_them_pay(host, store, sandbox, seed, size)
    sandbox.clear_faults()
    _let_it_get_quiet(sandbox)
    for_a_person = _reconcile(host)
    complete_paid_checkouts_later(host, MINUTES_TO_COMPLETE_AFTER)
    comparisons = _compare(host, customers, store, sandbox, for_a_person)
    return Result(
        seconds=time.monotonic() - started_at,
        faults=_faults_that_struck(sandbox),
        outcomes=Counter(customer.outcome for customer in customers),
        charged=sum(comparison.charged for comparison in comparisons),
        captured=sum(comparison.captured for comparison in comparisons),
        orders=sum(comparison.orders for comparison in comparisons),
        for_a_person=for_a_person,
        differences=[
            f"{customer.checkout.email}, {customer.intention}: {difference}"
            for customer, comparison in zip(customers, comparisons, strict=True)
            for difference in comparison.differences
        ],
    )


def _let_them_pay(
    host: Host, store: Store, sandbox: Sandbox, seed: int, size: Size
) -> list[Customer]:
    """Let a few customers at a time pay, and kill the server now and then."""
    cardholder = Cardholder()
    customers = [
        Customer(intention, store, sandbox, cardholder)
        for intention in draw_intentions(seed, size.payments)
    ]
    kill_after = draw_moments(seed, size.kills, size.payments)
    with ThreadPoolExecutor(size.customers) as threads:
        futures = [threads.submit(customer.buy) for customer in customers]
        try:
            for finished, future in enumerate(as_completed(futures), start=1):
                future.result()
                if finished in kill_after:
                    _kill_and_restart(host, sandbox)
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    return customers


def _kill_and_restart(host: Host, sandbox: Sandbox) -> None:
    """Kill the server in the middle of a charge, if anybody makes one now."""
    sandbox.order_fault("charge", delay=2 * SECONDS_INTO_A_CHARGE)
    time.sleep(SECONDS_INTO_A_CHARGE)
    host.kill()
    host.start()


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


def _reconcile(host: Host) -> list[str]:
    """Settle what is open, and return what is left to a person."""
    done = manage_later(host, MINUTES_TO_RECONCILE_AFTER, "dgspay_reconcile")
    lines = done.stdout.splitlines()
    for_a_person = [line[4:] for line in lines if line.startswith("  - ")]
    assert done.returncode == bool(for_a_person), done.stdout + done.stderr
    return for_a_person


def _compare(
    host: Host,
    customers: list[Customer],
    store: Store,
    sandbox: Sandbox,
    for_a_person: list[str],
) -> list[Comparison]:
    provider, told = ProviderBooks(sandbox), Told("\n".join(for_a_person))
    titles = Titles(host)
    with ThreadPoolExecutor(4) as threads:
        return list(
            threads.map(lambda c: compare(c, store, provider, told, titles), customers)
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
