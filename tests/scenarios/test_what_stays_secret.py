"""After all the other scenarios: nothing secret is in any record of the store.

Named to come last in each host's run, when the records are full.
"""

import pytest

from dgspay_plugin.metrics import LABELS, OTHER
from dgspay_plugin.sandbox.credentials import API_KEY, WEBHOOK_SECRET
from tests.hosts.collector import METRICS, SENTRY, TRACES
from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.leaks import found_in
from tests.scenarios.store import Store

# The one place that holds the keys: each host names the table in front of its rows.
CONFIGURATION_ROWS = (
    "plugins_pluginconfiguration ",
    'INSERT INTO "plugins_pluginconfiguration"',
)
# So that the search is made where each API leaves something.
KEPT_BY = {"payments": "payment_transaction ", "transactions": "dgspay.outcomes"}
# Saleor adds the host name of the request.
SALEORS_LABEL = "saleor.environment.domain"
ANSWERED_BY = {"payments": "confirmationData", "transactions": "transactionEvent"}


@pytest.fixture
def secrets(store: Store, cardholder: Cardholder) -> set[str]:
    """All that was typed or encrypted in this run, of which there is something."""
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN_THEN_OTP))
    store.complete(checkout, cardholder.pin())
    store.complete(checkout, cardholder.otp())
    return cardholder.secrets


def test_log(host: Host, secrets: set[str]) -> None:
    log = host.log()

    assert "dgspay_plugin" in log
    assert not found_in(log, secrets | {API_KEY, WEBHOOK_SECRET})


def test_database(host: Host, store: Store, secrets: set[str]) -> None:
    rows = host.database_text()

    assert KEPT_BY[store.api] in rows
    assert not found_in(rows, secrets)
    elsewhere = "\n".join(
        row for row in rows.splitlines() if not row.startswith(CONFIGURATION_ROWS)
    )
    assert not found_in(elsewhere, {API_KEY, WEBHOOK_SECRET})


def test_graphql_answers(store: Store, secrets: set[str]) -> None:
    answers = "\n".join(store.answers)

    assert ANSWERED_BY[store.api] in answers
    assert not found_in(answers, secrets | {API_KEY, WEBHOOK_SECRET})


def test_reports(host: Host, store: Store, secrets: set[str]) -> None:
    """What observers were sent in all scenarios, most of which have other subjects."""
    assert host.collector
    reports = host.collector.text()

    assert "dgspay_plugin" in host.collector.text(SENTRY)
    if host.name == "saleor":  # the stand-in has no telemetry
        assert host.collector.text(TRACES)
        assert host.collector.text(METRICS)
    assert not found_in(reports, secrets | {API_KEY, WEBHOOK_SECRET})


def test_labels_of_metrics(host: Host, secrets: set[str]) -> None:
    """What was measured in all scenarios has no label but those that are documented."""
    if host.name == "slice":
        pytest.skip("the stand-in has no telemetry")
    assert host.collector
    ours = [p for p in host.collector.points() if p.metric.startswith("dgspay.")]
    values: dict[str, set[str]] = {}
    for point in ours:
        for label, value in point.labels:
            values.setdefault(label, set()).add(value)
    values.pop(SALEORS_LABEL, None)

    assert values
    for label, found in values.items():
        assert found <= {*LABELS[label], OTHER}
