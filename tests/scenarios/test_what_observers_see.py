"""Sentry and OpenTelemetry listen, and nothing secret reaches them.

Each test makes the store report what it was doing with a payment in its hands.
"""

import re
from collections.abc import Callable

import pytest

from dgspay_plugin.sandbox.credentials import API_KEY, WEBHOOK_SECRET
from tests.hosts import collector
from tests.hosts.collector import Collector
from tests.hosts.host import Host
from tests.hosts.in_saleor.breaking import BROKEN
from tests.scenarios import cards
from tests.scenarios.apis import whatever_the_api
from tests.scenarios.cardholder import WRONG_OTP, WRONG_PIN, Cardholder, PaymentData
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import Store

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
IN_PLUGIN = "dgspay_plugin.provider.client.simplejson.dumps"
RAW_CARD = {"number": cards.APPROVED, "cvv": "9137", "exp": "11/2031", "pin": "80461"}
RAW_SECRETS = set(RAW_CARD.values())
# The stand-in has no telemetry.
LISTENING = {
    "slice": [collector.SENTRY],
    "saleor": [collector.SENTRY, collector.TRACES, collector.METRICS],
}

# Payments that stop at a step which the customer has to answer.
STEPS: dict[str, tuple[str, Step]] = {
    "pin": (cards.PIN, lambda cardholder: cardholder.pin()),
    "wrong pin": (cards.PIN, lambda cardholder: cardholder.pin(WRONG_PIN)),
    "otp": (cards.PIN_THEN_OTP, lambda cardholder: cardholder.otp(WRONG_OTP)),
    "avs": (cards.ADDRESS, lambda cardholder: cardholder.address()),
    "redirect": (cards.BANK_PAGE, lambda cardholder: cardholder.back_from_bank()),
}


@pytest.fixture
def collected(host: Host) -> Collector:
    assert host.collector
    return host.collector


@pytest.mark.parametrize("where", ["Saleor", "plugin"])
def test_card_in_an_exception(
    store: Store, cardholder: Cardholder, collected: Collector, where: str
) -> None:
    checkout = store.new_checkout()
    store.create_payment(checkout)
    target = _saleors(store, 0) if where == "Saleor" else IN_PLUGIN

    with store.broken(target):
        store.complete(checkout, cardholder.card(cards.APPROVED))

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

    with store.broken(target):
        store.complete(checkout, answer(cardholder))

    _assert_reported(collected, BROKEN, cardholder.secrets)


def test_logged_errors(
    store: Store, cardholder: Cardholder, sandbox: Sandbox, collected: Collector
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("charge", error_code="91")

    store.pay(checkout, cardholder.card(cards.APPROVED))

    _assert_reported(collected, "dgspay_plugin", cardholder.secrets)


def test_raw_card_data(
    store: Store, cardholder: Cardholder, collected: Collector
) -> None:
    store.pay(store.new_checkout(), RAW_CARD)

    _assert_reported(collected, "card data that is not encrypted", RAW_SECRETS)


@whatever_the_api
def test_all_that_was_reported(
    host: Host, store: Store, collected: Collector, cardholder: Cardholder
) -> None:
    for path in LISTENING[host.name]:
        eventually(lambda path=path: collected.text(path))
    assert not _found(
        cardholder.secrets | {API_KEY, WEBHOOK_SECRET} | RAW_SECRETS, collected.text()
    )


def _saleors(store: Store, step: int) -> str:
    return f"saleor.plugins.manager.{IN_SALEOR[store.api][step]}"


def _assert_reported(collected: Collector, what: str, secrets: set[str]) -> None:
    eventually(lambda: what in collected.text(collector.SENTRY))
    assert not _found(secrets | {API_KEY, WEBHOOK_SECRET}, collected.text())


def _found(secrets: set[str], text: str) -> set[str]:
    """Short ones are looked for as words: they are in ids and times by chance."""
    return {
        secret
        for secret in secrets
        if re.search(rf"\b{secret}\b" if len(secret) < 8 else re.escape(secret), text)
    }
