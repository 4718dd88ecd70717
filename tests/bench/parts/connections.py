"""How many round trips a request costs when the provider is far away."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import requests
from pydantic import SecretStr

from dgspay_plugin.provider.client import DgsPayClient
from dgspay_plugin.provider.connections import forget_connections
from tests.bench.provider import Provider
from tests.bench.results import Part, Row
from tests.bench.shop import Shop
from tests.bench.slow_line import SlowLine, make_certificate

ROUND_TRIP = 0.08
REFERENCE = "RWF-12000-1"
THREADS = 16
CALLS = 10
# Python's own time is in it too.
ONE_ROUND_TRIP = 1.2


def measure(shop: Shop) -> Part:
    with tempfile.TemporaryDirectory() as folder:
        certificate, tls = make_certificate(Path(folder))
        provider = Provider(tls)
        line = SlowLine(provider.port, ROUND_TRIP)
        proxy = SlowLine(provider.port, ROUND_TRIP, is_proxy=True)
        servers = (provider, line, proxy)
        for server in servers:
            server.start()
        try:
            with mock.patch.dict(os.environ, REQUESTS_CA_BUNDLE=str(certificate)):
                return _measure(provider, line, proxy)
        finally:
            forget_connections()
            for server in servers:
                server.stop()


def _measure(provider: Provider, line: SlowLine, proxy: SlowLine) -> Part:
    url = f"https://127.0.0.1:{line.port}/generation/v2"

    def call() -> None:
        client = DgsPayClient(url, SecretStr("key"), "ACC-1")
        assert client.transaction(REFERENCE).status == "successful"

    forget_connections()

    def call_without_session() -> None:
        assert requests.get(f"{url}/balance", timeout=10).ok

    rows = [
        Row("without a kept connection", _round_trips(call_without_session)),
        Row("first request of a process", _round_trips(call)),
        Row(
            "round trips of every other request",
            _median(call),
            at_most=ONE_ROUND_TRIP,
            is_shown=True,
        ),
    ]
    opened = len(provider.connections)
    with ThreadPoolExecutor(THREADS) as threads:
        taken = list(threads.map(lambda _: _round_trips(call), range(THREADS * CALLS)))
    rows += [
        Row(
            f"{THREADS} threads, {len(taken)} requests",
            statistics.median(taken),
            at_most=ONE_ROUND_TRIP,
        ),
        Row(
            "connections they opened",
            len(provider.connections) - opened,
            at_most=THREADS,
        ),
    ]
    provider.close_connections()
    time.sleep(2 * ROUND_TRIP)
    rows += [
        Row(
            "first after DGS-Pay closed idle connections",
            _round_trips(call),
        ),
        Row("the next", _median(call), at_most=ONE_ROUND_TRIP),
    ]
    with _proxied_by(proxy):
        forget_connections()
        call()
        rows.append(Row("through an HTTP proxy", _median(call), at_most=ONE_ROUND_TRIP))
    return Part(
        "A provider far away",
        f"TLS and {ROUND_TRIP * 1000:.0f} ms of round trip added on loopback; how many "
        "of these round trips a request takes.",
        rows,
    )


def _round_trips(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) / ROUND_TRIP


def _median(call: Callable[[], object]) -> float:
    return statistics.median(_round_trips(call) for _ in range(CALLS))


@contextmanager
def _proxied_by(proxy: SlowLine) -> Iterator[None]:
    address = f"http://127.0.0.1:{proxy.port}"
    with mock.patch.dict(os.environ, HTTPS_PROXY=address, NO_PROXY=""):
        yield
