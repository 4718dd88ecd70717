"""A reconciliation from its beginning to its end."""

from collections.abc import Callable, Iterable
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.utils import timezone

from dgspay_plugin.dashboard_problems import show_standing
from dgspay_plugin.owner.set_up import list_unreadable
from dgspay_plugin.provider.errors import ProviderError
from dgspay_plugin.reconciliation.account import read_accounts
from dgspay_plugin.reconciliation.comparison import Comparison
from dgspay_plugin.reconciliation.measurement import measure_run
from dgspay_plugin.reconciliation.paid_checkouts import PaidCheckouts
from dgspay_plugin.reconciliation.report import Report
from dgspay_plugin.reconciliation.totals import Totals
from dgspay_plugin.reconciliation.waiting import WaitingCharges
from dgspay_plugin.reconciliation_state import LastRun, remember
from dgspay_plugin.records.refunds import unconfirmed_refunds

# How far a reconciliation looks back, unless the command says otherwise.
DAYS_BACK = 3

Watch = Callable[[str, int | None, Iterable[int]], None]


def _to_the_end(label: str, length: int | None, steps: Iterable[int]) -> None:
    for _ in steps:
        pass


class Reconciliation(WaitingCharges, Comparison, PaidCheckouts, Totals):
    """The reconciliation of one account."""

    def run(self, since: datetime, watch: Watch = _to_the_end) -> None:
        """Settle what waits in the account, and compare both sides.

        Args:
            since: of payments made since then.
            watch: goes through steps to their end. It gets their name, how many there
                are, and the steps; each step is the number of charges done.
        """
        try:
            waiting = self.account.ledger.waiting_since(since)
            watch("Waiting payments", len(waiting), self.settle_waiting(waiting))
            self.complete_captured_checkouts()
            watch("Captured payments", None, self.compare_captures(since))
            self.find_other_totals(since)
        except ProviderError as error:
            number = self.account.configuration.account_number
            self.report.add(list_unreadable(number, error))


def reconcile_all(gateway: str, since: datetime) -> Report:
    """Settle and compare every account, without a terminal to report to.

    Args:
        since: of payments made since then.
    """
    load_saleor()
    report = Report()
    for account in read_accounts(gateway, report):
        Reconciliation(account, report).run(since)
    find_refunds_to_send(gateway, report)
    end(gateway, since, report)
    return report


def find_refunds_to_send(gateway: str, report: Report) -> None:
    """Report every refund that nobody has confirmed, whatever became of its channel."""
    for refund in unconfirmed_refunds(gateway):
        report.add(refund.sentence)


def load_saleor() -> None:
    """Load Saleor's API, as its server does, and a command or a worker does not.

    Saleor's modules import one another in a circle, and have to be loaded from this
    one. Making an order needs all of them.
    """
    import_module(settings.ROOT_URLCONF)


def end(gateway: str, since: datetime, report: Report) -> None:
    """Remember a run that has come to its end, and show staff what stands."""
    remember(
        gateway,
        LastRun(
            ended_at=timezone.now(),
            outcomes=dict(sorted(report.outcomes.items())),
            unanswered=report.unanswered,
            for_a_person=len(report.problems),
            problem_keys=tuple(problem.key for problem in report.problems),
        ),
    )
    show_standing(report.problems, report.looked_for, since)
    measure_run(report)
