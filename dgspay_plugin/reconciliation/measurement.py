"""Reconciliations as metrics."""

import time
from collections import Counter

from dgspay_plugin.metrics import (
    FOR_A_PERSON,
    RECONCILIATION_DURATION,
    RECONCILIATION_OUTCOMES,
    RECONCILIATION_UNANSWERED,
    RECONCILIATIONS,
    count,
    measure,
)
from dgspay_plugin.reconciliation.report import Report


def measure_run(report: Report) -> None:
    """Measure a reconciliation that has come to its end."""
    end = "complete" if report.is_complete else "incomplete"
    count(RECONCILIATIONS, end=end)
    measure(RECONCILIATION_DURATION, time.monotonic() - report.began_at, end=end)
    for outcome, number in report.outcomes.items():
        count(RECONCILIATION_OUTCOMES, number, outcome=outcome)
    count(RECONCILIATION_UNANSWERED, report.unanswered)
    for case, number in Counter(problem.case for problem in report.problems).items():
        count(FOR_A_PERSON, number, case=case)
