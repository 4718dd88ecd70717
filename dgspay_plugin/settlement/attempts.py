"""The mark that an attempt to charge leaves before anything is sent.

DGS-Pay is called inside a database transaction: if the worker is killed there, the
database knows nothing of the attempt. The mark is in Django's cache (Redis in
production), which survives. It holds a time and no card data.
"""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from dgspay_plugin.settlement.history import History
from dgspay_plugin.settlement.subject import Subject

# How long an outcome that is not known holds back another charge: longer than a
# customer needs at their bank's page.
OUTCOME_DEADLINE = timedelta(minutes=15)
KEPT_FOR_SECONDS = int(timedelta(days=2).total_seconds())


def begin(subject: Subject) -> None:
    """Mark that a charge is about to be sent."""
    cache.set(_attempt(subject), timezone.now(), KEPT_FOR_SECONDS)


def end(subject: Subject) -> None:
    """Remove the mark at once: nothing was sent."""
    cache.delete(_attempt(subject))


def end_when_stored(subject: Subject) -> None:
    """Remove the mark when the database has the outcome, and not before."""
    transaction.on_commit(lambda: end(subject))


def unfinished(subject: Subject) -> datetime | None:
    """When a charge was sent whose outcome was never stored, if there is one."""
    started_at: datetime | None = cache.get(_attempt(subject))
    return started_at


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


def _attempt(subject: Subject) -> str:
    return f"dgspay:attempt:{subject}"


def _reference(subject: Subject) -> str:
    return f"dgspay:reference:{subject}"
