"""Counts and durations for OpenTelemetry, through the meter that Saleor brings.

Every metric stands here, with its unit and with all values that its labels can have. A
value that is not among them is recorded as `OTHER`: nothing that somebody has sent can
become a label.

Whatever is measured calls `count` or `measure`. Both do nothing until `install` has
found Saleor's meter, so that this module loads without Saleor and Django.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from dgspay_plugin.payment.card_data import PaymentMethod
from dgspay_plugin.payment.outcome import Outcome
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.problems import Case

logger = logging.getLogger(__name__)

OTHER = "other"

APIS = {"payment": "payments", "transaction": "transactions"}
"""Saleor's API by the kind of a `dgspay_plugin.records.charge_id.ChargeId`."""

# Upper bounds in seconds. A request ends after 50 (provider/client.py), and a
# reconciliation after 15 minutes (tasks.py).
UP_TO_A_MINUTE = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 50)
UP_TO_A_QUARTER_OF_AN_HOUR = (1, 5, 15, 30, 60, 120, 300, 600, 900)

LABELS: dict[str, tuple[str, ...]] = {
    "endpoint": ("charge", "authorize", "transaction", "transactions", "balance"),
    "payment_type": tuple(method.payment_type for method in get_args(PaymentMethod)),
    "step": ("pin", "otp", "avs"),
    "answer": ("usable", "refused", "not_found", "not_sent", "unknown"),
    "api": tuple(APIS.values()),
    "outcome": tuple(outcome.code for outcome in get_args(Outcome)),
    "reason": tuple(message.code for message in CustomerMessage),
    "found": ("press", "later"),
    "result": (
        "accepted",
        "invalid_signature",
        "unreadable",
        "unknown_payment",
        "try_again",
        "wrong_method",
        "too_large",
    ),
    "end": ("complete", "incomplete"),
    "case": tuple(Case),
}
"""All labels, and all values of each."""


@dataclass(frozen=True)
class Metric:
    """A counter, or a histogram of seconds."""

    name: str
    description: str
    labels: tuple[str, ...] = ()
    """Of `LABELS`. One that does not apply is left out when it is recorded."""
    buckets: tuple[float, ...] = ()
    """A histogram's upper bounds, in seconds. A counter has none."""
    allowed: Mapping[str, frozenset[str]] = field(init=False, repr=False)
    """The values of each label."""

    def __post_init__(self) -> None:
        allowed = {label: frozenset(LABELS[label]) for label in self.labels}
        object.__setattr__(self, "allowed", allowed)

    @property
    def kind(self) -> str:
        return "histogram" if self.buckets else "counter"

    @property
    def unit(self) -> str:
        """As OpenTelemetry writes it (UCUM)."""
        return "s" if self.buckets else "{count}"


