"""What each dialect changes, and that it changes nothing else."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from dgspay_plugin.sandbox.dialects import DIALECTS, PUBLISHED, Dialect
from dgspay_plugin.sandbox.settings import Settings

from .client import APPROVED, PENDING, THREE_DS, Merchant
from .conftest import serve

DECLINED = "4000000000000200"


def told(dialect: Dialect) -> str:
    """What is said of four charges, without what is another each time."""
    heard: list[object] = []
    for url in serve(Settings(dialect=dialect)):
        with Merchant(url) as merchant:
            for number in (APPROVED, THREE_DS, DECLINED, PENDING):
                answer = merchant.charge(number, key=number)
                [*_, charge] = merchant.control("GET", "/charges")
                reference = charge["dgs_reference"]
                row = merchant.call("GET", f"/transactions/{reference}").json()
                heard += [answer.status_code, answer.json(), row]
                heard.append(merchant.charge(number, key=number).status_code)
            heard.append(merchant.call("GET", "/transactions?limit=1").json())
    text = re.sub(r"DGS-[0-9A-F]+|[0-9a-f-]{36}|:\d{4,5}/", "-", repr(heard))
    # The hour tells the zone.
    return re.sub(r"\d{4}-\d\d-\d\d(.)(\d\d):\d\d:\d\d", r"DAY\1\2", text)


@pytest.fixture(scope="module")
def published() -> str:
    return told(PUBLISHED)


# Of a nonce and of webhooks nothing is in these answers.
@pytest.mark.parametrize(
    "name", [n for n in DIALECTS if n not in ("published", "nonce-24", "one-event")]
)
def test_each_changes_what_is_said(name: str, published: str) -> None:
    assert told(DIALECTS[name]) != published


def test_every_dialect_says_what_it_changes() -> None:
    assert all(dialect.changes.endswith(".") for dialect in DIALECTS.values())


def test_time_of_kigali_is_two_hours_ahead() -> None:
    moment = datetime(2026, 4, 3, 9, tzinfo=UTC)
    assert PUBLISHED.time(moment) == "2026-04-03 09:00:00"
    assert DIALECTS["kigali-time"].time(moment) == "2026-04-03 11:00:00"
    assert DIALECTS["time-with-zone"].time(moment) == "2026-04-03T09:00:00+0000"
    assert DIALECTS["kigali-time"].zone.utcoffset(None) == timedelta(hours=2)
