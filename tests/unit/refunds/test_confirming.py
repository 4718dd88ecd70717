"""Noted refunds wait, and are reported, until somebody confirms them."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from saleor.app.models import App
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.reconciliation import Account, Reconciliation, Report, reconcile_all
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.ledger import Ledger, still_waiting
from dgspay_plugin.records.refunds import (
    UNCONFIRMED_KEY,
    NoSuchRefund,
    Refund,
    confirm,
    reopen,
    unconfirmed_refunds,
)
from tests.unit.dgspay import PAID, Provider
from tests.unit.merchant import GATEWAY
from tests.unit.refunds.staff import (
    FIRST,
    SECOND,
    Staff,
    TransactionsStaff,
    shown,
    waiting,
)
from tests.unit.shop import Shop

# Confirming


def test_confirmed_refund_waits_no_more(staff: Staff) -> None:
    staff.ask_for(5000)
    staff.ask_for(7000)
    told = _command("confirm", FIRST)
    assert FIRST in told
    assert waiting() == [SECOND]
    assert shown() == [f"refund_to_send:{SECOND}"]
    _command("confirm", SECOND)
    assert waiting() == []
    assert shown() == []
    staff.record.refresh_from_db()
    assert UNCONFIRMED_KEY not in staff.record.private_metadata
    assert staff.left() == 0


@pytest.mark.parametrize("mistake", ["DGS-1-refund-9", "DGS-1", "", FIRST[:-1]])
def test_mistake_confirms_nothing(staff: Staff, mistake: str) -> None:
    staff.ask_for(5000)
    with pytest.raises(CommandError, match="Nothing was changed"):
        _command("confirm", FIRST, mistake)
    assert waiting() == [FIRST]
    assert shown() == [f"refund_to_send:{FIRST}"]


def test_refund_is_confirmed_once(staff: Staff) -> None:
    staff.ask_for(None)
    _command("confirm", FIRST, FIRST)
    with pytest.raises(CommandError, match=FIRST):
        _command("confirm", FIRST)


def test_who_was_slower_confirms_nothing(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two confirm at once: both have read that it waits."""
    staff.ask_for(None)
    stale: list[Refund] = unconfirmed_refunds(GATEWAY)
    confirm(GATEWAY, [FIRST])
    monkeypatch.setattr(
        "dgspay_plugin.records.refunds.unconfirmed_refunds", lambda gateway: stale
    )
    with pytest.raises(NoSuchRefund):
        confirm(GATEWAY, [FIRST])


