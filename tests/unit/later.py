"""What happens when nobody waits any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dgspay_plugin.records.attempts import OUTCOME_DEADLINE


def pass_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go on when an outcome is no longer waited for."""
    later = timezone.now() + OUTCOME_DEADLINE + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
