"""Reconciliations as metrics."""

from collections import Counter
from collections.abc import Iterable, Mapping

from dgspay_plugin.metrics import (
    FOR_A_PERSON,
    RECONCILIATION_DURATION,
    RECONCILIATION_OUTCOMES,
    RECONCILIATION_UNANSWERED,
    RECONCILIATIONS,
    count,
    measure,
)
from dgspay_plugin.problems import Problem


def measure_run(
    seconds: float,
    outcomes: Mapping[str, int],
    unanswered: int,
    problems: Iterable[Problem],
    *,
    is_complete: bool,
) -> None:
    """Measure a reconciliation that has come to its end.

    Args:
        outcomes: how many waiting payments turned out how, by the outcome's code.
        unanswered: how many payments DGS-Pay could not be asked about.
        problems: what is left to a person.
        is_complete: whether everything was looked at.
    """
    end = "complete" if is_complete else "incomplete"
    count(RECONCILIATIONS, end=end)
    measure(RECONCILIATION_DURATION, seconds, end=end)
    for outcome, number in outcomes.items():
        count(RECONCILIATION_OUTCOMES, number, outcome=outcome)
    count(RECONCILIATION_UNANSWERED, unanswered)
    for case, number in Counter(problem.case for problem in problems).items():
        count(FOR_A_PERSON, number, case=case)
