from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from dgspay_plugin.payment.outcome import Declined, InDoubt
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.gateway_responses import gateway_response
from dgspay_plugin.records.history import History
from dgspay_plugin.records.replies import failure
from tests.unit.later import pass_deadline
from tests.unit.payment_data import history_of, payment_of, response_for

CHARGE_ID = ChargeId("payment", 7)
NEW = History()


def test_press_leaves_a_mark_with_its_time() -> None:
    metadata: dict[str, Any] = {"another.key": "stays"}
    assert attempts.unfinished_since(metadata, NEW) is None
    before = timezone.now()
    began_at = attempts.begin(metadata, NEW, CHARGE_ID)
    assert before <= began_at <= timezone.now()
    assert attempts.unfinished_since(metadata, NEW) == began_at
    assert attempts.is_first(metadata, began_at)
    assert metadata["another.key"] == "stays"


def test_second_press_keeps_the_mark_of_the_first() -> None:
    metadata: dict[str, Any] = {}
    first = attempts.begin(metadata, NEW, CHARGE_ID)
    second = attempts.begin(metadata, NEW, CHARGE_ID)
    assert second > first
    assert attempts.unfinished_since(metadata, NEW) == first
    assert attempts.is_first(metadata, first)
    assert not attempts.is_first(metadata, second)
    assert not attempts.end(metadata, second)
    assert attempts.unfinished_since(metadata, NEW) == first


def test_first_press_is_known_after_the_second_has_stored_an_outcome() -> None:
    metadata: dict[str, Any] = {}
    first = attempts.begin(metadata, NEW, CHARGE_ID)
    attempts.begin(metadata, NEW, CHARGE_ID)
    assert attempts.is_first(metadata, first)


def waiting_for(since: datetime) -> History:
    """What a press has stored that waits for the one that began then."""
    in_doubt = InDoubt(None, "another press was first")
    return history_of(response_for(in_doubt, waiting_since=since))


def test_first_press_keeps_its_mark_while_others_wait_for_it() -> None:
    metadata: dict[str, Any] = {}
    first = attempts.begin(metadata, NEW, CHARGE_ID)
    third = attempts.begin(metadata, waiting_for(first), CHARGE_ID)
    assert attempts.is_overtaken(metadata, first, waiting_for(first))
    assert not attempts.is_overtaken(metadata, third, waiting_for(first))
    assert not attempts.end(metadata, third)


def test_nobody_waits_for_a_press_beyond_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metadata: dict[str, Any] = {}
    first = attempts.begin(metadata, NEW, CHARGE_ID)
    waiting = waiting_for(first)
    pass_deadline(monkeypatch)
    began_at = attempts.begin(metadata, waiting, CHARGE_ID)
    assert attempts.is_first(metadata, began_at)


@pytest.mark.usefixtures("database")
def test_press_after_the_deadline_begins_anew_and_the_owner_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    metadata: dict[str, Any] = {}
    attempts.begin(metadata, NEW, CHARGE_ID)
    pass_deadline(monkeypatch)
    began_at = attempts.begin(metadata, NEW, CHARGE_ID)
    assert attempts.is_first(metadata, began_at)
    [told] = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert told.startswith("Payment 7 was sent to DGS-Pay at")


def test_mark_goes_when_nothing_was_sent() -> None:
    metadata: dict[str, Any] = {}
    began_at = attempts.begin(metadata, NEW, CHARGE_ID)
    assert attempts.end(metadata, began_at)
    assert metadata == {}
    assert not attempts.end(metadata, began_at)


def test_mark_is_over_with_the_outcome() -> None:
    metadata: dict[str, Any] = {}
    attempts.begin(metadata, NEW, CHARGE_ID)
    declined = history_of(response_for(Declined("DGS-1", CustomerMessage.DECLINED)))
    assert attempts.unfinished_since(metadata, declined) is None
    began_at = attempts.begin(metadata, declined, CHARGE_ID)
    assert attempts.is_first(metadata, began_at)


def test_mark_stays_when_something_else_is_stored() -> None:
    """A press that was refused has sent nothing, and tells nothing of the charge."""
    metadata: dict[str, Any] = {}
    attempts.begin(metadata, NEW, CHARGE_ID)
    refused = gateway_response(failure(CustomerMessage.RAW_CARD_DATA), payment_of())
    assert attempts.unfinished_since(metadata, history_of(refused))


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "not JSON",
        "[]",
        "{}",
        '{"outcomes": 0, "since": 3}',
        '{"outcomes": 0, "since": "2026-02-28T12:00:00"}',
        None,
        7,
    ],
)
def test_what_somebody_else_wrote_is_no_mark(mark: Any) -> None:
    metadata = {attempts.ATTEMPT_KEY: mark}
    assert attempts.unfinished_since(metadata, NEW) is None
    began_at = attempts.begin(metadata, NEW, CHARGE_ID)
    assert attempts.unfinished_since(metadata, NEW) == began_at


def test_step_is_on_its_way_for_as_long_as_a_request_may_take() -> None:
    now = timezone.now()
    assert not attempts.step_is_on_its_way(None)
    assert attempts.step_is_on_its_way(now)
    assert not attempts.step_is_on_its_way(now - attempts.STEP_ARRIVES_WITHIN)


def test_deadline() -> None:
    now = timezone.now()
    assert not attempts.is_overdue(now)
    assert not attempts.is_overdue(now - timedelta(minutes=14))
    assert attempts.is_overdue(now - attempts.OUTCOME_DEADLINE)
