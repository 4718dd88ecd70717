"""Who reconciles now, and when a reconciliation last came to its end."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from saleor.app.models import App

from dgspay_plugin.gateway_app import keep_gateway_app, own_app
from dgspay_plugin.reconciliation_state import (
    LAST_RUN_KEY,
    LEASE_KEY,
    LastRun,
    is_late,
    last_run,
    only_one,
    remember,
)
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

LONGEST = timedelta(minutes=15)
EVERY = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def app(shop: Shop) -> App:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    return _app()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, timedelta]]:
    """How far the clock is ahead."""
    ahead, now = {"by": timedelta(0)}, timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + ahead["by"])
    yield ahead


def test_never_two_at_once() -> None:
    with only_one(GATEWAY, LONGEST) as first, only_one(GATEWAY, LONGEST) as second:
        assert (first, second) == (True, False)


def test_next_one_after_the_first() -> None:
    with only_one(GATEWAY, LONGEST):
        pass
    with only_one(GATEWAY, LONGEST) as is_our_turn:
        assert is_our_turn
    assert LEASE_KEY not in _app().private_metadata


def test_one_that_fails_ends_its_turn() -> None:
    with pytest.raises(ZeroDivisionError), only_one(GATEWAY, LONGEST):
        raise ZeroDivisionError
    with only_one(GATEWAY, LONGEST) as is_our_turn:
        assert is_our_turn


def test_killed_worker_s_turn_ends(later: dict[str, timedelta]) -> None:
    _be_killed()
    later["by"] = LONGEST - timedelta(seconds=1)
    with only_one(GATEWAY, LONGEST) as too_early:
        assert not too_early
    later["by"] = LONGEST
    with only_one(GATEWAY, LONGEST) as is_our_turn:
        assert is_our_turn


def test_one_that_took_too_long_does_not_end_the_turn_of_the_next(
    later: dict[str, timedelta],
) -> None:
    slow = only_one(GATEWAY, LONGEST)
    assert slow.__enter__()
    later["by"] = LONGEST
    with only_one(GATEWAY, LONGEST) as is_our_turn:
        assert is_our_turn
        slow.__exit__(None, None, None)
        with only_one(GATEWAY, LONGEST) as third:
            assert not third


@pytest.mark.parametrize(
    "spoiled",
    ["", "[]", "null", '{"until": 7}', '{"until": "soon"}', '{"until": "9999-01-01"}'],
)
def test_lease_that_somebody_has_changed_keeps_nobody_away(spoiled: str) -> None:
    _store(LEASE_KEY, spoiled)
    with only_one(GATEWAY, LONGEST) as is_our_turn:
        assert is_our_turn


def test_lease_of_a_clock_far_ahead_keeps_nobody_away() -> None:
    _store(LEASE_KEY, '{"token": "a", "until": "2999-01-01T00:00:00+00:00"}')
    with only_one(GATEWAY, LONGEST) as is_our_turn:
        assert is_our_turn


def test_no_turn_without_an_app(app: App) -> None:
    app.delete()
    with only_one(GATEWAY, LONGEST) as is_our_turn:
        assert not is_our_turn


def test_last_run_is_remembered() -> None:
    run = LastRun(
        ended_at=timezone.now(),
        outcomes={"Paid": 2},
        unanswered=1,
        for_a_person=1,
        problem_keys=("overcharged:Order 7",),
    )
    remember(GATEWAY, run)
    assert last_run(GATEWAY) == run
    assert str(run).endswith("2 Paid, 1 could not be asked about, 1 need a person")


def test_run_that_found_nothing_says_so() -> None:
    run = LastRun(ended_at=timezone.now())
    assert str(run).endswith("no payment was waiting")


@pytest.mark.parametrize(
    "spoiled",
    [
        "?",
        "7",
        "{}",
        '{"ended_at": null}',
        '{"ended_at": "2026-11-27T12:00:00+00:00", "unanswered": "many"}',
        '{"ended_at": "2026-11-27T12:00:00+00:00", "problem_keys": 7}',
    ],
)
def test_last_run_that_somebody_has_changed_is_none(spoiled: str) -> None:
    _store(LAST_RUN_KEY, spoiled)
    assert last_run(GATEWAY) is None


def test_late_only_when_one_should_have_ended(later: dict[str, timedelta]) -> None:
    assert not is_late(GATEWAY, EVERY)
    later["by"] = timedelta(hours=1, minutes=11)
    assert is_late(GATEWAY, EVERY)
    remember(GATEWAY, LastRun(ended_at=timezone.now()))
    assert not is_late(GATEWAY, EVERY)
    later["by"] = timedelta(hours=3)
    assert is_late(GATEWAY, EVERY)


def _be_killed() -> None:
    """Take the turn and never give it back."""
    with only_one(GATEWAY, LONGEST):
        lease = _app().private_metadata[LEASE_KEY]
    _store(LEASE_KEY, lease)


def _app() -> App:
    app = own_app(GATEWAY)
    assert app
    return app


def _store(key: str, text: str) -> None:
    app = _app()
    app.private_metadata[key] = text
    app.save()
