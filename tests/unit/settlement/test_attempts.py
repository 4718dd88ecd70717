from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from dgspay_plugin.payment.outcome import InDoubt, Pending
from dgspay_plugin.settlement import attempts
from dgspay_plugin.settlement.history import History
from dgspay_plugin.settlement.responses import response_for

from .records import history_of, payment_of

pytestmark = pytest.mark.usefixtures("cache")

NOTHING = History.of([])


def test_attempt_leaves_a_mark_with_its_time() -> None:
    assert attempts.unfinished(7) is None
    before = timezone.now()
    attempts.begin(7)
    assert before <= attempts.unfinished(7) <= timezone.now()
    assert attempts.unfinished(8) is None


def test_mark_goes_at_once_when_nothing_was_sent() -> None:
    attempts.begin(7)
    attempts.end(7)
    assert attempts.unfinished(7) is None


@pytest.mark.usefixtures("database")
def test_mark_stays_until_the_outcome_is_stored() -> None:
    attempts.begin(7)
    with transaction.atomic():
        attempts.end_when_stored(7)
        assert attempts.unfinished(7)
    assert attempts.unfinished(7) is None


@pytest.mark.usefixtures("database")
def test_mark_stays_when_the_outcome_is_not_stored() -> None:
    """The worker died, or Saleor rolled the mutation back."""
    attempts.begin(7)
    with pytest.raises(RuntimeError), transaction.atomic():
        attempts.end_when_stored(7)
        raise RuntimeError
    assert attempts.unfinished(7)


def test_reference_is_the_one_that_the_answer_named() -> None:
    attempts.note_reference(7, "DGS-2")
    history = history_of(response_for(Pending("DGS-1"), payment_of(), NOTHING))
    assert attempts.current_reference(7, history) == "DGS-1"


def test_reference_is_the_one_that_the_webhook_named_while_the_answer_is_lost() -> None:
    history = history_of(response_for(InDoubt(None, "cut"), payment_of(), NOTHING))
    assert attempts.current_reference(7, history) is None
    attempts.note_reference(7, "DGS-1")
    assert attempts.current_reference(7, history) == "DGS-1"
    assert attempts.current_reference(8, history) is None


def test_noted_reference_of_an_earlier_charge_is_not_the_current_one() -> None:
    attempts.note_reference(7, "DGS-1")
    history = history_of(
        response_for(Pending("DGS-1"), payment_of(), NOTHING),
        response_for(InDoubt(None, "cut"), payment_of(), NOTHING),
    )
    assert attempts.current_reference(7, history) is None


def test_deadline() -> None:
    now = timezone.now()
    assert not attempts.is_overdue(now)
    assert not attempts.is_overdue(now - timedelta(minutes=14))
    assert attempts.is_overdue(now - attempts.OUTCOME_DEADLINE)
