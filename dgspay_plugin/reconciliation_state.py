"""What is remembered of reconciliations: who runs one now, and when one last ended.

It is in the private metadata of the gateway's own App, because the plugin has no tables
and what is in the cache may be flushed. docs/decisions/lease-for-the-reconciliation.md
says why it is no lock of PostgreSQL's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from secrets import token_hex
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from saleor.app.models import App

from dgspay_plugin.gateway_app import own_app

LEASE_KEY = "dgspay.reconciliation_lease"
LAST_RUN_KEY = "dgspay.last_reconciliation"
MOST_PROBLEM_KEYS = 500
# The longest that a run may take, and time for a restart.
LATE_AFTER = timedelta(hours=1)


class LastRun(BaseModel):
    """A reconciliation that came to its end."""

    model_config = ConfigDict(frozen=True)

    ended_at: AwareDatetime
    outcomes: dict[str, int] = {}
    """How many waiting payments turned out how, by the outcome's code."""
    unanswered: int = 0
    """How many payments DGS-Pay could not be asked about."""
    for_a_person: int = 0
    """How many things no program can mend."""
    problem_keys: tuple[str, ...] = ()
    """The first `MOST_PROBLEM_KEYS` of them: `dgspay_plugin.problems.Problem.key`."""

    def __str__(self) -> str:
        found = [f"{count} {outcome}" for outcome, count in self.outcomes.items()]
        if self.unanswered:
            found.append(f"{self.unanswered} could not be asked about")
        if self.for_a_person:
            found.append(f"{self.for_a_person} need a person")
        return (
            f"{self.ended_at:%Y-%m-%d %H:%M:%S %Z}: "
            f"{', '.join(found) or 'no payment was waiting'}"
        )


class Lease(BaseModel):
    """Whose turn it is."""

    token: str
    until: AwareDatetime


Stored = TypeVar("Stored", LastRun, Lease)


@contextmanager
def only_one(gateway: str, longest: timedelta) -> Iterator[bool]:
    """Whether the block may run: no other one does.

    A killed worker's turn ends when `longest` is over.

    Args:
        longest: how long the block can take.
    """
    token = token_hex(8)
    is_ours = _take_turn(gateway, token, longest)
    try:
        yield is_ours
    finally:
        if is_ours:
            _end_turn(gateway, token)


def last_run(gateway: str) -> LastRun | None:
    """The latest run that came to its end; None if none is known."""
    app = own_app(gateway)
    return app and _read(app, LAST_RUN_KEY, LastRun)


def remember(gateway: str, run: LastRun) -> None:
    with _locked(gateway) as app:
        if app:
            keys = run.problem_keys[:MOST_PROBLEM_KEYS]
            _write(app, LAST_RUN_KEY, run.model_copy(update={"problem_keys": keys}))


def is_late(gateway: str, every: timedelta) -> bool:
    """Whether a reconciliation should have ended since the last one did.

    Args:
        every: how often one is started.
    """
    app = own_app(gateway)
    if app is None:
        return False
    run = _read(app, LAST_RUN_KEY, LastRun)
    # The App is as old as the first channel that was switched on.
    since = run.ended_at if run else app.created_at
    return bool(timezone.now() - since > LATE_AFTER + 2 * every)


def _take_turn(gateway: str, token: str, longest: timedelta) -> bool:
    with _locked(gateway) as app:
        if app is None:
            return False
        lease, now = _read(app, LEASE_KEY, Lease), timezone.now()
        # A turn that would end later than any can was not written by this clock.
        if lease and now < lease.until <= now + longest:
            return False
        _write(app, LEASE_KEY, Lease(token=token, until=now + longest))
    return True


def _end_turn(gateway: str, token: str) -> None:
    with _locked(gateway) as app:
        lease = app and _read(app, LEASE_KEY, Lease)
        # Whoever took longer than allowed has lost the turn to somebody else.
        if app and lease and lease.token == token:
            del app.private_metadata[LEASE_KEY]
            app.save(update_fields=["private_metadata"])


@contextmanager
def _locked(gateway: str) -> Iterator[App | None]:
    with transaction.atomic():
        app = own_app(gateway)
        yield app and App.objects.select_for_update(of=("self",)).get(pk=app.pk)


def _read(app: App, key: str, kind: type[Stored]) -> Stored | None:
    """What is stored under a key; None if it is nothing that `_write` wrote."""
    try:
        return kind.model_validate_json(app.private_metadata.get(key, ""))
    except ValidationError:
        return None


def _write(app: App, key: str, value: LastRun | Lease) -> None:
    # Saleor's metadata are texts.
    app.private_metadata[key] = value.model_dump_json()
    app.save(update_fields=["private_metadata"])
