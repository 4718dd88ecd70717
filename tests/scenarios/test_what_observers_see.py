"""Sentry and OpenTelemetry listen, and nothing secret reaches them.

Each test makes the store report what it was doing with a payment in its hands.
"""

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import pytest
import requests

from dgspay_plugin.sandbox.credentials import API_KEY, WEBHOOK_SECRET
from tests.hosts import collector
from tests.hosts.collector import Collector
from tests.hosts.host import Host
from tests.hosts.in_saleor.breaking import BROKEN
from tests.scenarios import cards
from tests.scenarios.cardholder import WRONG_OTP, WRONG_PIN, Cardholder, PaymentData
from tests.scenarios.in_store import run_in_store
from tests.scenarios.leaks import found_in
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import PLUGIN_ID, TRACED, Store

Step = Callable[[Cardholder], PaymentData]

# Where Saleor itself stands with the payment's data in its hands.
IN_SALEOR = {
    "payments": ("PluginsManager.process_payment", "PluginsManager.confirm_payment"),
    "transactions": (
        "PluginsManager.transaction_initialize_session",
        "PluginsManager.transaction_process_session",
    ),
}
# Where the plugin stands with the request to DGS-Pay.
IN_PLUGIN = "dgspay_plugin.provider.client.write_json"
RAW_CARD = {"number": cards.APPROVED, "cvv": "9137", "exp": "11/2031", "pin": "80461"}
RAW_SECRETS = set(RAW_CARD.values())
# The stand-in has no telemetry.
LISTENING = {
    "slice": [collector.SENTRY],
    "saleor": [collector.SENTRY, collector.TRACES],
}

# How a storefront writes a step into the text of a document,
LITERALS = {
    "payments": 'checkoutComplete(id: "{checkout}", paymentData: {text})',
    "transactions": 'transactionInitialize(id: "{checkout}",'
    f' paymentGateway: {{{{id: "{PLUGIN_ID}", data: {{{{ {{fields}} }}}}}}}})',
}
# and how it names it as a variable.
DECLARATIONS = {
    "payments": "$checkout: ID!, $data: JSONString) {"
    " checkoutComplete(id: $checkout, paymentData: $data) { __typename } }",
    "transactions": "$checkout: ID!, $gateway: PaymentGatewayToInitialize!) {"
    " transactionInitialize(id: $checkout, paymentGateway: $gateway) { __typename } }",
}

# What Saleor puts into the queue of its broker, taken out again.
REPORT_API_CALL = """
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from graphql import get_default_backend
from saleor.graphql.api import schema
from saleor.webhook.observability.buffers import RedisBuffer
from saleor.webhook.observability.payloads import generate_api_call_payload
from saleor.webhook.observability.utils import GraphQLOperationResponse

from dgspay_plugin import observers

with override_settings(OBSERVABILITY_ACTIVE=True):
    observers.install()
document = get_default_backend().document_from_string(schema, {document!r})
result = {{"errors": [document.document_string]}}
operation = GraphQLOperationResponse(query=document, result=result)
payload = generate_api_call_payload(
    RequestFactory().post("/graphql/"), HttpResponse(), [operation], 25000
)
buffer = RedisBuffer("redis://127.0.0.1", "key", max_size=1, batch_size=1)
print(buffer.decode(buffer.encode(payload)).decode())
"""

# Payments that stop at a step which the customer has to answer.
STEPS: dict[str, tuple[str, Step]] = {
    "pin": (cards.PIN, lambda cardholder: cardholder.pin()),
    "wrong pin": (cards.PIN, lambda cardholder: cardholder.pin(WRONG_PIN)),
    "otp": (cards.PIN_THEN_OTP, lambda cardholder: cardholder.otp(WRONG_OTP)),
    "avs": (cards.ADDRESS, lambda cardholder: cardholder.address()),
    "redirect": (cards.BANK_PAGE, lambda cardholder: cardholder.back_from_bank()),
}


@pytest.fixture
def collected(host: Host, store: Store) -> Iterator[Collector]:
    """What is reported during one test, with a trace of each request."""
    assert host.collector
    with store.traced(), host.collector.from_now_on():
        yield host.collector


@pytest.mark.parametrize("where", ["Saleor", "plugin"])
def test_card_in_an_exception(
    store: Store, cardholder: Cardholder, collected: Collector, where: str
) -> None:
    checkout = store.new_checkout()
    store.create_payment(checkout)
    target = _saleors(store, 0) if where == "Saleor" else IN_PLUGIN
    reported = _exceptions(collected)

    with store.broken(target):
        store.complete(checkout, cardholder.card(cards.APPROVED))

    eventually(lambda: _exceptions(collected) > reported)
    _assert_reported(collected, BROKEN, cardholder.secrets)


@pytest.mark.parametrize(
    ("step", "where"),
    [
        (step, where)
        for step in STEPS
        for where in ("Saleor", "plugin")
        # Who comes back from the bank sends DGS-Pay nothing.
        if (step, where) != ("redirect", "plugin")
    ],
)
def test_step_in_an_exception(
    store: Store, cardholder: Cardholder, collected: Collector, step: str, where: str
) -> None:
    number, answer = STEPS[step]
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(number))
    if step == "otp":
        store.complete(checkout, cardholder.pin())
    target = _saleors(store, 1) if where == "Saleor" else IN_PLUGIN
    reported = _exceptions(collected)

    with store.broken(target):
        store.complete(checkout, answer(cardholder))

    eventually(lambda: _exceptions(collected) > reported)
    _assert_reported(collected, BROKEN, cardholder.secrets)


