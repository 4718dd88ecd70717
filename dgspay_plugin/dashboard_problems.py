"""Problems in Saleor's dashboard: an AppProblem of the gateway's own App for each.

Saleor has them from 3.22.37 (saleor/app/models.py). An app writes them by a mutation
with its token; this plugin's App has none, so the rows are written here as the mutation
does (saleor/graphql/app/mutations/app_problem_create.py), under the App's lock. Unlike
there one case stays one row, however long it stands. Where Saleor has none, or the
gateway no App, nothing is written: the log has told all of it.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from saleor.app import models as app_models
from saleor.app.models import App

from dgspay_plugin.after_commit import after_commit
from dgspay_plugin.gateway_app import GATEWAY, own_app
from dgspay_plugin.problems import Case, Problem

AppProblem: Any = getattr(app_models, "AppProblem", None)

LONGEST_KEY = 128
LONGEST_MESSAGE = 2048
# What makes Saleor show it in red: somebody's money, or no payments at all.
CRITICAL = frozenset(
    {
        Case.CHECKOUT_DELETED,
        Case.CREDENTIALS_REFUSED,
        Case.MISMATCH,
        Case.OVERCHARGED,
        Case.PAID_WITHOUT_ORDER,
        Case.REFUND_TO_SEND,
        Case.SECOND_CAPTURE,
    }
)


def report(problem: Problem) -> None:
    """Show a problem that has happened; one that is shown already is counted up.

    It is written once the transaction around this is committed.
    """
    after_commit(_count_up, problem)


def mend(case: Case, subject: str) -> None:
    """Take a problem back."""
    if AppProblem:
        AppProblem.objects.filter(
            app__identifier=GATEWAY, key=_key(Problem(case, subject, ""))
        ).delete()


def show_standing(
    found: Sequence[Problem], looked_for: Collection[Case], since: datetime
) -> None:
    """Show what a reconciliation has found, and take back what is mended.

    A problem that stands is not counted up each time it is looked at, and one that
    staff have dismissed stays dismissed.

    Args:
        looked_for: cases of which everything that stands is among what was found.
        since: what came up before then may stand although it was not found.
    """
    with _locked_app() as app:
        if app is None:
            return
        standing = {_key(problem): problem for problem in found}
        shown = set()
        for row in app.problems.all():
            if row.key in standing:
                # Renewed, so that it outlives what is found no more.
                _change(row, message=_message(standing[row.key]))
                shown.add(row.key)
            elif _is_mended(row, looked_for, since):
                row.delete()
        for key, problem in standing.items():
            if key not in shown:
                _add(app, problem)


def _is_mended(row: Any, looked_for: Collection[Case], since: datetime) -> bool:
    case, _, _ = row.key.partition(":")
    if case not in looked_for:
        return False
    return case in Case.found_at_any_age() or row.created_at >= since


def _count_up(problem: Problem) -> None:
    with _locked_app() as app:
        if app is None:
            return
        rows = app.problems.filter(key=_key(problem), dismissed=False)
        known = rows.order_by("-updated_at").first()
        if not (
            known and _change(known, count=known.count + 1, message=_message(problem))
        ):
            _add(app, problem)


def _change(row: Any, **values: Any) -> bool:
    """False if it is not there any more: a webhook mends without the App's lock."""
    return bool(
        AppProblem.objects.filter(pk=row.pk).update(updated_at=timezone.now(), **values)
    )


def _add(app: App, problem: Problem) -> None:
    AppProblem.objects.create(
        app=app,
        key=_key(problem),
        message=_message(problem),
        is_critical=problem.case in CRITICAL,
    )
    # Saleor keeps so many of an app, the latest. Here the critical ones stay longest,
    # and what staff have dismissed goes first.
    ranked = app.problems.order_by("dismissed", "-is_critical", "-updated_at")
    too_many = ranked.values_list("pk", flat=True)[AppProblem.MAX_PROBLEMS_PER_APP :]
    AppProblem.objects.filter(pk__in=list(too_many)).delete()


@contextmanager
def _locked_app() -> Iterator[App | None]:
    """The gateway's App, locked; None if there is none, or Saleor has no problems."""
    with transaction.atomic():
        app = own_app(GATEWAY) if AppProblem else None
        yield app and App.objects.select_for_update(of=("self",)).get(pk=app.pk)


def _key(problem: Problem) -> str:
    return problem.key[:LONGEST_KEY]


def _message(problem: Problem) -> str:
    return problem.sentence[:LONGEST_MESSAGE]
