from datetime import timedelta

import pytest
from django.utils import timezone

from dgspay_plugin.payment.outcome import Declined, InDoubt, Pending
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.settlement import attempts
from dgspay_plugin.settlement.answers import failure
from dgspay_plugin.settlement.gateway_responses import gateway_response
from dgspay_plugin.settlement.history import History
from dgspay_plugin.settlement.subject import Subject

from .records import history_of, payment_of, response_for

pytestmark = pytest.mark.usefixtures("cache")

SUBJECT = Subject("payment", 7)
OTHERS = (Subject("payment", 8), Subject("transaction", 7))


NEW = History()


def test_attempt_leaves_a_mark_with_its_time() -> None:
    assert attempts.unfinished(SUBJECT, NEW) is None
    before = timezone.now()
    assert attempts.begin(SUBJECT, NEW) is None
    sent_at = attempts.unfinished(SUBJECT, NEW)
    assert before <= sent_at <= timezone.now()
    assert not any(attempts.unfinished(other, NEW) for other in OTHERS)


def test_attempt_is_not_begun_while_another_is_unfinished() -> None:
    attempts.begin(SUBJECT, NEW)
    sent_at = attempts.unfinished(SUBJECT, NEW)
    assert attempts.begin(SUBJECT, NEW) == sent_at
    assert attempts.unfinished(SUBJECT, NEW) == sent_at


def test_attempt_is_begun_anew_when_another_is_overdue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts.begin(SUBJECT, NEW)
    now = timezone.now() + attempts.OUTCOME_DEADLINE + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert attempts.begin(SUBJECT, NEW) is None
    assert attempts.unfinished(SUBJECT, NEW) == now


def test_mark_goes_when_nothing_was_sent() -> None:
    attempts.begin(SUBJECT, NEW)
    attempts.end(SUBJECT, NEW)
    assert attempts.unfinished(SUBJECT, NEW) is None


def test_mark_is_over_with_the_outcome() -> None:
    attempts.begin(SUBJECT, NEW)
    declined = history_of(response_for(Declined("DGS-1", CustomerMessage.DECLINED)))
    assert attempts.unfinished(SUBJECT, declined) is None
    assert attempts.begin(SUBJECT, declined) is None


def test_mark_stays_when_something_else_is_stored() -> None:
    """A press that was refused has sent nothing, and tells nothing of the charge."""
    attempts.begin(SUBJECT, NEW)
    refused = gateway_response(failure(CustomerMessage.RAW_CARD_DATA), payment_of())
    assert attempts.unfinished(SUBJECT, history_of(refused))


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
