from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from dgspay_plugin.payment.outcome import InDoubt, Pending
from dgspay_plugin.settlement import attempts
from dgspay_plugin.settlement.subject import Subject

from .records import history_of, response_for

pytestmark = pytest.mark.usefixtures("cache")

SUBJECT = Subject("payment", 7)
OTHERS = (Subject("payment", 8), Subject("transaction", 7))


def test_attempt_leaves_a_mark_with_its_time() -> None:
    assert attempts.unfinished(SUBJECT) is None
    before = timezone.now()
    attempts.begin(SUBJECT)
    assert before <= attempts.unfinished(SUBJECT) <= timezone.now()
    assert not any(map(attempts.unfinished, OTHERS))


def test_mark_goes_at_once_when_nothing_was_sent() -> None:
    attempts.begin(SUBJECT)
    attempts.end(SUBJECT)
    assert attempts.unfinished(SUBJECT) is None


@pytest.mark.usefixtures("database")
def test_mark_stays_until_the_outcome_is_stored() -> None:
    attempts.begin(SUBJECT)
    with transaction.atomic():
        attempts.end_when_stored(SUBJECT)
        assert attempts.unfinished(SUBJECT)
    assert attempts.unfinished(SUBJECT) is None


@pytest.mark.usefixtures("database")
def test_mark_stays_when_the_outcome_is_not_stored() -> None:
    """The worker died, or Saleor rolled the mutation back."""
    attempts.begin(SUBJECT)
    with pytest.raises(RuntimeError), transaction.atomic():
        attempts.end_when_stored(SUBJECT)
        raise RuntimeError
    assert attempts.unfinished(SUBJECT)


def test_reference_is_the_one_that_the_answer_named() -> None:
    attempts.note_reference(SUBJECT, "DGS-2")
    history = history_of(response_for(Pending("DGS-1")))
    assert attempts.current_reference(SUBJECT, history) == "DGS-1"


def test_reference_is_the_one_that_the_webhook_named_while_the_answer_is_lost() -> None:
    history = history_of(response_for(InDoubt(None, "cut")))
    assert attempts.current_reference(SUBJECT, history) is None
    attempts.note_reference(SUBJECT, "DGS-1")
    assert attempts.current_reference(SUBJECT, history) == "DGS-1"
    for other in OTHERS:
        assert attempts.current_reference(other, history) is None


def test_noted_reference_of_an_earlier_charge_is_not_the_current_one() -> None:
    attempts.note_reference(SUBJECT, "DGS-1")
    history = history_of(
        response_for(Pending("DGS-1")),
        response_for(InDoubt(None, "cut")),
    )
    assert attempts.current_reference(SUBJECT, history) is None


def test_deadline() -> None:
    now = timezone.now()
    assert not attempts.is_overdue(now)
    assert not attempts.is_overdue(now - timedelta(minutes=14))
    assert attempts.is_overdue(now - attempts.OUTCOME_DEADLINE)
