"""A clock that only the state machine moves."""

from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from django.utils import timezone

BEGINNING = datetime(2026, 11, 2, 9, tzinfo=UTC)
# So that what happens later has a later time, too.
TICK = timedelta(milliseconds=1)


class Clock:
    def __init__(self) -> None:
        self.now = BEGINNING

    def restart(self) -> None:
        self.now = BEGINNING

    def pass_time(self, age: timedelta) -> None:
        self.now += age

    def tick(self) -> datetime:
        self.now += TICK
        return self.now


def install_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let Django tell this clock's time, also to the defaults of its models."""
    clock = Clock()

    class Datetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.tick().astimezone(tz)

    monkeypatch.setattr(timezone, "datetime", Datetime)
    return clock
