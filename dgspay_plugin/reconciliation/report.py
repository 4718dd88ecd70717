"""What a reconciliation found."""

import time
from collections import Counter
from dataclasses import dataclass, field

from dgspay_plugin.owner import Sentence
from dgspay_plugin.payment.outcome import TransactionStatus
from dgspay_plugin.problems import Case, Problem

# A run that finds one of these has not looked at everything.
CUT_SHORT_BY = {Case.CONFIGURATION, Case.CREDENTIALS_REFUSED, Case.LIST_UNREADABLE}


@dataclass
class Report:
    """What a reconciliation found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How many waiting payments turned out how, by the outcome's name."""
    left_for_later: bool = False
    """Whether charges of the last minutes are not settled, and were left alone."""
    unanswered: int = 0
    """How many payments DGS-Pay could not be asked about."""
    problems: list[Problem] = field(default_factory=list)
    """What no program can mend."""
    judged: set[tuple[str, TransactionStatus]] = field(default_factory=set)
    """What has been settled in this run. DGS-Pay's list names it a second time."""
    began_at: float = field(default_factory=time.monotonic)
    """When the run began, by the monotonic clock."""

    def add(self, sentence: Sentence) -> None:
        """Leave something to a person."""
        self.problems.append(sentence.problem)

    @property
    def is_complete(self) -> bool:
        """Whether everything was looked at."""
        cut_short = {problem.case for problem in self.problems} & CUT_SHORT_BY
        return not (self.unanswered or cut_short)

    @property
    def looked_for(self) -> frozenset[Case]:
        """The cases of which all that stands has been found."""
        if not self.is_complete:
            return frozenset({Case.RECONCILIATION_LATE})
        return Case.found_by_reconciliation()

    @property
    def for_a_person(self) -> list[str]:
        """What no program can mend: a sentence each."""
        return [problem.sentence for problem in self.problems]
