"""The truth may arrive any number of times: one capture, one order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Model
from saleor.checkout.models import Checkout, CheckoutLine
from saleor.order import OrderEvents
from saleor.order.models import Order, OrderEvent
from saleor.payment import ChargeStatus, TransactionKind
from saleor.payment.models import Payment, Transaction
from saleor.product.models import ProductVariant
from saleor.warehouse.models import Stock

from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    Declined,
    Paid,
    ProviderTransaction,
    TransactionStatus,
)
from dgspay_plugin.records import attempts
from dgspay_plugin.records.payments import complete_checkout_of, settle_payment
from dgspay_plugin.records.settle import settle
from tests.saleor_slice.catalogue import sku
from tests.unit.browser import card_data
from tests.unit.dgspay import ASKS_FOR_PIN, PENDING, Provider
from tests.unit.shop import Shop, charge_id_of


def truth(
    status: str, reference: str = "DGS-1", amount: int = 12000
) -> ProviderTransaction:
    return ProviderTransaction(
        reference, TransactionStatus(status), amount=Decimal(amount), currency="RWF"
    )


@pytest.fixture
def payment(shop: Shop, provider: Provider) -> Payment:
    """A payment that waits for DGS-Pay."""
    provider.tells("POST charges", PENDING)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    return payment


def kinds(payment: Payment) -> list[str]:
    return list(payment.transactions.values_list("kind", flat=True))


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("dgspay_plugin") and record.levelname == "ERROR"
    ]


def test_paid_makes_the_order(payment: Payment) -> None:
    assert isinstance(settle_payment(payment.pk, truth("successful")), Paid)
    payment.refresh_from_db()
    assert payment.charge_status == ChargeStatus.FULLY_CHARGED
    assert payment.captured_amount == 12000
    assert payment.psp_reference == "DGS-1"
    assert payment.order is not None
    assert not Checkout.objects.exists()


def test_paid_twice_the_same_is_paid_once(
    payment: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        settle_payment(payment.pk, truth("successful"))
    payment.refresh_from_db()
    assert payment.captured_amount == 12000
    assert kinds(payment).count(TransactionKind.CAPTURE) == 1
    assert Order.objects.count() == 1
    assert errors(caplog) == []


def test_second_charge_of_a_payment_is_told_to_the_owner(
    payment: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    settle_payment(payment.pk, truth("successful"))
    settle_payment(payment.pk, truth("successful", "DGS-2"))
    assert kinds(payment).count(TransactionKind.CAPTURE) == 2
    [told] = errors(caplog)
    assert "DGS-2 (12000 RWF)" in told
    assert "Refund" in told


def test_checkout_is_locked_before_its_payment(
    payment: Payment, locked: list[type[Model]]
) -> None:
    """As checkoutComplete does: two orders of locking would wait for each other."""
    settle_payment(payment.pk, truth("pending"))
    assert locked == [Checkout, Payment]


def test_decline_ends_the_wait_once(payment: Payment) -> None:
    for _ in range(2):
        assert isinstance(settle_payment(payment.pk, truth("failed")), Declined)
    assert kinds(payment) == [
        TransactionKind.ACTION_TO_CONFIRM,
        TransactionKind.CAPTURE,
    ]
    assert not payment.transactions.last().is_success
    assert not Order.objects.exists()


def test_decline_after_the_capture_changes_nothing(payment: Payment) -> None:
    settle_payment(payment.pk, truth("successful"))
    settle_payment(payment.pk, truth("failed"))
    payment.refresh_from_db()
    assert payment.charge_status == ChargeStatus.FULLY_CHARGED
    assert kinds(payment)[-1] == TransactionKind.CAPTURE


def test_capture_after_the_decline_counts(payment: Payment) -> None:
    settle_payment(payment.pk, truth("failed"))
    settle_payment(payment.pk, truth("successful"))
    payment.refresh_from_db()
    assert payment.charge_status == ChargeStatus.FULLY_CHARGED
    assert payment.order is not None


def test_decline_of_an_earlier_charge_does_not_end_the_wait(payment: Payment) -> None:
    settle_payment(payment.pk, truth("failed", "DGS-0"))
    assert kinds(payment) == [TransactionKind.ACTION_TO_CONFIRM]


def test_pending_changes_nothing(payment: Payment) -> None:
    settle_payment(payment.pk, truth("pending"))
    assert kinds(payment) == [TransactionKind.ACTION_TO_CONFIRM]


def test_another_amount_is_kept_and_told_once(
    payment: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        verdict = settle_payment(payment.pk, truth("successful", amount=120))
        assert isinstance(verdict, AmountMismatch)
    payment.refresh_from_db()
    assert payment.captured_amount == 0
    assert not Order.objects.exists()
    record = payment.transactions.last().gateway_response
    assert (record["charged"], record["due"]) == ("120 RWF", "12000 RWF")
    [told] = errors(caplog)
    assert "120 RWF" in told
    assert "DGS-1" in told


def test_success_without_an_amount_is_told(
    payment: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    told = ProviderTransaction("DGS-1", TransactionStatus.SUCCESSFUL)
    settle(charge_id_of(payment), told)
    assert kinds(payment) == [TransactionKind.ACTION_TO_CONFIRM]
    [logged] = errors(caplog)
    assert f"DGS-1 of Payment {payment.pk} " in logged


def test_sold_out_keeps_the_capture_and_tells_the_owner(
    payment: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    Stock.objects.update(quantity=0)
    settle_payment(payment.pk, truth("successful"))
    payment.refresh_from_db()
    assert payment.charge_status == ChargeStatus.FULLY_CHARGED
    assert payment.order is None
    [told] = errors(caplog)
    assert "DGS-1" in told
    assert "Insufficient" in told
    Stock.objects.update(quantity=10)
    complete_checkout_of(payment.pk)
    payment.refresh_from_db()
    assert payment.order is not None


def test_no_order_is_made_without_a_product_that_was_paid_for(
    payment: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    CheckoutLine.objects.create(
        checkout=payment.checkout,
        variant=ProductVariant.objects.get(sku=sku("USD")),  # not for sale in RWF
        quantity=1,
        currency="RWF",
    )
    settle_payment(payment.pk, truth("successful"))
    payment.refresh_from_db()
    assert payment.captured_amount == 12000
    assert payment.order is None
    assert "no longer for sale" in errors(caplog)[-1]


def test_money_of_a_replaced_payment_makes_the_order(
    shop: Shop, payment: Payment
) -> None:
    newer = shop.new_payment(payment.checkout)
    settle_payment(payment.pk, truth("successful"))
    payment.refresh_from_db()
    newer.refresh_from_db()
    assert payment.order is not None
    assert payment.is_active
    assert not newer.is_active


def test_newer_payment_stays_with_the_order_until_it_is_declined(
    shop: Shop, payment: Payment, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saleor shows an order as its newest payment is."""
    provider.tells("GET transactions/DGS-1", PENDING)
    provider.tells("POST charges", {**PENDING, "dgs_reference": "DGS-2"})
    with monkeypatch.context() as after_the_deadline:
        after_the_deadline.setattr(attempts, "OUTCOME_DEADLINE", timedelta(seconds=-1))
        newer = shop.new_payment(payment.checkout)
        shop.press(newer, card_data())
    settle_payment(payment.pk, truth("successful"))
    order = Order.objects.get()
    assert set(order.payments.all()) == {payment, newer}
    settle_payment(newer.pk, truth("failed", "DGS-2"))
    assert list(order.payments.all()) == [payment]


