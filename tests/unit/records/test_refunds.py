"""Refunds in Saleor's books, and which of them nobody has confirmed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from saleor.order.models import Order
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.payment.money import Money
from dgspay_plugin.records import refunds
from dgspay_plugin.records.charges import charge_id_of
from dgspay_plugin.records.refunds import (
    UNCONFIRMED_KEY,
    NoSuchRefund,
    confirm,
    let_wait,
    refunded_of,
    refunds_of,
    reopen,
    unconfirmed_refunds,
)
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

OF_PAYMENT, OF_ITEM = "DGS-1-refund-1", "DGS-2-refund-1"


def write_down(
    record: Payment | TransactionItem, reference: str, amount: str = "5000"
) -> None:
    """What Saleor keeps of a refund that it was told of."""
    if isinstance(record, Payment):
        record.transactions.create(
            kind="refund",
            is_success=True,
            token=reference,
            amount=amount,
            currency=record.currency,
            gateway_response={},
        )
    else:
        record.events.create(
            type="refund_success",
            psp_reference=reference,
            amount_value=amount,
            currency=record.currency,
        )


def refund(record: Payment | TransactionItem, amount: str = "5000") -> str:
    with transaction.atomic():
        reference = let_wait(record)
        write_down(record, reference, amount)
    return reference


def waiting() -> list[str]:
    return [waits.reference for waits in unconfirmed_refunds(GATEWAY)]


@pytest.fixture
def payment(shop: Shop) -> Payment:
    return shop.new_payment(psp_reference="DGS-1")


@pytest.fixture
def item(shop: Shop) -> TransactionItem:
    return shop.new_transaction(psp_reference="DGS-2")


@pytest.fixture
def both(payment: Payment, item: TransactionItem) -> list[str]:
    """A refund of each API, neither confirmed; the newer one is the Payment's."""
    references = [refund(item), refund(payment)]
    assert references == [OF_ITEM, OF_PAYMENT]
    return references


# What Saleor's books say


def test_refund_is_what_saleor_wrote_down(payment: Payment) -> None:
    refund(payment, "10.500")
    payment.transactions.update(currency="USD")
    payment.transactions.create(
        kind="refund",
        is_success=False,
        token="DGS-1-refund-9",
        amount=1,
        currency="USD",
        gateway_response={},
    )
    [noted] = refunds_of(payment)
    assert noted.reference == OF_PAYMENT
    assert noted.charge_id == charge_id_of(payment)
    assert noted.dgs_reference == "DGS-1"
    assert noted.money == Money(Decimal("10.5"), "USD")
    assert noted.order_number is None
    assert "10.5 USD is noted" in noted.sentence.problem.sentence
    assert "(no order)" in noted.sentence.problem.sentence


def test_refund_of_an_order_has_its_number(shop: Shop, item: TransactionItem) -> None:
    item.order = Order.objects.create(
        channel=shop.channel, currency="RWF", lines_count=1
    )
    item.save()
    refund(item)
    [noted] = refunds_of(item)
    assert noted.order_number == str(item.order.number)


def test_what_was_given_back_of_a_charge(payment: Payment) -> None:
    assert refunded_of(charge_id_of(payment)) == 0
    refund(payment, "5000")
    refund(payment, "6999.500")
    assert refunded_of(charge_id_of(payment)) == Decimal("11999.5")


def test_of_a_transaction_saleors_own_sum_counts(item: TransactionItem) -> None:
    """Staff may report a refund by hand, which this plugin has no name for."""
    item.refunded_value = Decimal("700.500")
    item.save()
    assert refunded_of(charge_id_of(item)) == Decimal("700.5")


# Waiting


def test_refunds_of_a_charge_are_numbered(shop: Shop) -> None:
    payment = shop.new_payment()
    name = charge_id_of(payment)
    # DGS-Pay's reference is not known, and confirmed ones count too.
    assert refund(payment) == f"{name}-refund-1"
    confirm(GATEWAY, [f"{name}-refund-1"])
    payment.refresh_from_db()
    assert refund(payment) == f"{name}-refund-2"
    assert waiting() == [f"{name}-refund-2"]


