"""The mark that an attempt leaves in the database before anything is sent.

A worker can be killed between a request to DGS-Pay and its answer. The database
transaction around the request is then rolled back, so the mark is committed before:

- Payments API: Saleor completes a checkout in two transactions. At the end of the
  first it calls ``preprocess_order_creation`` (saleor/checkout/complete_checkout.py),
  and the mark is left there. The request is sent in the second.
- Transactions API: the plugin commits the mark itself, and then takes the lock again.

The mark is in the private metadata of the Payment or TransactionItem. It holds times
and no card data. It belongs to the next outcome of the charge's history, so it is over
as soon as an outcome is stored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from dgspay_plugin.owner.charges import tell_of_second_attempt
from dgspay_plugin.provider.client import TIME_BUDGET
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.history import History, read_moment

# How long an outcome that is not known holds back another charge: longer than a
# customer needs at their bank's page.
OUTCOME_DEADLINE = timedelta(minutes=15)
# What a request may take, and then DGS-Pay until its status shows it.
STEP_ARRIVES_WITHIN = timedelta(seconds=TIME_BUDGET + 20)
ATTEMPT_KEY = "dgspay.attempt"


def unfinished_since(metadata: Mapping[str, Any], history: History) -> datetime | None:
    """When a press began that may have sent a request and has stored no outcome.

    None if there is none. Of several presses it is the first.
    """
    mark = _read(metadata)
    if mark is None or mark.outcomes != len(history.outcomes):
        return None
    return mark.since


def begin(metadata: dict[str, Any], history: History, charge_id: ChargeId) -> datetime:
    """Leave the mark of a press. The caller has to commit it.

    An earlier press that left a mark and no outcome keeps its own until
    `OUTCOME_DEADLINE` has passed. So does one that others wait for: what they have
    stored is that they wait, and the press itself is still to come.

    Returns:
        When this press began, by which it knows its mark again.
    """
    now: datetime = timezone.now()
    if _is_waited_for(_read(metadata), history):
        return now
    since = unfinished_since(metadata, history)
    if since and is_overdue(since):
        tell_of_second_attempt(charge_id, since)
        since = None
    metadata[ATTEMPT_KEY] = json.dumps(
        {
            # A refused press is stored too. It has no outcome and ends no attempt.
            "outcomes": len(history.outcomes),
            "since": (since or now).isoformat(),
        }
    )
    return now


def is_first(metadata: Mapping[str, Any], began_at: datetime | None) -> bool:
    """Whether the mark is of the press that began then, and of no earlier one.

    The press itself then knows that nothing was sent yet.
    """
    mark = _read(metadata)
    return mark is not None and mark.since == began_at


def is_overtaken(
    metadata: Mapping[str, Any], began_at: datetime | None, history: History
) -> bool:
    """Whether a later press has stored an outcome, and waits for the one of this."""
    mark = _read(metadata)
    return (
        mark is not None
        and mark.since == began_at
        and mark.outcomes < len(history.outcomes)
    )


def end(metadata: dict[str, Any], began_at: datetime | None) -> bool:
    """Remove the mark of a press that has ended and has no outcome to store.

    Returns:
        Whether it was removed. The mark of an earlier press stays.
    """
    if not is_first(metadata, began_at):
        return False
    del metadata[ATTEMPT_KEY]
    return True


@dataclass(frozen=True)
class _Mark:
    outcomes: int
    """How many outcomes were stored when it was left."""
    since: datetime


def _is_waited_for(mark: _Mark | None, history: History) -> bool:
    return (
        mark is not None
        and history.is_undecided
        and history.waiting_since == mark.since
        and not is_overdue(mark.since)
    )


def _read(metadata: Mapping[str, Any]) -> _Mark | None:
    try:
        mark = json.loads(metadata[ATTEMPT_KEY])
        return _Mark(mark["outcomes"], read_moment(mark["since"]))
    except (KeyError, TypeError, ValueError):
        # No mark, or what somebody else has put in its place.
        return None


def step_is_on_its_way(began_at: datetime | None) -> bool:
    """Whether the answer to a step may still reach DGS-Pay, if a press sent one."""
    return began_at is not None and timezone.now() - began_at < STEP_ARRIVES_WITHIN


def is_overdue(started_at: datetime) -> bool:
    age: timedelta = timezone.now() - started_at
    return age > OUTCOME_DEADLINE
