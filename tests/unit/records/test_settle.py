"""What DGS-Pay says goes to the record of that name, by either of Saleor's APIs."""

from decimal import Decimal
from typing import Literal

import pytest
from saleor.order.models import Order
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    AmountUnknown,
    InDoubt,
    Paid,
    ProviderTransaction,
    TransactionStatus,
)
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import charge_of, store_outcome
from dgspay_plugin.records.history import History
from dgspay_plugin.records.payments import settle_payment
from dgspay_plugin.records.replies import reply_for
from dgspay_plugin.records.settle import complete_order_of, note_reference, settle
from tests.unit.browser import card_data
from tests.unit.dgspay import NO_ANSWER, Provider
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

DUE = Money(Decimal(12000), "RWF")
SUCCESS = ProviderTransaction(
    "DGS-1", TransactionStatus.SUCCESSFUL, amount=Decimal(12000), currency="RWF"
)
Kind = Literal["payment", "transaction"]


@pytest.fixture
def payment(shop: Shop, provider: Provider) -> Payment:
    """A payment whose answer was lost."""
    provider.tells("POST charges", NO_ANSWER)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    return payment


@pytest.fixture
def item(shop: Shop, payment: Payment) -> TransactionItem:
    """A transaction whose answer was lost, with the payment's number."""
    keep_gateway_app(GATEWAY, "DGS-Pay")
    item = shop.new_transaction(pk=payment.pk)
    store_outcome(item, reply_for(InDoubt(None, "cut"), DUE, History(), None), None)
    return item


def charged(payment: Payment, item: TransactionItem) -> tuple[int, int]:
    payment.refresh_from_db()
    item.refresh_from_db()
    return int(payment.captured_amount), int(item.charged_value)


@pytest.mark.parametrize(
    ("kind", "amounts"), [("payment", (12000, 0)), ("transaction", (0, 12000))]
)
def test_outcome_is_written_to_the_record_of_its_kind_alone(
    payment: Payment, item: TransactionItem, kind: Kind, amounts: tuple[int, int]
) -> None:
    for _ in range(2):
        assert settle(ChargeId(kind, payment.pk), SUCCESS) == Paid("DGS-1", DUE)
        assert charged(payment, item) == amounts


@pytest.mark.parametrize("kind", ["payment", "transaction"])
def test_success_without_an_amount_moves_nothing_and_is_told_by_its_title(
    payment: Payment,
    item: TransactionItem,
    caplog: pytest.LogCaptureFixture,
    kind: Kind,
) -> None:
    told = ProviderTransaction("DGS-1", TransactionStatus.SUCCESSFUL, currency="RWF")
    charge_id = ChargeId(kind, payment.pk)
    assert settle(charge_id, told) == AmountUnknown("DGS-1")
    assert charged(payment, item) == (0, 0)
    [logged] = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert f"DGS-1 of {charge_id.title} successful" in logged


@pytest.mark.parametrize("kind", ["payment", "transaction"])
def test_reference_is_noted_on_the_record_of_its_kind_alone(
    payment: Payment, item: TransactionItem, kind: Kind
) -> None:
    note_reference(ChargeId(kind, payment.pk), "DGS-1")
    item.refresh_from_db()
    references = {
        "payment": charge_of(payment).reference,
        "transaction": charge_of(item).reference,
    }
    assert references == {"payment": None, "transaction": None, kind: "DGS-1"}


def test_order_of_a_payment_is_made_once_more(
    payment: Payment, item: TransactionItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker died between the capture and the order."""
    with monkeypatch.context() as killed:
        killed.setattr(
            "dgspay_plugin.records.payments.complete_checkout_of",
            lambda payment_id: None,
        )
        settle_payment(payment.pk, SUCCESS)
    complete_order_of(ChargeId("transaction", payment.pk))
    assert not Order.objects.exists()
    for _ in range(2):
        complete_order_of(ChargeId("payment", payment.pk))
        assert Order.objects.get().payments.get() == payment


def test_checkout_of_a_transaction_is_seen_as_paid(
    payment: Payment, item: TransactionItem
) -> None:
    """A worker died between the charge and what it means for its checkout."""
    TransactionItem.objects.update(charged_value=12000)
    complete_order_of(ChargeId("transaction", payment.pk))
    item.checkout.refresh_from_db()
    assert item.checkout.charge_status == "full"
    assert not Order.objects.exists()
