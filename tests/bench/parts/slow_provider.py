"""What the rest of the shop feels while many customers wait for a slow provider."""

import json
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import requests

from tests.bench.results import Part, Row
from tests.bench.shop import Shop
from tests.hosts.postgresql import programs_folder
from tests.hosts.saleor import SaleorHost
from tests.scenarios import cards, storefront_documents
from tests.scenarios.store import Checkout, Store

CUSTOMERS = 200
# As many as Saleor's own image starts (its Dockerfile).
WORKERS = 2
# Seconds. A busy machine must not end the measurement.
PATIENCE = 600
SECONDS_TO_ANSWER = 5.0
SECONDS_OF_CALM = 5.0
# A customer of the shop next door must not feel it.
MOST_RATIO = 1.5

PRODUCT = """
query Product($id: ID!, $channel: String!) {
  productVariant(id: $id, channel: $channel) {
    name
    product { name }
    pricing { price { gross { amount currency } } }
  }
}
"""
CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
)


@dataclass
class Watch:
    """What was seen while something went on."""

    seconds: float = 0.0
    answers: list[float] = field(default_factory=list)
    """How long a product query took, in seconds, each."""
    connections: list[int] = field(default_factory=list)
    """How many connections PostgreSQL had."""
    unpaid: int = 0
    """How many customers had no order at the end of their request."""


def measure(shop: Shop) -> Part:
    host = SaleorHost(WORKERS)
    try:
        host.start()
        store = Store(host)
        store.configure_for_sandbox(shop.provider.api_url)
        return _measure(replace(shop, host=host, store=store))
    finally:
        host.stop()


def _measure(shop: Shop) -> Part:
    calm = _watch(shop, lambda: time.sleep(SECONDS_OF_CALM))
    at_once = _watch_many_pay(shop, seconds_to_answer=0.0)
    opened = len(shop.provider.connections)
    slow = _watch_many_pay(shop, seconds_to_answer=SECONDS_TO_ANSWER)
    return Part(
        "A slow provider",
        f"{CUSTOMERS} customers press Pay at the same moment on {WORKERS} workers of "
        f"real Saleor, while another looks at products all the time: with a provider "
        f"that answers at once, and with one that takes {SECONDS_TO_ANSWER:.0f} s for "
        "each of a payment's two answers. Whoever waits holds a thread and a database "
        "connection, because Saleor locks the checkout while it calls any plugin. So a "
        "store's `max_connections` in PostgreSQL must be above the number of customers "
        "who may wait at once (a pooler cannot lend their connections to others), or "
        "its workers must take fewer requests at once (`uvicorn --limit-concurrency`).",
        [
            Row("product query, nobody pays", _median_ms(calm), "ms"),
            Row("product query, provider at once", _median_ms(at_once), "ms"),
            Row("product query, slow provider", _median_ms(slow), "ms"),
            Row(
                "slow provider against one at once",
                _median_ms(slow) / _median_ms(at_once),
                at_most=MOST_RATIO,
                is_shown=True,
            ),
            Row("all paid, provider at once", at_once.seconds, "s"),
            Row("all paid, slow provider", slow.seconds, "s"),
            Row(
                "customers without an order, slow provider",
                slow.unpaid,
                at_most=0,
                is_shown=True,
            ),
            Row("requests at DGS-Pay at the same time", shop.provider.most_at_once),
            Row(
                "connections to DGS-Pay opened", len(shop.provider.connections) - opened
            ),
            Row("database connections, nobody pays", max(calm.connections)),
            Row("database connections, slow provider", max(slow.connections)),
            Row(
                "database connections for each customer who waits",
                (max(slow.connections) - max(calm.connections)) / CUSTOMERS,
                is_shown=True,
            ),
        ],
    )


def _watch_many_pay(shop: Shop, seconds_to_answer: float) -> Watch:
    checkouts = shop.checkouts_to_pay(CUSTOMERS)
    shop.provider.seconds_to_answer = seconds_to_answer
    shop.provider.most_at_once = 0
    answers: list[bool] = []
    try:
        watch = _watch(shop, lambda: answers.extend(_pay_all(shop, checkouts)))
    finally:
        shop.provider.seconds_to_answer = 0.0
    watch.unpaid = answers.count(False)
    return watch


def _pay_all(shop: Shop, checkouts: list[Checkout]) -> list[bool]:
    """Let all customers press Pay; whether each has an order."""
    payment_data = [json.dumps(shop.cardholder.card(cards.APPROVED)) for _ in checkouts]

    def pay(checkout: Checkout, data: str) -> bool:
        variables = {"checkoutId": checkout.id, "paymentData": data}
        answer = _ask_shop(shop, storefront_documents.COMPLETE_CHECKOUT, variables)
        return bool(answer["data"]["checkoutComplete"]["order"])

    with ThreadPoolExecutor(CUSTOMERS) as customers:
        return list(customers.map(pay, checkouts, payment_data))


def _watch(shop: Shop, something: Callable[[], None]) -> Watch:
    watch = Watch()
    is_over = threading.Event()

    def look_at_products() -> None:
        while not is_over.wait(0.05):
            watch.answers.append(_seconds_for_a_product(shop))

    def count_connections() -> None:
        while not is_over.wait(0.25):
            watch.connections.append(_database_connections(shop))

    started = time.perf_counter()
    with ThreadPoolExecutor() as watchers:
        watching = [
            watchers.submit(look_at_products),
            watchers.submit(count_connections),
        ]
        try:
            something()
        finally:
            watch.seconds = time.perf_counter() - started
            is_over.set()
        for watcher in watching:
            watcher.result()
    return watch


def _seconds_for_a_product(shop: Shop) -> float:
    channel = shop.host.channels["RWF"]
    variables = {"id": channel.variant_id, "channel": channel.slug}
    started = time.perf_counter()
    answer = _ask_shop(shop, PRODUCT, variables)
    taken = time.perf_counter() - started
    assert answer["data"]["productVariant"]["pricing"], answer
    return taken


def _ask_shop(shop: Shop, document: str, variables: dict[str, str]) -> dict[str, Any]:
    answer = requests.post(
        f"{shop.host.url}/graphql/",
        json={"query": document, "variables": variables},
        timeout=PATIENCE,
    )
    body: dict[str, Any] = answer.json()
    return body


def _database_connections(shop: Shop) -> int:
    assert isinstance(shop.host, SaleorHost)
    psql = [str(programs_folder() / "psql"), "-X", "-t", "-A", "-c", CONNECTIONS]
    counted = subprocess.run(
        [*psql, shop.host.database_url], check=True, capture_output=True, text=True
    )
    # Without psql's own.
    return int(counted.stdout) - 1


def _median_ms(watch: Watch) -> float:
    return statistics.median(watch.answers) * 1000