def test_reopened_refund_waits_as_before(
    staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    staff.ask_for(5000)
    staff.ask_for(7000)
    _command("confirm", FIRST, SECOND)
    caplog.clear()

    assert f"Waits again: {FIRST}, 5000 RWF." in _command("reopen", FIRST)

    assert waiting() == [FIRST]
    assert shown() == [f"refund_to_send:{FIRST}"]
    [told] = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert FIRST in told
    assert staff.left() == 0
    _command("confirm", FIRST)
    assert waiting() == []


@pytest.mark.parametrize("mistake", [SECOND, "DGS-1-refund-9", "DGS-1", ""])
def test_mistake_reopens_nothing(staff: Staff, mistake: str) -> None:
    staff.ask_for(5000)
    staff.ask_for(7000)
    _command("confirm", FIRST)
    with pytest.raises(CommandError, match="Nothing was changed"):
        _command("reopen", FIRST, mistake)
    assert waiting() == [SECOND]
    assert shown() == [f"refund_to_send:{SECOND}"]


def test_refund_of_another_gateway_is_not_reopened(staff: Staff) -> None:
    staff.ask_for(None)
    confirm(GATEWAY, [FIRST])
    with pytest.raises(NoSuchRefund):
        reopen("another.gateway", [FIRST])


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_list_names_what_waits(staff: Staff, arguments: tuple[str, ...]) -> None:
    assert "No refund waits" in _command(*arguments)
    staff.ask_for(5000)
    told = _command(*arguments)
    for fact in (FIRST, "5000 RWF", f"{timezone.now():%Y-%m-%d}", "order"):
        assert fact in told
    assert SECOND not in told


@pytest.mark.parametrize("arguments", [("confirm",), ("refund", FIRST)])
def test_command_that_is_not_understood(
    staff: Staff, arguments: tuple[str, ...]
) -> None:
    staff.ask_for(None)
    with pytest.raises(CommandError):
        _command(*arguments)
    assert waiting() == [FIRST]


# The reconciliation


def test_reconciliation_finds_it_at_any_age_until_it_is_confirmed(
    staff: Staff, provider: Provider
) -> None:
    staff.ask_for(None)
    app = App.objects.get(identifier=GATEWAY)
    app.problems.all().delete()

    for _ in range(2):
        report = _reconcile(provider, [{**PAID, "status": "success"}])
        [told] = report.for_a_person
        assert FIRST in told
        assert shown() == [f"refund_to_send:{FIRST}"]

    app.problems.update(created_at=timezone.now() - timedelta(days=9))
    confirm(GATEWAY, [FIRST])
    report = _reconcile(provider, [{**PAID, "status": "success"}])
    assert report.for_a_person == []
    assert report.outcomes == {}
    assert shown() == []


@pytest.mark.parametrize(
    "there",
    [[], [{**PAID, "amount": 7000}], [PAID]],
    ids=["not listed", "listed with what is left", "listed as it was"],
)
def test_refunded_charge_is_no_difference_however_dgspay_lists_it(
    staff: Staff, shop: Shop, provider: Provider, there: list[dict[str, Any]]
) -> None:
    staff.ask_for(5000)
    provider.tells("GET transactions[?]*", {"data": there, "pagination": {"pages": 1}})
    provider.tells("GET transactions/DGS-1", {**PAID, "amount": 7000})
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    report = Report()
    since = timezone.now() - timedelta(days=1)
    list(Reconciliation(account, report).compare_captures(since))
    assert report.for_a_person == []


def test_other_amount_than_what_is_left_is_a_difference(
    staff: Staff, shop: Shop, provider: Provider
) -> None:
    staff.ask_for(5000)
    there = [{**PAID, "amount": 6000}]
    provider.tells("GET transactions[?]*", {"data": there, "pagination": {"pages": 1}})
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    report = Report()
    since = timezone.now() - timedelta(days=1)
    list(Reconciliation(account, report).compare_captures(since))
    [told] = report.for_a_person
    assert "captured 12000 RWF here, 6000 RWF there" in told


def test_refunded_transaction_does_not_wait_for_an_outcome(
    choice: None, shop: Shop, provider: Provider
) -> None:
    staff = TransactionsStaff(shop, provider)
    staff.ask_for(None)
    ledger = Ledger(GATEWAY, (shop.channel.slug,))
    assert ledger.waiting_since(timezone.now() - timedelta(days=1)) == []
    named = [ChargeId("transaction", staff.record.pk)]
    assert still_waiting(named) == ([], [])


def test_refund_stands_whatever_becomes_of_its_checkout(
    choice: None, shop: Shop, provider: Provider
) -> None:
    staff = TransactionsStaff(shop, provider)
    staff.ask_for(None)
    TransactionItem.objects.update(checkout=None)
    Payment.objects.all().delete()
    report = _reconcile(provider, [PAID])
    assert FIRST in report.for_a_person[-1]
    assert shown() == [f"refund_to_send:{FIRST}"]


def _reconcile(provider: Provider, listed: list[dict[str, Any]]) -> Report:
    provider.tells("GET transactions[?]*", {"data": listed, "pagination": {"pages": 1}})
    return reconcile_all(GATEWAY, timezone.now() - timedelta(days=3))


def _command(*arguments: str) -> str:
    written = StringIO()
    call_command("dgspay_refunds", *arguments, stdout=written, no_color=True)
    return written.getvalue()
