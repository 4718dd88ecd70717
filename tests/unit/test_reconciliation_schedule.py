"""Saleor's Celery runs the reconciliation where it has a broker, and only there."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from dgspay_plugin import reconciliation_schedule
from dgspay_plugin.reconciliation_schedule import (
    ENTRY_NAME,
    EVERY_VARIABLE,
    every,
    install,
    runs_by_itself,
)


class Celery:
    """What the plugin uses of Celery's app."""

    def __init__(self, *, has_broker: bool) -> None:
        self.conf = SimpleNamespace(
            task_always_eager=not has_broker, beat_schedule=dict[str, Any]()
        )

    def signature(self, name: str) -> str:
        return name

    def add_periodic_task(
        self, seconds: float, signature: str, *, name: str, expires: float
    ) -> None:
        self.conf.beat_schedule[name] = (seconds, signature, expires)


def use(monkeypatch: pytest.MonkeyPatch, celery: Celery | None) -> None:
    monkeypatch.setattr(reconciliation_schedule, "_celery", lambda: celery)


def test_entry_where_there_is_a_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    celery = Celery(has_broker=True)
    use(monkeypatch, celery)
    install()
    task = "dgspay_plugin.tasks.reconcile"
    assert celery.conf.beat_schedule == {ENTRY_NAME: (300, task, 300)}
    assert runs_by_itself()


@pytest.mark.parametrize("celery", [Celery(has_broker=False), None])
def test_no_entry_where_there_is_none(
    celery: Celery | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, celery)
    install()
    assert not runs_by_itself()


def test_owner_s_own_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EVERY_VARIABLE, " 60 ")
    assert every().total_seconds() == 60


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "5 minutes", "86401", "٦٠"])
def test_interval_that_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EVERY_VARIABLE, text)
    with pytest.raises(ImproperlyConfigured, match=EVERY_VARIABLE):
        every()
