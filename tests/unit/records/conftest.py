"""What the records' tests watch."""

import pytest
from django.db import connection
from django.db.models import Model, QuerySet


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[type[Model]]:
    """The models whose rows are locked, in that order."""
    locked: list[type[Model]] = []
    lock = QuerySet.select_for_update

    def note(rows: QuerySet[Model], **options: object) -> QuerySet[Model]:
        assert connection.in_atomic_block
        locked.append(rows.model)
        return lock(rows, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", note)
    return locked
