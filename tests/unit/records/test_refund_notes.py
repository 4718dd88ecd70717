"""A refund that staff ask for: noted once, and never more than is left."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Model
from saleor.payment.models import Payment, TransactionEvent, TransactionItem

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.refund_notes import (
    TooHigh,
    note_refund_of_item,
    note_refund_of_payment,
    offer_refunds,
)
from dgspay_plugin.records.refunds import UNCONFIRMED_KEY, unconfirmed_refunds
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop


@pytest.fixture
def payment(shop: Shop) -> Payment:
    return shop.new_payment(
        psp_reference="DGS-1", currency="USD", captured_amount=Decimal("10.500")
    )


@pytest.fixture
def item(shop: Shop) -> TransactionItem:
    """A charge of 10.50 USD, in Saleor's books."""
    keep_gateway_app(GATEWAY, "DGS-Pay")
    checkout = shop.new_checkout()
    checkout.currency = "USD"
    checkout.save()
    item = shop.new_transaction(
        checkout,
        psp_reference="DGS-1",
        currency="USD",
        charged_value=Decimal("10.500"),
    )
    item.events.create(
        type="charge_success",
        psp_reference="DGS-1",
        amount_value="10.500",
        currency="USD",
        include_in_calculations=True,
    )
    return item


def request(item: TransactionItem, amount: str) -> TransactionEvent:
    """What Saleor writes down before it asks the plugins."""
    return item.events.create(
        type="refund_request", amount_value=amount, currency="USD"
    )


def failure(item: TransactionItem, amount: str, **facts: bool) -> TransactionEvent:
    """What Saleor's own webhook plugin notes: nobody was there to be asked."""
    return item.events.create(
        type="refund_failure", amount_value=amount, currency="USD", **facts
    )


# A Payment


def test_payment_is_named_under_its_lock(
    payment: Payment, locked: list[type[Model]]
) -> None:
    # To the last cent.
    assert note_refund_of_payment(payment.pk, Decimal("10.50")) == "DGS-1-refund-1"
    assert locked == [Payment]
    payment.refresh_from_db()
    assert payment.private_metadata == {UNCONFIRMED_KEY: "DGS-1-refund-1"}
    # Saleor writes the rest down.
    assert payment.captured_amount == Decimal("10.5")
    assert not payment.transactions.exists()


def test_payment_s_name_goes_with_the_transaction_around_it(payment: Payment) -> None:
    with transaction.atomic():
        note_refund_of_payment(payment.pk, Decimal(1))
        transaction.set_rollback(True)
    payment.refresh_from_db()
    assert payment.private_metadata == {}


@pytest.mark.parametrize("amount", ["10.501", "0", "-1"])
def test_payment_is_not_refunded_by_more_than_it_has_or_by_nothing(
    payment: Payment, amount: str
) -> None:
    with pytest.raises(TooHigh):
        note_refund_of_payment(payment.pk, Decimal(amount))
    payment.refresh_from_db()
    assert payment.private_metadata == {}


# A TransactionItem


def test_request_is_answered_as_an_app_would_and_once(item: TransactionItem) -> None:
    asked = request(item, "4.250")
    assert note_refund_of_item(item.pk, asked.pk) == "DGS-1-refund-1"
    assert note_refund_of_item(item.pk, asked.pk) is None

    item.refresh_from_db()
    assert (item.charged_value, item.refunded_value) == (
        Decimal("6.25"),
        Decimal("4.25"),
    )
    assert item.refund_pending_value == 0
    [answer] = item.events.filter(pk__gt=asked.pk)
    assert answer.type == "refund_success"
    assert (answer.amount_value, answer.currency) == (Decimal("4.25"), "USD")
    assert answer.psp_reference == "DGS-1-refund-1"
    assert answer.message == str(CustomerMessage.REFUND_NOTED)
    [noted] = unconfirmed_refunds(GATEWAY)
    assert str(noted.money) == "4.25 USD"


def test_dashboard_offers_a_refund_while_something_is_left(
    item: TransactionItem,
) -> None:
    for amount, actions in (("10.000", ["refund"]), ("0.500", [])):
        note_refund_of_item(item.pk, request(item, amount).pk)
        item.refresh_from_db()
        assert item.available_actions == actions
    assert item.charged_value == 0


@pytest.mark.parametrize("amount", ["10.501", "0", "-1"])
def test_item_is_not_refunded_by_more_than_it_has_or_by_nothing(
    item: TransactionItem, amount: str
) -> None:
    asked = request(item, amount)
    with pytest.raises(TooHigh):
        note_refund_of_item(item.pk, asked.pk)
    item.refresh_from_db()
    assert item.private_metadata == {}
    assert item.charged_value == Decimal("10.5")
    assert item.events.last() == asked


def test_only_the_failure_of_this_request_is_taken_back(item: TransactionItem) -> None:
    before = failure(item, "4")
    asked = request(item, "4")
    of_another_amount = failure(item, "5")
    reported_by_an_app = failure(item, "4", include_in_calculations=True)
    of_this = failure(item, "4")
    note_refund_of_item(item.pk, asked.pk)
    failures = item.events.filter(type="refund_failure")
    assert of_this not in failures
    assert list(failures) == [before, of_another_amount, reported_by_an_app]


# The dashboard's button


def test_refund_is_offered_of_what_is_charged_in_the_channel(
    shop: Shop, item: TransactionItem
) -> None:
    not_charged = shop.new_transaction()
    foreign = shop.new_transaction(app_identifier="another.app", charged_value=1)

    def actions() -> list[list[str]]:
        for record in (item, not_charged, foreign):
            record.refresh_from_db()
        return [r.available_actions for r in (item, not_charged, foreign)]

    offer_refunds(GATEWAY, "another-channel", are_offered=True)
    assert actions() == [[], [], []]
    offer_refunds(GATEWAY, shop.channel.slug, are_offered=True)
    assert actions() == [["refund"], [], []]
    offer_refunds(GATEWAY, shop.channel.slug, are_offered=False)
    assert actions() == [[], [], []]
