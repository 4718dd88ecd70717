"""What the store's owner is told: what happened, and what to do.

It is an error in the log, and a problem in the dashboard where Saleor has them.

Each sentence names the record, DGS-Pay's reference and the amounts, and no card data.
"""

import logging
from dataclasses import dataclass

from dgspay_plugin.dashboard_problems import report
from dgspay_plugin.metrics import PROBLEMS, count
from dgspay_plugin.problems import Case, Problem

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sentence:
    """What the owner is told of one problem."""

    case: Case
    subject: str
    text: str
    """In the form of logging, so that Sentry groups it whatever its values are."""
    values: tuple[object, ...]

    @property
    def problem(self) -> Problem:
        return Problem(self.case, self.subject, self.text % self.values)

    def tell(self) -> None:
        """Tell it in the log, and in the dashboard where Saleor has problems there."""
        self.log()
        self.show()

    def log(self) -> None:
        logger.error(self.text, *self.values)
        count(PROBLEMS, case=self.case)

    def show(self) -> None:
        report(self.problem)


def tell(case: Case, subject: str, text: str, *values: object) -> None:
    Sentence(case, subject, text, values).tell()
