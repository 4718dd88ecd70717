"""The pages of DGS-Pay's list of transactions."""

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.payment.outcome import (
    ProviderTransaction,
    TransactionStatus,
)
from dgspay_plugin.provider.errors import OutcomeUnknown
from dgspay_plugin.provider.messages import (
    TransactionRow,
    UnreadableRow,
    read_transactions,
)

PENDING = ProviderTransaction("DGS-1", TransactionStatus.PENDING)


def test_rows_and_pages() -> None:
    row = {
        "id": 7,
        "dgs_reference": "DGS-1",
        "amount": "12000",
        "currency": "RWF",
        "status": "success",
        "payment_method_type": "card",
        "created_at": "2026-01-31T10:00:00Z",
    }
    pagination = {"page": 1, "limit": 100, "total": 101, "pages": 2}
    for answer in (
        {"data": [row], "pagination": pagination},
        {"data": {"transactions": [row], "pagination": pagination}},
        {"data": {"transactions": [row]}, "pagination": pagination},
    ):
        [read], pages = read_transactions(answer)
        assert isinstance(read, TransactionRow)
        assert pages == 2
        assert read.created_at == datetime(2026, 1, 31, 10, tzinfo=UTC)
        assert read.transaction == ProviderTransaction(
            "DGS-1",
            TransactionStatus.SUCCESSFUL,
            amount=Decimal(12000),
            currency="RWF",
        )


NOW = datetime.now(UTC).replace(microsecond=0)
KIGALI = timedelta(hours=2)


@pytest.mark.parametrize(
    ("created_at", "read"),
    [
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        # Later than in Kigali.
        ("2026-01-31 10:00:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        (f"{NOW:%Y-%m-%d %H:%M:%S}", NOW),
        # No transaction of the future is listed: it was Kigali's.
        (f"{NOW + KIGALI:%Y-%m-%d %H:%M:%S}", NOW),
        (f"{NOW - KIGALI:%Y-%m-%d %H:%M:%S}", NOW - KIGALI),
        ("31/01/2026", None),
        ("yesterday", None),
        (None, None),
        ([], None),
        (Decimal("1E+999999999"), None),
        ("9999-12-31 23:59:59", datetime(9999, 12, 31, 21, 59, 59, tzinfo=UTC)),
    ],
    # Moments of this run would be other names in each process of pytest-xdist.
    ids=itertools.count(),
)
def test_latest_moment_of_a_row(created_at: object, read: datetime | None) -> None:
    row = {"dgs_reference": "DGS-1", "status": "pending", "created_at": created_at}
    [parsed], _ = read_transactions({"data": [row], "pagination": {"pages": 1}})
    assert parsed.created_at == read
    assert parsed == TransactionRow(PENDING, parsed.created_at)


@pytest.mark.parametrize("zone", [UTC, timezone(KIGALI)], ids=["UTC", "Kigali"])
@given(minutes_ago=st.integers(0, 10_000))
def test_no_row_is_read_older_than_it_is(zone: timezone, minutes_ago: int) -> None:
    created_at = datetime.now(zone) - timedelta(minutes=minutes_ago)
    row = {
        "dgs_reference": "DGS-1",
        "status": "success",
        "created_at": f"{created_at:%Y-%m-%d %H:%M:%S.%f}",
    }
    [parsed], _ = read_transactions({"data": [row]})
    assert parsed.created_at
    assert created_at <= parsed.created_at <= created_at + KIGALI


@pytest.mark.parametrize(
    ("pagination", "pages"),
    [
        ({"pages": 3}, 3),
        ({"pages": "3"}, 3),
        ({"pages": 0}, 0),
        ({}, None),
        (None, None),
        ({"pages": None}, None),
        ({"pages": -1}, None),
        ({"pages": [3]}, None),
        ({"pages": "many"}, None),
        ([3], None),
    ],
    ids=str,
)
def test_pages_that_are_not_counted(pagination: object, pages: int | None) -> None:
    assert read_transactions({"data": [], "pagination": pagination}) == ([], pages)


def test_row_that_cannot_be_read_costs_no_other() -> None:
    good = {"dgs_reference": "DGS-1", "status": "pending"}
    rows = [
        good,
        {**good, "dgs_reference": "DGS-2", "status": "voided"},
        {**good, "dgs_reference": "../balance"},
        {**good, "dgs_reference": "DGS-4", "amount": "much"},
        None,
        good,
    ]
    read, _ = read_transactions({"data": rows, "pagination": {"pages": 1}})
    assert read[0] == read[5] == TransactionRow(PENDING, None)
    assert [
        f"{row}: {row.why}" for row in read[1:5] if isinstance(row, UnreadableRow)
    ] == [
        "DGS-2: an answer with an unknown status",
        "row 3 of a page: an answer with a wrong dgs_reference",
        "DGS-4: an answer with a wrong amount",
        "row 5 of a page: an answer without a transaction_status",
    ]


@pytest.mark.parametrize(
    "answer",
    [{}, {"data": {}}, {"data": None}, {"data": {"transactions": None}}],
    ids=str,
)
def test_what_is_no_page_of_transactions(answer: Mapping[str, Any]) -> None:
    with pytest.raises(OutcomeUnknown):
        read_transactions({**answer, "pagination": {"pages": 1}})