REQUESTS = Metric(
    "dgspay.requests",
    "Requests to DGS-Pay. A charge has its payment type, an authorization its step.",
    ("endpoint", "payment_type", "step", "answer"),
)
REQUEST_DURATION = Metric(
    "dgspay.request.duration",
    "How long DGS-Pay took to answer, with the time to connect.",
    ("endpoint", "answer"),
    UP_TO_A_MINUTE,
)
OUTCOMES = Metric(
    "dgspay.outcomes",
    "Outcomes of charges, each once when it is written down: at a press, or later by a "
    "webhook or a reconciliation. A failure has a reason.",
    ("api", "payment_type", "outcome", "reason", "found"),
)
REFUSALS = Metric(
    "dgspay.refusals",
    "Presses that were refused and have changed nothing.",
    ("api", "reason"),
)
WEBHOOKS = Metric(
    "dgspay.webhooks", "Webhooks that came, by the plugin's answer.", ("result",)
)
WEBHOOK_DURATION = Metric(
    "dgspay.webhook.duration",
    "How long the answer to a webhook took.",
    ("result",),
    UP_TO_A_MINUTE,
)
RECONCILIATIONS = Metric(
    "dgspay.reconciliations",
    "Reconciliations that came to their end. An incomplete one has not looked at "
    "everything.",
    ("end",),
)
RECONCILIATION_DURATION = Metric(
    "dgspay.reconciliation.duration",
    "How long a reconciliation took.",
    ("end",),
    UP_TO_A_QUARTER_OF_AN_HOUR,
)
RECONCILIATION_OUTCOMES = Metric(
    "dgspay.reconciliation.outcomes",
    "What became of waiting payments that a reconciliation asked about.",
    ("outcome",),
)
RECONCILIATION_UNANSWERED = Metric(
    "dgspay.reconciliation.unanswered",
    "Payments that a reconciliation could not ask DGS-Pay about.",
)
FOR_A_PERSON = Metric(
    "dgspay.reconciliation.for_a_person",
    "What a reconciliation leaves to a person. What stands is counted by each one.",
    ("case",),
)
PROBLEMS = Metric(
    "dgspay.problems",
    "Problems that the owner was told of when they happened, as a capture without an "
    "order.",
    ("case",),
)
METRICS = (
    REQUESTS,
    REQUEST_DURATION,
    OUTCOMES,
    REFUSALS,
    WEBHOOKS,
    WEBHOOK_DURATION,
    RECONCILIATIONS,
    RECONCILIATION_DURATION,
    RECONCILIATION_OUTCOMES,
    RECONCILIATION_UNANSWERED,
    FOR_A_PERSON,
    PROBLEMS,
)


class _SaleorsMeter:
    """Hands on to saleor.core.telemetry, which Saleor has from 3.21.

    Saleor makes the instruments when it starts to serve, and records nothing before.
    """

    def __init__(self, metrics: Iterable[Metric]) -> None:
        """
        Raises:
            ImportError: there is no such meter.
            saleor.core.telemetry.metric.DuplicateMetricError: there is a metric of
                that name.
        """
        from saleor.core.telemetry import MetricType, Scope, Unit, meter

        self._meter = meter
        self._units: dict[str, Any] = {"s": Unit.SECOND, "{count}": Unit.COUNT}
        types = {"counter": MetricType.COUNTER, "histogram": MetricType.HISTOGRAM}
        for metric in metrics:
            meter.create_metric(
                metric.name,
                scope=Scope.SERVICE,
                type=types[metric.kind],
                unit=self._units[metric.unit],
                description=metric.description,
                bucket_boundaries=metric.buckets or None,
            )

    def record(
        self, metric: Metric, amount: float, attributes: Mapping[str, str]
    ) -> None:
        self._meter.record(
            metric.name, amount, self._units[metric.unit], attributes=attributes
        )


_meter: _SaleorsMeter | None = None


def install() -> None:
    """Record from now on, where Saleor has a meter."""
    global _meter
    try:
        _meter = _SaleorsMeter(METRICS)
    except ImportError:
        # This project's stand-in for Saleor has none: nothing is measured.
        return
    except Exception:
        logger.warning("Nothing is measured: Saleor's meter failed.", exc_info=True)


def count(metric: Metric, amount: int = 1, /, **labels: str | None) -> None:
    """Add to a counter. Nothing is raised.

    Args:
        labels: the metric's; None where one does not apply.
    """
    _record(metric, amount, labels)


def measure(metric: Metric, seconds: float, /, **labels: str | None) -> None:
    """Add a duration to a histogram. Nothing is raised."""
    _record(metric, seconds, labels)


def _record(metric: Metric, amount: float, labels: Mapping[str, str | None]) -> None:
    if _meter is None:
        return
    try:
        attributes = {
            label: str(value) if value in metric.allowed[label] else OTHER
            for label, value in labels.items()
            if value is not None
        }
        _meter.record(metric, amount, attributes)
    except Exception:
        # A payment goes on, whatever becomes of its metrics.
        logger.warning("%s was not recorded.", metric.name, exc_info=True)
