"""What staff see of problems in the dashboard, and that what is mended goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from saleor.app.models import App, AppProblem

from dgspay_plugin import dashboard_problems
from dgspay_plugin.dashboard_problems import mend, report, show_standing
from dgspay_plugin.gateway_app import keep_gateway_app, own_app
from dgspay_plugin.owner.charges import tell_of_overcharge
from dgspay_plugin.payment.money import Money
from dgspay_plugin.problems import Case, Problem
from dgspay_plugin.reconciliation import Report
from dgspay_plugin.records.charge_id import ChargeId
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

PAID_TWICE = Problem(Case.SECOND_CAPTURE, "Payment 12", "Payment 12 was paid twice.")
NO_ORDER = Problem(Case.PAID_WITHOUT_ORDER, "Payment 12", "Payment 12 has no order.")
OVERCHARGED = Problem(Case.OVERCHARGED, "Order 7", "Order 7: refund 10 RWF.")
ALL = Case.found_by_reconciliation()


@pytest.fixture(autouse=True)
def app(shop: Shop) -> App:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    app = own_app(GATEWAY)
    assert app
    return app


def test_problem_has_its_sentence_and_its_key(app: App) -> None:
    report(PAID_TWICE)
    (shown,) = app.problems.all()
    assert shown.key == "second_capture:Payment 12"
    assert shown.message == "Payment 12 was paid twice."
    assert shown.is_critical
    assert shown.count == 1


def test_problem_that_repeats_is_counted_up_however_long_it_stands(app: App) -> None:
    report(PAID_TWICE)
    _put_back(timedelta(days=9))
    report(Problem(PAID_TWICE.case, PAID_TWICE.subject, "Paid thrice."))
    (shown,) = app.problems.all()
    assert (shown.count, shown.message) == (2, "Paid thrice.")


def test_problem_that_repeats_after_it_was_dismissed_is_shown_anew(app: App) -> None:
    report(PAID_TWICE)
    app.problems.update(dismissed=True)
    report(PAID_TWICE)
    assert app.problems.filter(dismissed=False, count=1).count() == 1


def test_problem_of_what_is_rolled_back_is_not_shown(app: App) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        report(PAID_TWICE)
        raise ZeroDivisionError
    assert not app.problems.exists()


def test_each_thing_that_the_owner_is_told_is_a_problem(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    price, twice = (Money(amount, "RWF") for amount in (Decimal(10), Decimal(20)))
    tell_of_overcharge(ChargeId("payment", 12), "DGS-1", price, twice, price)
    (shown,) = app.problems.all()
    assert shown.key == "overcharged:Payment 12"
    assert shown.message == caplog.records[-1].getMessage()
    assert "DGS-1" in shown.message


def test_what_stands_is_shown_once_and_not_counted_up(app: App) -> None:
    for _ in range(3):
        show_standing([NO_ORDER], ALL, _days_ago(3))
    (shown,) = app.problems.all()
    assert shown.count == 1


def test_what_staff_have_dismissed_stays_dismissed_while_it_stands(app: App) -> None:
    show_standing([NO_ORDER], ALL, _days_ago(3))
    app.problems.update(dismissed=True)
    show_standing([NO_ORDER], ALL, _days_ago(3))
    (shown,) = app.problems.all()
    assert shown.dismissed


def test_what_is_mended_goes(app: App) -> None:
    report(NO_ORDER)
    show_standing([OVERCHARGED], ALL, _days_ago(3))
    show_standing([], ALL, _days_ago(3))
    assert not app.problems.exists()


def test_what_nobody_has_looked_for_stays(app: App) -> None:
    for problem in (PAID_TWICE, NO_ORDER):
        report(problem)
    show_standing([], Report(unanswered=1).looked_for, _days_ago(3))
    assert app.problems.count() == 2


def test_what_is_older_than_the_reconciliation_looks_back_stays(app: App) -> None:
    for problem in (OVERCHARGED, NO_ORDER):
        report(problem)
    _put_back(timedelta(days=4))
    show_standing([], ALL, _days_ago(3))
    # Of paid checkouts it finds those of any age.
    assert [problem.key for problem in app.problems.all()] == ["overcharged:Order 7"]


def test_mended_by_its_name(app: App) -> None:
    report(PAID_TWICE)
    mend(Case.SECOND_CAPTURE, "Payment 13")
    assert app.problems.exists()
    mend(Case.SECOND_CAPTURE, "Payment 12")
    assert not app.problems.exists()


def test_saleor_keeps_no_more_than_so_many(app: App) -> None:
    for number in range(AppProblem.MAX_PROBLEMS_PER_APP + 2):
        report(Problem(Case.SECOND_CAPTURE, f"Payment {number}", "Paid twice."))
    keys = {problem.key for problem in app.problems.all()}
    assert len(keys) == AppProblem.MAX_PROBLEMS_PER_APP
    assert "second_capture:Payment 1" not in keys


def test_critical_problems_outlive_the_others(app: App) -> None:
    report(PAID_TWICE)
    for number in range(AppProblem.MAX_PROBLEMS_PER_APP):
        report(Problem(Case.SPOILED, f"Payment {number}", "Cannot be read."))
    keys = {problem.key for problem in app.problems.all()}
    assert len(keys) == AppProblem.MAX_PROBLEMS_PER_APP
    assert "second_capture:Payment 12" in keys
    assert "spoiled_record:Payment 0" not in keys
    assert f"spoiled_record:Payment {len(keys) - 1}" in keys


def test_problem_that_is_not_critical_takes_no_critical_one_s_place(app: App) -> None:
    for number in range(AppProblem.MAX_PROBLEMS_PER_APP):
        report(Problem(Case.SECOND_CAPTURE, f"Payment {number}", "Paid twice."))
    report(Problem(Case.SPOILED, "Payment 0", "Cannot be read."))
    assert app.problems.count() == AppProblem.MAX_PROBLEMS_PER_APP
    assert not app.problems.filter(is_critical=False).exists()


def test_dismissed_problem_makes_room_first(app: App) -> None:
    for number in range(AppProblem.MAX_PROBLEMS_PER_APP):
        report(Problem(Case.SPOILED, f"Payment {number}", "Cannot be read."))
    report(PAID_TWICE)
    app.problems.filter(is_critical=True).update(dismissed=True)
    report(Problem(Case.SPOILED, "Payment 100", "Cannot be read."))
    assert app.problems.count() == AppProblem.MAX_PROBLEMS_PER_APP
    assert not app.problems.filter(dismissed=True).exists()


def test_what_stands_outlives_what_is_found_no_more(app: App) -> None:
    show_standing([NO_ORDER], ALL, _days_ago(3))
    for number in range(AppProblem.MAX_PROBLEMS_PER_APP - 1):
        report(Problem(Case.SECOND_CAPTURE, f"Payment {number}", "Paid twice."))
    show_standing([NO_ORDER], ALL, _days_ago(3))
    report(Problem(Case.SECOND_CAPTURE, "Payment 100", "Paid twice."))
    keys = {problem.key for problem in app.problems.all()}
    assert len(keys) == AppProblem.MAX_PROBLEMS_PER_APP
    assert "paid_without_order:Payment 12" in keys
    assert "second_capture:Payment 0" not in keys


def test_more_than_saleor_keeps_are_found_again_and_again(app: App) -> None:
    for run in range(3):
        found = [
            Problem(Case.PAID_WITHOUT_ORDER, f"Payment {number}", f"Run {run}.")
            for number in range(AppProblem.MAX_PROBLEMS_PER_APP + 2 * run)
        ]
        show_standing(found[::-1], ALL, _days_ago(3))
        assert app.problems.filter(message=f"Run {run}.").count() == len(found[:100])


@pytest.mark.parametrize(
    "tell_again", [report, lambda p: show_standing([p], ALL, _days_ago(3))]
)
def test_problem_that_a_webhook_mends_meanwhile(
    app: App, monkeypatch: pytest.MonkeyPatch, tell_again: Callable[[Problem], None]
) -> None:
    report(NO_ORDER)
    sentence_of = dashboard_problems._message

    def mend_meanwhile(problem: Problem) -> str:
        mend(NO_ORDER.case, NO_ORDER.subject)
        return sentence_of(problem)

    monkeypatch.setattr(dashboard_problems, "_message", mend_meanwhile)
    tell_again(Problem(NO_ORDER.case, NO_ORDER.subject, "It still has none."))


def test_problem_found_twice_in_one_run_is_one(app: App) -> None:
    show_standing([NO_ORDER, NO_ORDER], ALL, _days_ago(3))
    assert app.problems.count() == 1


def test_what_is_mended_goes_with_the_one_that_was_dismissed_before(app: App) -> None:
    report(NO_ORDER)
    app.problems.update(dismissed=True)
    report(NO_ORDER)
    show_standing([], ALL, _days_ago(3))
    assert not app.problems.exists()


def test_long_texts_are_cut(app: App) -> None:
    for _ in range(2):
        report(Problem(Case.UNKNOWN_HERE, "D" * 300, "x" * 3000))
    (shown,) = app.problems.all()
    assert len(shown.key) == 128
    assert len(shown.message) == 2048


@pytest.mark.parametrize("missing", ["problems", "app"])
def test_without_problems_in_saleor_the_log_has_told_it(
    missing: str, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing == "app":
        app.delete()
    else:
        monkeypatch.setattr(dashboard_problems, "AppProblem", None)
    report(PAID_TWICE)
    show_standing([NO_ORDER], ALL, _days_ago(3))
    mend(NO_ORDER.case, NO_ORDER.subject)
    assert not AppProblem.objects.exists()


def _put_back(age: timedelta) -> None:
    then = timezone.now() - age
    AppProblem.objects.update(created_at=then, updated_at=then)


def _days_ago(days: int) -> datetime:
    now: datetime = timezone.now()
    return now - timedelta(days=days)
