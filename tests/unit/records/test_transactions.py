"""What DGS-Pay says of a charge, written to a TransactionItem under its locks."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from saleor.checkout.models import Checkout
from saleor.order.models import Order
from saleor.payment import TransactionEventType
from saleor.payment.models import TransactionItem
from saleor.warehouse.models import Stock

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    ActionRequired,
    Declined,
    InDoubt,
    NextAction,
    Outcome,
    Paid,
    Pending,
    ProviderTransaction,
    TransactionStatus,
)
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.charges import charge_of, history_of_item, store_outcome
from dgspay_plugin.records.history import SpoiledRecord
from dgspay_plugin.records.replies import reply_for
from dgspay_plugin.records.transactions import (
    LockedItem,
    count_towards_total,
    note_reference,
    settle_transaction,
    tell_owner_of_capture,
)
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

DUE = Money(Decimal(12000), "RWF")
SUCCESS = TransactionEventType.CHARGE_SUCCESS
FAILURE = TransactionEventType.CHARGE_FAILURE


@pytest.fixture
def item(shop: Shop) -> TransactionItem:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    return shop.new_transaction()


def new_order(shop: Shop, **facts: Any) -> Order:
    return Order.objects.create(
        **{
            "channel": shop.channel,
            "currency": "RWF",
            "lines_count": 1,
            "total_gross_amount": 12000,
            **facts,
        }
    )


def store(item: TransactionItem, outcome: Outcome) -> None:
    reply = reply_for(outcome, DUE, history_of_item(item), None)
    store_outcome(item, reply, None)


def told(status: str, reference: str = "DGS-1", **facts: Any) -> ProviderTransaction:
    return ProviderTransaction(
        reference,
        TransactionStatus(status),
        **{"amount": Decimal(12000), "currency": "RWF", **facts},
    )


def events(item: TransactionItem) -> list[tuple[str, str | None]]:
    """What came after the request."""
    return [(event.type, event.psp_reference) for event in item.events.all()[1:]]


def outcomes(item: TransactionItem) -> list[str]:
    item.refresh_from_db()
    return [record["outcome"] for record in history_of_item(item).outcomes]


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]


# The locks


def test_what_is_paid_for_is_locked_before_its_transaction(
    shop: Shop, item: TransactionItem, locked: list[type[Model]]
) -> None:
    """As Saleor does: two orders of locking would wait for each other."""
    with LockedItem(item.pk) as lock:
        assert lock.item == item
    with LockedItem(shop.new_transaction(new_order(shop)).pk):
        pass
    assert locked == [Checkout, TransactionItem, Order, TransactionItem]


def test_commit_keeps_what_was_written_and_locks_anew(
    shop: Shop, item: TransactionItem, locked: list[type[Model]]
) -> None:
    """The checkout may have become an order in between."""
    with pytest.raises(KeyboardInterrupt), LockedItem(item.pk) as lock:
        before = lock.item
        before.name = "written"
        before.save()
        lock.commit()
        assert lock.item is not before
        assert lock.item.name == "written"
        lock.item.name = "never committed"
        lock.item.save()
        raise KeyboardInterrupt
    assert locked == [Checkout, TransactionItem] * 2
    item.refresh_from_db()
    assert item.name == "written"
    assert not connection.in_atomic_block


def test_item_that_is_not_there_leaves_no_transaction_open(shop: Shop) -> None:
    with pytest.raises(TransactionItem.DoesNotExist), LockedItem(10**9):
        pass
    assert not connection.in_atomic_block


# Settling


def test_success_counts_for_an_order_too(shop: Shop, item: TransactionItem) -> None:
    order = new_order(shop)
    of_order = shop.new_transaction(order)
    assert isinstance(settle_transaction(of_order.pk, told("successful")), Paid)
    order.refresh_from_db()
    assert (order.total_charged_amount, order.charge_status) == (12000, "full")


@pytest.mark.parametrize(
    "facts", [{"currency": "USD"}, {"amount": Decimal("12000.01")}], ids=str
)
def test_another_currency_or_a_cent_more_is_no_success(
    item: TransactionItem, caplog: pytest.LogCaptureFixture, facts: dict[str, Any]
) -> None:
    settle_transaction(item.pk, told("successful", **facts))
    assert outcomes(item) == ["AmountMismatch"]
    assert events(item) == [(FAILURE, "DGS-1")]
    assert item.charged_value == 0
    [owner_was_told] = errors(caplog)
    assert "which is for 12000 RWF" in owner_was_told


@pytest.mark.parametrize(
    ("outcome", "reference", "counts"),
    [
        (Pending("DGS-1"), "DGS-1", True),
        (ActionRequired("DGS-1", NextAction.PIN), "DGS-1", True),
        (InDoubt(None, "cut"), "DGS-1", True),
        (Pending("DGS-1"), "DGS-0", False),
        (Declined("DGS-1", CustomerMessage.DECLINED), "DGS-1", False),
        (None, "DGS-1", False),
    ],
    ids=["pending", "a step", "lost", "of another charge", "declined", "not sent"],
)
def test_decline_ends_the_wait_for_its_own_charge(
    item: TransactionItem, outcome: Outcome | None, reference: str, counts: bool
) -> None:
    if outcome:
        store(item, outcome)
    before = outcomes(item)
    settle_transaction(item.pk, told("failed", reference))
    assert outcomes(item) == before + ["Declined"] * counts
    assert events(item) == [(FAILURE, reference)] * counts


def test_second_charge_counts_and_is_no_second_outcome(
    item: TransactionItem, caplog: pytest.LogCaptureFixture
) -> None:
    for reference in ("DGS-1", "DGS-2", "DGS-2"):
        settle_transaction(item.pk, told("successful", reference))
    assert outcomes(item) == ["Paid"]
    assert events(item) == [(SUCCESS, "DGS-1"), (SUCCESS, "DGS-2")]
    assert item.charged_value == 24000
    [owner_was_told] = errors(caplog)
    assert f"Transaction {item.pk} was paid twice" in owner_was_told
    assert "DGS-2 (12000 RWF)" in owner_was_told


def test_record_that_cannot_be_read_is_left_as_it_is(item: TransactionItem) -> None:
    spoiled = {"dgspay.outcomes": "not JSON"}
    TransactionItem.objects.update(private_metadata=spoiled)
    with pytest.raises(SpoiledRecord):
        settle_transaction(item.pk, told("successful"))
    item.refresh_from_db()
    assert item.private_metadata == spoiled
    assert events(item) == []


# What Saleor has not counted


def test_order_that_counts_the_charge_is_not_told_again(
    shop: Shop, item: TransactionItem
) -> None:
    order = new_order(shop)
    of_order = shop.new_transaction(order, charged_value=12000)
    count_towards_total(of_order.pk)
    order.refresh_from_db()
    assert order.total_charged_amount == 12000
    # Were Saleor asked again, it would count anew what is changed here.
    Order.objects.update(total_charged_amount=13000)
    count_towards_total(of_order.pk)
    order.refresh_from_db()
    assert order.total_charged_amount == 13000


# What the owner is told of a capture


def test_capture_that_fits_is_nothing_to_tell(
    item: TransactionItem, caplog: pytest.LogCaptureFixture
) -> None:
    tell_owner_of_capture(item.pk, "DGS-1", DUE)
    assert errors(caplog) == []


def test_capture_above_the_total_and_without_goods_is_told(
    shop: Shop, item: TransactionItem, caplog: pytest.LogCaptureFixture
) -> None:
    shop.new_payment(item.checkout, gateway="another.gateway", captured_amount=5000)
    Stock.objects.update(quantity=0)
    tell_owner_of_capture(item.pk, "DGS-1", DUE)
    too_much, no_order = errors(caplog)
    for fact in (f"Transaction {item.pk} ", "DGS-1", "17000 RWF of", "Refund 5000 RWF"):
        assert fact in too_much
    for fact in (f"Transaction {item.pk} ", "DGS-1", str(item.checkout.pk)):
        assert fact in no_order


def test_owner_is_not_told_of_a_capture_that_is_rolled_back(
    item: TransactionItem, caplog: pytest.LogCaptureFixture
) -> None:
    TransactionItem.objects.update(checkout=None)
    with pytest.raises(KeyboardInterrupt), LockedItem(item.pk):
        tell_owner_of_capture(item.pk, "DGS-1", DUE)
        raise KeyboardInterrupt
    assert errors(caplog) == []
    with LockedItem(item.pk):
        tell_owner_of_capture(item.pk, "DGS-1", DUE)
        assert errors(caplog) == []
    assert "Saleor has deleted its checkout" in errors(caplog)[0]


# A reference that a webhook names


def test_reference_of_a_lost_answer_is_noted_once(item: TransactionItem) -> None:
    store(item, InDoubt(None, "cut"))
    for reference in ("DGS-1", "DGS-1", "DGS-2"):
        note_reference(item.pk, reference)
    assert outcomes(item) == ["InDoubt", "InDoubt"]
    assert charge_of(item).reference == "DGS-1"
    # No money is known to have moved.
    assert events(item) == []
