"""The mark that an attempt to charge leaves before anything is sent.

DGS-Pay is called inside a database transaction: if the worker is killed there, the
database knows nothing of the attempt. The mark is in Django's cache (Redis in
production), which survives. It holds a time and no card data.

A mark is for the next outcome of a charge's history. So it is over the moment that an
outcome is stored, and a store whose cache is far away is asked once for a payment.
"""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from dgspay_plugin.settlement.history import History
from dgspay_plugin.settlement.subject import Subject

# How long an outcome that is not known holds back another charge: longer than a
# customer needs at their bank's page.
OUTCOME_DEADLINE = timedelta(minutes=15)
KEPT_FOR_SECONDS = int(timedelta(days=2).total_seconds())


def begin(subject: Subject, history: History) -> datetime | None:
    """Mark that a charge is about to be sent.

    Returns:
        None; or when another was sent whose outcome was never stored, and which
        may still have one. Then this one must not be sent.
    """
    key, now = _attempt(subject, history), timezone.now()
    if cache.add(key, now, KEPT_FOR_SECONDS):
        return None
    sent_at = awaited(subject, history)
    if sent_at is None:
        cache.set(key, now, KEPT_FOR_SECONDS)
    return sent_at


def end(subject: Subject, history: History) -> None:
    """Remove the mark: nothing was sent, and there will be no outcome."""
    cache.delete(_attempt(subject, history))


def unfinished(subject: Subject, history: History) -> datetime | None:
    """When a charge was sent whose outcome was never stored, if there is one."""
    sent_at: datetime | None = cache.get(_attempt(subject, history))
    return sent_at


def awaited(subject: Subject, history: History) -> datetime | None:
    """When a charge was sent whose outcome may still come, if there is one."""
    sent_at = unfinished(subject, history)
    return None if sent_at is None or is_overdue(sent_at) else sent_at


def note_reference(subject: Subject, reference: str) -> None:
    """Remember the ``dgs_reference`` of a charge whose answer did not arrive."""
    cache.set(_reference(subject), reference, KEPT_FOR_SECONDS)


def current_reference(subject: Subject, history: History) -> str | None:
    """The ``dgs_reference`` of the latest charge, if anybody has told it."""
    if history.reference is not None:
        return history.reference
    noted: str | None = cache.get(_reference(subject))
    # What was noted for an earlier charge of the same payment is in its history.
    return None if noted is None or history.knows(noted) else noted


def is_overdue(started_at: datetime) -> bool:
    age: timedelta = timezone.now() - started_at
    return age > OUTCOME_DEADLINE


def _attempt(subject: Subject, history: History) -> str:
    return f"dgspay:attempt:{subject}:{len(history.outcomes)}"


def _reference(subject: Subject) -> str:
    return f"dgspay:reference:{subject}"