@pytest.mark.parametrize(
    "fault",
    [
        {"error_code": "91"},
        {"error_code": "99"},
        {"cut": "before"},
        {"cut": "after"},
        {"status": 502, "body": "<html>Bad Gateway</html>"},
    ],
    ids=str,
)
def test_provider_errors(
    store: Store,
    cardholder: Cardholder,
    sandbox: Sandbox,
    collected: Collector,
    fault: dict[str, Any],
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("charge", **fault)

    store.pay(checkout, cardholder.card(cards.APPROVED))

    _assert_reported(collected, checkout.id, cardholder.secrets)


@pytest.mark.parametrize(
    "number", [cards.APPROVED, cards.INSUFFICIENT_FUNDS, cards.UNKNOWN_ACTION]
)
def test_outcomes(
    store: Store, cardholder: Cardholder, collected: Collector, number: str
) -> None:
    checkout = store.new_checkout()

    store.pay(checkout, cardholder.card(number))

    _assert_reported(collected, checkout.id, cardholder.secrets)


def test_raw_card_data(
    store: Store, cardholder: Cardholder, collected: Collector
) -> None:
    store.pay(store.new_checkout(), RAW_CARD)

    _assert_reported(collected, "card data that is not encrypted", RAW_SECRETS)


@pytest.mark.parametrize("spoil", [str, lambda document: document[:-2]])
def test_card_in_the_text_of_a_document(
    host: Host,
    store: Store,
    cardholder: Cardholder,
    collected: Collector,
    spoil: Callable[[str], str],
) -> None:
    """A storefront that puts its values into the text, well or ill."""
    name = f"Inline{uuid.uuid4().hex}"
    card = cardholder.card(cards.APPROVED)
    checkout = store.new_checkout()
    call = LITERALS[store.api].format(
        checkout=checkout.id,
        text=json.dumps(json.dumps(card)),
        fields=", ".join(f'{field}: "{value}"' for field, value in card.items()),
    )

    _post(host, {"query": spoil(f"mutation {name} {{ {call} {{ __typename }} }}")})

    _assert_reported(collected, name, cardholder.secrets, LISTENING[host.name])


@pytest.mark.parametrize("wrong", ["JSON", "fields"])
def test_card_in_the_text_of_an_error(
    host: Host, store: Store, cardholder: Cardholder, collected: Collector, wrong: str
) -> None:
    """GraphQL's own errors repeat the value that cannot be read."""
    name = f"Wrong{uuid.uuid4().hex}"
    card = cardholder.card(cards.APPROVED)
    text = json.dumps(card)

    _post(
        host,
        {
            "query": f"mutation {name}({DECLARATIONS[store.api]}",
            "variables": {
                "checkout": store.new_checkout().id,
                "data": text[:-9] if wrong == "JSON" else card,
                "gateway": {"id": PLUGIN_ID, "data": text, "dta": card}
                if wrong == "fields"
                else {"id": PLUGIN_ID, "data": text[:-9]},
            },
        },
    )

    _assert_reported(collected, name, cardholder.secrets, LISTENING[host.name])


def test_card_in_a_report_of_an_api_call(host: Host, cardholder: Cardholder) -> None:
    if host.name == "slice":
        pytest.skip("the stand-in reports no API calls")
    card = cardholder.card(cards.APPROVED)
    call = LITERALS["payments"].format(checkout="1", text=json.dumps(json.dumps(card)))
    report = run_in_store(host, REPORT_API_CALL.format(document=f"mutation {{{call}}}"))

    assert "checkoutComplete" in report
    assert not _found(cardholder.secrets, report)


def _post(host: Host, request: dict[str, Any]) -> None:
    requests.post(f"{host.url}/graphql/", json=request, headers=TRACED, timeout=60)


def _saleors(store: Store, step: int) -> str:
    return f"saleor.plugins.manager.{IN_SALEOR[store.api][step]}"


def _exceptions(collected: Collector) -> int:
    """How many of ours Sentry has got, with the frames that they went through."""
    return sum(
        BROKEN in json.dumps(event["exception"])
        for event in collected.events()
        if "exception" in event
    )


def _assert_reported(
    collected: Collector,
    what: str,
    secrets: set[str],
    to: Iterable[str] = (collector.SENTRY,),
) -> None:
    for path in to:
        eventually(partial(_is_told, collected, path, what))
    assert not _found(secrets | {API_KEY, WEBHOOK_SECRET}, collected.text())


def _is_told(collected: Collector, path: str, what: str) -> bool:
    return what in collected.text(path)


def _found(secrets: set[str], text: str) -> set[str]:
    """Short ones are looked for as words: they are in ids and times by chance."""
    short = {secret for secret in secrets if len(secret) < 8}
    words = {secret for secret in short if re.search(rf"\b{secret}\b", text)}
    return words | found_in(text, secrets - short)
