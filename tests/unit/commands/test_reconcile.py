"""dgspay_reconcile: how far it looks back, what it tells, and its exit code."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from saleor.order.models import Order
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.management.commands.dgspay_reconcile import since
from dgspay_plugin.reconciliation_state import last_run
from tests.unit.browser import card_data
from tests.unit.dgspay import NOT_CONNECTED, PAID, PENDING, Provider
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

NOTHING_LISTED = {"data": [], "pagination": {"pages": 1}}


@pytest.fixture(autouse=True)
def store(shop: Shop, provider: Provider) -> None:
    """A payment waits, and DGS-Pay's list of successful charges is empty."""
    keep_gateway_app(GATEWAY, "DGS-Pay")
    provider.tells("POST charges", PENDING)
    shop.press(shop.new_payment(), card_data())
    provider.tells("GET transactions[?]*", NOTHING_LISTED)


def reconcile(*arguments: str) -> tuple[str, int]:
    """All that it says, and its exit code."""
    written, code = StringIO(), 0
    try:
        call_command("dgspay_reconcile", *arguments, stdout=written, no_color=True)
    except SystemExit as end:
        code = int(end.code or 0)
    return written.getvalue(), code


def test_payment_is_settled(provider: Provider) -> None:
    provider.tells("GET transactions/DGS-1", PAID)
    told, code = reconcile()
    assert "      1  Paid\n" in told
    assert "Saleor and DGS-Pay agree." in told
    assert Order.objects.exists()
    assert last_run(GATEWAY)
    assert code == 0


def test_dry_run_changes_nothing(provider: Provider) -> None:
    provider.tells("GET transactions/DGS-1", PAID)
    told, code = reconcile("--dry-run")
    assert "      1  Paid\n" in told
    assert "Nothing was changed (--dry-run)." in told
    assert not Order.objects.exists()
    assert last_run(GATEWAY) is None
    assert code == 0


@pytest.mark.usefixtures("no_pauses")
def test_payment_that_cannot_be_asked_about(provider: Provider) -> None:
    provider.tells("GET transactions/DGS-1", NOT_CONNECTED)
    told, code = reconcile()
    assert "DGS-Pay could not be asked about 1 payments: run this again." in told
    assert code == 1


def test_what_needs_a_person(provider: Provider) -> None:
    provider.tells("GET transactions/DGS-1", {**PAID, "amount": 100})
    told, code = reconcile()
    assert (
        "1 need a person:\n  - DGS-Pay charged 100 RWF as DGS-1 for Payment 1" in told
    )
    assert code == 1


def test_not_set_up_anywhere() -> None:
    PluginConfiguration.objects.all().delete()
    with pytest.raises(CommandError, match="not set up in any channel"):
        reconcile()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
        ("2026-11-24 10:30", datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        ("2026-11-24T10:30+02:00", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
    ],
)
def test_since_a_moment(text: str, moment: datetime) -> None:
    assert since(text) == moment


@pytest.mark.parametrize(
    ("text", "age"), [("36h", timedelta(hours=36)), ("7d", timedelta(days=7))]
)
def test_since_so_long_ago(text: str, age: timedelta) -> None:
    assert abs(timezone.now() - since(text) - age) < timedelta(minutes=1)


@pytest.mark.parametrize("text", ["3w", "-3h", "2026-13-01", "yesterday", ""])
def test_since_a_time_that_is_none(text: Any) -> None:
    with pytest.raises(ArgumentTypeError):
        since(text)
