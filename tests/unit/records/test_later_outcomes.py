"""What DGS-Pay says of a transaction later, written once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from saleor.payment.models import TransactionItem

from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.records.charges import charge_of
from dgspay_plugin.records.settle import settle
from dgspay_plugin.records.transactions import settle_transaction
from tests.unit.dgspay import PAID, PENDING, Provider
from tests.unit.later import pass_deadline
from tests.unit.merchant import GATEWAY
from tests.unit.storefront import (
    ASKED,
    FAILURE,
    SUCCESS,
    Storefront,
    charge_id,
    events,
)

WAIT = {"type": "wait"}


def told(status: str, amount: int = 12000) -> ProviderTransaction:
    return ProviderTransaction(
        "DGS-1", TransactionStatus(status), amount=Decimal(amount), currency="RWF"
    )


@pytest.fixture
def pending(storefront: Storefront, provider: Provider) -> TransactionItem:
    provider.tells("POST charges", PENDING)
    item, _ = storefront.press()
    return item


def test_success_is_told_once(pending: TransactionItem) -> None:
    for _ in range(3):
        settle(charge_id(pending), told("successful"))
    pending.refresh_from_db()
    assert pending.charged_value == 12000
    assert events(pending) == [ASKED, SUCCESS]
    assert len(charge_of(pending).history.captures) == 1


def test_channel_s_configuration_is_read_once(pending: TransactionItem) -> None:
    with CaptureQueriesContext(connection) as queries:
        settle_transaction(pending.pk, told("successful"))
    asked = f'"plugins_pluginconfiguration"."identifier" = \'{GATEWAY}\''
    assert sum(asked in query["sql"] for query in queries.captured_queries) == 1


def test_success_that_the_customer_hears_of_later(
    storefront: Storefront, pending: TransactionItem
) -> None:
    settle_transaction(pending.pk, told("successful"))
    assert storefront.answer(pending, WAIT) == SUCCESS
    assert events(pending) == [ASKED, SUCCESS]


def test_success_whose_event_a_killed_worker_left_out(
    storefront: Storefront, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    item, _ = storefront.press()
    item.events.filter(type=SUCCESS).delete()
    settle_transaction(item.pk, told("successful"))
    item.refresh_from_db()
    assert item.charged_value == 12000
    assert events(item) == [SUCCESS]
    assert len(charge_of(item).history.captures) == 1


def test_decline_ends_the_wait_once(pending: TransactionItem) -> None:
    for _ in range(2):
        settle_transaction(pending.pk, told("failed"))
    assert events(pending) == [ASKED, FAILURE]


def test_decline_of_a_pending_charge_takes_it_out_of_the_books(
    storefront: Storefront,
    provider: Provider,
    pending: TransactionItem,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider.tells("GET transactions/DGS-1", PENDING)
    pass_deadline(monkeypatch)
    storefront.answer(pending, WAIT)
    settle_transaction(pending.pk, told("failed"))
    pending.refresh_from_db()
    assert pending.charge_pending_value == 0


def test_decline_after_the_success_changes_nothing(pending: TransactionItem) -> None:
    settle_transaction(pending.pk, told("successful"))
    settle_transaction(pending.pk, told("failed"))
    pending.refresh_from_db()
    assert pending.charged_value == 12000


def test_success_after_the_decline_counts(pending: TransactionItem) -> None:
    settle_transaction(pending.pk, told("failed"))
    settle_transaction(pending.pk, told("successful"))
    pending.refresh_from_db()
    assert pending.charged_value == 12000


def test_another_amount_is_never_paid_and_told_once(
    pending: TransactionItem, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        settle_transaction(pending.pk, told("successful", amount=120))
    pending.refresh_from_db()
    assert pending.charged_value == 0
    assert events(pending) == [ASKED, FAILURE]
    assert caplog.text.count("DGS-Pay charged 120 RWF") == 1


def test_success_of_a_deleted_checkout_is_told_to_the_owner(
    pending: TransactionItem, caplog: pytest.LogCaptureFixture
) -> None:
    pending.checkout.delete()
    settle_transaction(pending.pk, told("successful"))
    pending.refresh_from_db()
    assert pending.charged_value == 12000
    assert "Saleor has deleted its checkout" in caplog.text
