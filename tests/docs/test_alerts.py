"""docs/alerts.md names every metric and label as the plugin records them."""

import re

from dgspay_plugin.metrics import LABELS, METRICS, OTHER
from tests.docs.pages import REPOSITORY, table

ALERTS = (REPOSITORY / "docs/alerts.md").read_text()
NAMES = {metric.name: metric for metric in METRICS}
# As Prometheus writes it.
SELECTOR = re.compile(r"(dgspay_\w+?)(?:_total|_seconds_bucket)(?:\{([^}]*)\})?")


def test_metrics() -> None:
    assert table("Metric") == [
        (
            f"`{metric.name}`",
            metric.kind,
            f"`{metric.unit}`",
            ", ".join(f"`{label}`" for label in metric.labels),
            metric.description,
        )
        for metric in METRICS
    ]


def test_labels() -> None:
    shown = {
        label: ", ".join(f"`{value}`" for value in values)
        for label, values in LABELS.items()
    }
    # Their own table is in the storefront's page (tests/docs/test_tables.py).
    shown["reason"] = "a code of [Errors](storefront.md#errors)"

    assert table("Label") == [(f"`{label}`", text) for label, text in shown.items()]
    assert f"comes is `{OTHER}`" in ALERTS


def test_alerts_are_about_metrics_and_labels_that_there_are() -> None:
    alerts = table("Alert")
    named = set()
    for _, when, _, _ in alerts:
        found = re.findall(
            r"`(dgspay\.[a-z_.]+)`(?: with ((?:`[^`]+`(?:, )?)+))?", when
        )
        assert found, when
        for name, labels in found:
            named.add(name)
            _assert_labels(name, labels)

    # Durations of webhooks and reconciliations are to look at, and so are the rest.
    assert named == {
        "dgspay.outcomes",
        "dgspay.problems",
        "dgspay.reconciliation.for_a_person",
        "dgspay.reconciliations",
        "dgspay.refusals",
        "dgspay.request.duration",
        "dgspay.requests",
        "dgspay.webhooks",
    }


def test_queries_are_about_metrics_and_labels_that_there_are() -> None:
    by_prometheus = {name.replace(".", "_"): name for name in NAMES}
    found = SELECTOR.findall(ALERTS)

    assert len(found) == 8
    for name, labels in found:
        _assert_labels(by_prometheus[name], labels)


def _assert_labels(name: str, labels: str) -> None:
    for label, value in re.findall(r'(\w+)="(\w+)"', labels):
        assert value in NAMES[name].allowed[label]