def test_number_is_free_again_after_a_rollback(payment: Payment) -> None:
    with transaction.atomic():
        assert let_wait(payment) == OF_PAYMENT
        transaction.set_rollback(True)
    payment.refresh_from_db()
    assert waiting() == []
    assert refund(payment) == OF_PAYMENT


def test_refunds_wait_in_the_order_in_which_they_were_noted(
    payment: Payment, both: list[str]
) -> None:
    assert waiting() == [OF_ITEM, OF_PAYMENT]
    earlier = timezone.now() - timedelta(days=3)
    payment.transactions.update(created_at=earlier)
    assert waiting() == [OF_PAYMENT, OF_ITEM]


def test_refund_that_saleor_does_not_have_or_that_is_not_ours_waits_for_nobody(
    shop: Shop,
) -> None:
    waits = {UNCONFIRMED_KEY: "DGS-1-refund-1"}
    shop.new_payment(private_metadata=waits)
    foreign = shop.new_payment(gateway="another.gateway", private_metadata=waits)
    write_down(foreign, "DGS-1-refund-1")
    assert waiting() == []


# Confirming


def test_both_apis_refunds_are_confirmed_at_once_and_leave_nothing_behind(
    payment: Payment, item: TransactionItem, both: list[str]
) -> None:
    confirmed = confirm(GATEWAY, [OF_PAYMENT, OF_ITEM, OF_PAYMENT])
    assert [refund.reference for refund in confirmed] == [OF_PAYMENT, OF_ITEM]
    for record in (payment, item):
        record.refresh_from_db()
        assert UNCONFIRMED_KEY not in record.private_metadata


def test_what_others_wrote_meanwhile_stays(payment: Payment, both: list[str]) -> None:
    Payment.objects.update(private_metadata={UNCONFIRMED_KEY: OF_PAYMENT, "key": "1"})
    confirm(GATEWAY, [OF_PAYMENT])
    payment.refresh_from_db()
    assert payment.private_metadata == {"key": "1"}


def test_records_are_locked_in_one_order(
    both: list[str], locked: list[type[Model]]
) -> None:
    """Two who confirm the same refunds would else wait for each other."""
    confirm(GATEWAY, [OF_ITEM, OF_PAYMENT])
    reopen(GATEWAY, [OF_ITEM, OF_PAYMENT])
    assert locked == [Payment, TransactionItem] * 2


def test_confirmation_that_comes_too_late_for_one_changes_none(
    item: TransactionItem, both: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody confirms the second while this one waits for its lock."""
    stale = unconfirmed_refunds(GATEWAY)
    confirm(GATEWAY, [OF_ITEM])
    monkeypatch.setattr(refunds, "unconfirmed_refunds", lambda gateway: stale)
    with pytest.raises(NoSuchRefund) as refused:
        confirm(GATEWAY, [OF_PAYMENT, OF_ITEM])
    assert refused.value.references == [OF_ITEM]
    monkeypatch.undo()
    assert waiting() == [OF_PAYMENT]


def test_unknown_ones_are_named_together(both: list[str]) -> None:
    with pytest.raises(NoSuchRefund, match=r"^DGS-8, DGS-9$"):
        confirm(GATEWAY, ["DGS-8", OF_PAYMENT, "DGS-9"])
    with pytest.raises(NoSuchRefund, match=OF_PAYMENT):
        confirm("another.gateway", [OF_PAYMENT])
    assert waiting() == both


# Reopening


def test_reopening_is_of_all_or_none(both: list[str]) -> None:
    confirm(GATEWAY, [OF_PAYMENT])
    with pytest.raises(NoSuchRefund) as refused:
        reopen(GATEWAY, [OF_PAYMENT, OF_ITEM])
    assert refused.value.references == [OF_ITEM]
    assert waiting() == [OF_ITEM]
    confirm(GATEWAY, [OF_ITEM])
    reopened = reopen(GATEWAY, [OF_PAYMENT, OF_ITEM])
    assert [refund.reference for refund in reopened] == [OF_PAYMENT, OF_ITEM]
    assert waiting() == both