def test_capture_of_a_payment_without_checkout_is_told(
    payment: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    payment.checkout.delete()
    settle_payment(payment.pk, truth("successful"))
    payment.refresh_from_db()
    assert payment.charge_status == ChargeStatus.FULLY_CHARGED
    [told] = errors(caplog)
    assert "DGS-1" in told


def test_step_that_the_customer_left_is_captured_too(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", ASKS_FOR_PIN)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    settle_payment(payment.pk, truth("successful"))
    payment.refresh_from_db()
    assert payment.order is not None
    assert Transaction.objects.filter(kind=TransactionKind.CAPTURE).count() == 1


@pytest.fixture
def order(
    payment: Payment, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> Order:
    """An order that was made before DGS-Pay decided."""
    provider.tells("GET transactions/DGS-1", PENDING)
    monkeypatch.setattr(attempts, "OUTCOME_DEADLINE", timedelta(seconds=-1))
    complete_checkout_of(payment.pk)
    return Order.objects.get()


def test_order_is_told_of_a_late_capture(payment: Payment, order: Order) -> None:
    settle_payment(payment.pk, truth("successful"))
    assert {
        OrderEvents.PAYMENT_CAPTURED,
        OrderEvents.ORDER_FULLY_PAID,
    } <= events(order)


def test_order_is_told_of_a_late_decline(payment: Payment, order: Order) -> None:
    settle_payment(payment.pk, truth("failed"))
    assert OrderEvents.PAYMENT_VOIDED in events(order)


def events(order: Order) -> set[str]:
    return set(OrderEvent.objects.filter(order=order).values_list("type", flat=True))
