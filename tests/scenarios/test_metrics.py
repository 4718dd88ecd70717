"""What an OpenTelemetry collector gets of payments, and what it does not get."""

from functools import partial

import pytest

from dgspay_plugin.metrics import METRICS
from dgspay_plugin.sandbox.credentials import ACCOUNT_NUMBER, API_KEY, WEBHOOK_SECRET
from tests.hosts.collector import METRICS as AT_METRICS
from tests.hosts.collector import Collector
from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.leaks import found_in
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import BILLING_ADDRESS
from tests.scenarios.store import Store

CUSTOMERS_FIELDS = ("lastName", "streetAddress1", "phone")


@pytest.fixture
def collector(host: Host) -> Collector:
    if host.name == "slice":
        pytest.skip("the stand-in has no telemetry")
    assert host.collector
    return host.collector


def test_collector_gets_what_was_measured(
    store: Store, cardholder: Cardholder, sandbox: Sandbox, collector: Collector
) -> None:
    paid, refused = store.new_checkout(), store.new_checkout()
    store.pay(paid, cardholder.card(cards.PIN_THEN_OTP))
    store.complete(paid, cardholder.pin())
    store.complete(paid, cardholder.otp())
    store.pay(refused, {"type": "card", "number": cards.APPROVED})
    reference = sandbox.charge(paid.email)["dgs_reference"]
    sandbox.send_webhook(reference, "payment.success")
    press = {"api": store.api, "payment_type": "card", "found": "press"}

    for metric, labels in (
        ("dgspay.requests", {"endpoint": "charge", "payment_type": "card"}),
        ("dgspay.requests", {"endpoint": "authorize", "step": "pin"}),
        ("dgspay.requests", {"endpoint": "authorize", "step": "otp"}),
        ("dgspay.request.duration", {"endpoint": "authorize", "answer": "usable"}),
        ("dgspay.outcomes", {**press, "outcome": "ActionRequired"}),
        ("dgspay.outcomes", {**press, "outcome": "Paid"}),
        ("dgspay.refusals", {"api": store.api, "reason": "raw_card_data"}),
        ("dgspay.webhooks", {"result": "accepted"}),
        ("dgspay.webhook.duration", {"result": "accepted"}),
    ):
        eventually(partial(_has_come, collector, metric, labels))
    _assert_made_as_documented(collector)
    told = collector.text(AT_METRICS)
    customers = {paid.email, refused.email, paid.id, refused.id, reference}
    customers |= {BILLING_ADDRESS[name] for name in CUSTOMERS_FIELDS}
    assert not {datum for datum in customers if datum in told}
    assert not found_in(
        told, cardholder.secrets | {API_KEY, WEBHOOK_SECRET, ACCOUNT_NUMBER}
    )


def _has_come(collector: Collector, metric: str, labels: dict[str, str]) -> bool:
    return any(
        point.metric == metric and point.labels >= labels.items()
        for point in collector.points()
    )


def _assert_made_as_documented(collector: Collector) -> None:
    documented = {(metric.name, metric.kind, metric.unit) for metric in METRICS}
    came = {(point.metric, point.kind, point.unit) for point in collector.points()}
    assert {metric for metric in came if metric[0].startswith("dgspay.")} <= documented
