"""Inside the store: a payment through the plugin, against its bare HTTP requests."""

import logging
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import graphene
import requests
from django.db import connection
from django.test.utils import CaptureQueriesContext
from saleor.channel.models import Channel
from saleor.payment.models import Payment
from saleor.payment.utils import create_payment_information
from saleor.plugins.manager import get_plugins_manager
from stopwatch import allocated_kilobytes, side_by_side
from urllib3 import BaseHTTPResponse
from urllib3.connectionpool import HTTPConnectionPool

DGSPAY = "dgspay.payments"


def measure(
    provider_url: str,
    card_payment: str,
    pin_payment: str,
    card: Mapping[str, str],
    pin: Mapping[str, str],
    rounds: int,
) -> dict[str, Any]:
    """Time ``process_payment`` and ``confirm_payment``.

    Args:
        card_payment: GraphQL id of a payment that waits for its card.
        pin_payment: GraphQL id of a payment that waits for its PIN.
        card: the paymentData of the first.
        pin: the paymentData of the second.
    """
    # The tests' hosts log at DEBUG, to search all of it for card data.
    logging.disable(logging.INFO)
    manager = get_plugins_manager(allow_replica=False)
    channel = _payment(card_payment).checkout.channel
    plugin = manager.get_plugin(DGSPAY, channel.slug)
    card_data = _payment_data(card_payment, card)
    pin_data = _payment_data(pin_payment, pin)
    results = {
        "process_payment": _against_bare_requests(
            lambda: plugin.process_payment(card_data, None), rounds
        ),
        "confirm_payment": _against_bare_requests(
            lambda: plugin.confirm_payment(pin_data, None), rounds
        ),
    }
    info = SimpleNamespace(checkout=_payment(card_payment).checkout)
    results |= side_by_side(
        rounds,
        preprocess_order_creation=lambda: plugin.preprocess_order_creation(
            info, [], None
        ),
    )
    if stripe_plugin := _stripe(channel, provider_url):
        stripe_data = _payment_data(card_payment, {})
        results["stripe"] = _against_bare_requests(
            lambda: stripe_plugin.process_payment(stripe_data, None), rounds
        )
    return results


def _against_bare_requests(pay: Callable[[], Any], rounds: int) -> dict[str, Any]:
    def pay_and_check() -> None:
        answer = pay()
        assert answer.is_success and answer.kind == "capture", answer

    sent = _sent_by(pay_and_check)
    # A session of its own, so that both keep one connection.
    bare_session = requests.Session()

    def send_bare(requests_to_send: Sequence[SentRequest] = sent) -> None:
        for request in requests_to_send:
            bare_session.request(
                request.method,
                request.url,
                data=request.body,
                headers=request.headers,
                timeout=30,
            ).json()

    with CaptureQueriesContext(connection) as queries:
        pay_and_check()
    return {
        "times": side_by_side(
            rounds,
            plugin=pay_and_check,
            bare=send_bare,
            first_bare=lambda: send_bare(sent[:1]),
        ),
        "round_trips": len(sent),
        "queries": len(queries),
        "database_wait": _database_wait(pay_and_check, rounds),
        "kilobytes": allocated_kilobytes(pay_and_check),
        "bare_kilobytes": allocated_kilobytes(send_bare),
    }


def _database_wait(way: Callable[[], Any], rounds: int) -> float:
    """How long a call waits for the database, the median in milliseconds."""
    waits: list[float] = []

    def time_query(execute: Callable[..., Any], *query: Any) -> Any:
        started, worked = time.perf_counter(), time.thread_time()
        result = execute(*query)
        in_query = time.perf_counter() - started
        waits[-1] += in_query - (time.thread_time() - worked)
        return result

    with connection.execute_wrapper(time_query):
        for _ in range(rounds):
            waits.append(0.0)
            way()
    return statistics.median(waits) * 1000


@dataclass(frozen=True)
class SentRequest:
    method: str
    url: str
    body: str | bytes | None
    headers: Mapping[str, str]


def _sent_by(way: Callable[[], Any]) -> list[SentRequest]:
    """The requests that a way sends."""
    sent: list[SentRequest] = []
    urlopen = HTTPConnectionPool.urlopen

    def remember(
        pool: HTTPConnectionPool, method: str, url: str, **options: Any
    ) -> BaseHTTPResponse:
        address = f"{pool.scheme}://{pool.host}:{pool.port}{url}"
        sent.append(SentRequest(method, address, options["body"], options["headers"]))
        return urlopen(pool, method, url, **options)

    # All HTTP goes through urllib3, whoever sends it.
    with patch.object(HTTPConnectionPool, "urlopen", remember):
        way()
    return sent


def _payment_data(payment: str, data: Mapping[str, str]) -> Any:
    return create_payment_information(_payment(payment), additional_data=dict(data))


def _payment(payment: str) -> Payment:
    _, primary_key = graphene.Node.from_global_id(payment)
    return Payment.objects.get(pk=primary_key)


def _stripe(channel: Channel, provider_url: str) -> Any:
    """Saleor's own plugin, if this is Saleor; it keeps its connection too."""
    try:
        import stripe
        from saleor.payment.gateways.stripe.plugin import StripeGatewayPlugin
    except ImportError:
        return None
    stripe.api_base = provider_url
    stripe.default_http_client = stripe.http_client.RequestsClient(
        session=requests.Session()
    )
    configured = {
        "secret_api_key": "sk_test_bench",
        "public_api_key": "pk_test_bench",
        "supported_currencies": "RWF",
    }
    configuration = [
        {**field, "value": configured.get(field["name"], field["value"])}
        for field in StripeGatewayPlugin.DEFAULT_CONFIGURATION
    ]
    return StripeGatewayPlugin(
        configuration=configuration, active=True, channel=channel
    )
