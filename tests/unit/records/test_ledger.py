"""What is found in Saleor's records, and whose it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.channel.models import Channel
from saleor.order.models import Order
from saleor.payment import ChargeStatus, TransactionEventType
from saleor.payment.models import (
    Payment,
    Transaction,
    TransactionEvent,
    TransactionItem,
)

from dgspay_plugin.payment.money import Money
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import OUTCOMES_KEY, charge_id_of
from dgspay_plugin.records.history import History
from dgspay_plugin.records.ledger import (
    Capture,
    Ledger,
    captures_with,
    record_of,
    record_with,
    still_waiting,
)
from tests.saleor_slice.catalogue import channel_slug
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

PAID = {"outcome": "Paid", "dgs_reference": "DGS-1"}
PENDING = '[{"record": {"outcome": "Pending", "dgs_reference": "DGS-1"}}]'
CHARGED = (
    '[{"record": {"outcome": "Paid", "dgs_reference": "DGS-1"},'
    ' "captured": {"amount": "12000", "currency": "RWF"}}]'
)
OTHERS: list[dict[str, str]] = [
    {"gateway": "another.gateway"},
    {"app_identifier": "another.app"},
]


@pytest.fixture
def ledger(shop: Shop) -> Ledger:
    return Ledger(GATEWAY, (shop.channel.slug,))


@pytest.fixture
def an_hour_ago() -> datetime:
    return timezone.now() - timedelta(hours=1)


def capture(payment: Payment, reference: str = "DGS-1", **facts: Any) -> Transaction:
    return payment.transactions.create(
        **{
            "kind": "capture",
            "is_success": True,
            "token": reference,
            "amount": Decimal("12000.000"),
            "currency": "RWF",
            "gateway_response": {**PAID, "dgs_reference": reference},
            **facts,
        }
    )


def charge(
    item: TransactionItem, reference: str = "DGS-1", **facts: Any
) -> TransactionEvent:
    return item.events.create(
        **{
            "type": TransactionEventType.CHARGE_SUCCESS,
            "psp_reference": reference,
            "amount_value": Decimal("12000.000"),
            "currency": "RWF",
            **facts,
        }
    )


def new_order(shop: Shop, **facts: Any) -> Order:
    return Order.objects.create(
        **{"channel": shop.channel, "currency": "RWF", "lines_count": 1, **facts}
    )


# Whose records these are


def test_records_are_those_of_the_gateway_in_the_channels(
    shop: Shop, ledger: Ledger
) -> None:
    assert ledger.is_empty()
    shop.new_payment(gateway="another.gateway")
    shop.new_transaction(app_identifier="another.app")
    dollars = Channel.objects.get(slug=channel_slug("USD"))
    shop.new_transaction(new_order(shop, channel=dollars))
    assert ledger.is_empty()
    assert not Ledger(GATEWAY, (shop.channel.slug, dollars.slug)).is_empty()


@pytest.mark.parametrize("new", [Shop.new_payment, Shop.new_transaction])
def test_record_stays_in_its_channel_when_its_checkout_becomes_an_order(
    shop: Shop, ledger: Ledger, new: Callable[[Shop], Payment | TransactionItem]
) -> None:
    record = new(shop)
    record.order, record.checkout = new_order(shop), None
    record.save()
    found = [*ledger.payments(), *ledger.items()]
    assert found == [record]


# What waits


def test_what_may_have_moved_money_unseen(
    shop: Shop, ledger: Ledger, an_hour_ago: datetime
) -> None:
    for facts in (
        {"charge_status": ChargeStatus.FULLY_CHARGED},
        {"charge_status": ChargeStatus.CANCELLED},
        OTHERS[0],
    ):
        shop.new_payment(**facts)
    for facts in ({"charged_value": 12000}, {"refunded_value": 12000}, OTHERS[1]):
        shop.new_transaction(**facts)
    old = [shop.new_payment(), shop.new_transaction()]
    for record in old:
        type(record).objects.filter(pk=record.pk).update(
            created_at=an_hour_ago - timedelta(seconds=1)
        )
    waiting = [
        shop.new_payment(),
        shop.new_payment(charge_status=ChargeStatus.PENDING),
        shop.new_transaction(),
    ]
    assert ledger.waiting_since(an_hour_ago) == [charge_id_of(r) for r in waiting]


def test_still_waiting_is_what_may_turn_out_either_way(shop: Shop) -> None:
    def item(outcomes: str, **facts: Any) -> TransactionItem:
        metadata = {OUTCOMES_KEY: outcomes}
        return shop.new_transaction(private_metadata=metadata, **facts)

    marked = shop.new_payment()
    attempts.begin(marked.private_metadata, History(), charge_id_of(marked))
    marked.save()
    captured, not_sent = shop.new_payment(), shop.new_payment()
    capture(captured)
    spoiled = item("not JSON")
    waiting = [
        marked,
        # Saleor calls it pending, whatever its records say.
        shop.new_payment(charge_status=ChargeStatus.PENDING),
        item(PENDING),
        # A worker died between the outcome and Saleor's event of it.
        item(CHARGED),
    ]
    over = [
        captured,
        not_sent,
        shop.new_transaction(),
        item(CHARGED, charged_value=12000),
        item(CHARGED, refunded_value=12000),
    ]
    charge_ids = [charge_id_of(record) for record in (*over, spoiled, *waiting)]

    charges, unreadable = still_waiting(charge_ids)

    assert [c.charge_id for c in charges] == [charge_id_of(r) for r in waiting]
    [(charge_id, problem)] = unreadable
    assert charge_id == charge_id_of(spoiled)
    assert "no JSON" in str(problem)


def test_questions_do_not_grow_with_what_waits(shop: Shop) -> None:
    waits = {OUTCOMES_KEY: PENDING}
    records: list[Payment | TransactionItem] = []
    counted = []
    for _ in range(3):
        records += [shop.new_payment(), shop.new_transaction(private_metadata=waits)]
        with CaptureQueriesContext(connection) as queries:
            still_waiting([charge_id_of(record) for record in records])
        counted.append(len(queries))
    assert counted == [4, 4, 4]


# Captures


def test_captures_are_successes_of_both_apis(
    shop: Shop, ledger: Ledger, an_hour_ago: datetime
) -> None:
    payment, item = shop.new_payment(), shop.new_transaction()
    old = capture(payment, "DGS-0")
    Transaction.objects.filter(pk=old.pk).update(created_at=an_hour_ago)
    capture(payment, "DGS-1", amount=Decimal("10.500"), currency="USD")
    capture(payment, "DGS-2", is_success=False)
    capture(payment, "DGS-2", kind="action_to_confirm")
    charge(item, "DGS-3", created_at=an_hour_ago - timedelta(seconds=1))
    charge(item, "DGS-4")
    charge(item, "DGS-5", type=TransactionEventType.CHARGE_FAILURE)
    capture(shop.new_payment(gateway="another.gateway"), "DGS-6")
    charge(shop.new_transaction(app_identifier="another.app"), "DGS-7")
    ten_and_a_half = Capture(
        ChargeId("payment", payment.pk), "DGS-1", Money(Decimal("10.5"), "USD")
    )
    francs = Capture(
        ChargeId("transaction", item.pk), "DGS-4", Money(Decimal(12000), "RWF")
    )

    since = an_hour_ago + timedelta(seconds=1)
    assert list(ledger.captures_since(since)) == [ten_and_a_half, francs]
    references = [f"DGS-{number}" for number in range(1, 8) if number != 3]
    found = captures_with(GATEWAY, references)
    assert found == {"DGS-1": ten_and_a_half, "DGS-4": francs}


# One record


def test_reference_names_one_record_of_this_gateway(shop: Shop) -> None:
    payment, item = shop.new_payment(), shop.new_transaction(psp_reference="DGS-2")
    capture(payment, "DGS-1")
    capture(shop.new_payment(gateway="another.gateway"), "DGS-3")
    shop.new_transaction(app_identifier="another.app", psp_reference="DGS-4")
    assert record_with(GATEWAY, "DGS-1") == payment
    assert record_with(GATEWAY, "DGS-2") == item
    for reference in ("DGS-3", "DGS-4", "DGS-5"):
        assert record_with(GATEWAY, reference) is None


def test_charge_id_names_one_record_of_this_gateway(shop: Shop) -> None:
    payment, item = shop.new_payment(), shop.new_transaction()
    foreign = [
        shop.new_payment(gateway="another.gateway"),
        shop.new_transaction(app_identifier="another.app"),
    ]
    assert record_of(GATEWAY, charge_id_of(payment)) == payment
    assert record_of(GATEWAY, charge_id_of(item)) == item
    for record in foreign:
        assert record_of(GATEWAY, charge_id_of(record)) is None
    assert record_of(GATEWAY, ChargeId("payment", 10**9)) is None


# Totals


def test_overcharged_is_named_once_with_what_everybody_took(
    shop: Shop, ledger: Ledger, an_hour_ago: datetime
) -> None:
    checkout = shop.new_checkout(charge_status="overcharged")
    for amount in (7000, 6000):
        shop.new_payment(checkout, captured_amount=amount)
    shop.new_transaction(checkout, charged_value=1000, app_identifier="another.app")
    order = new_order(
        shop,
        charge_status="overcharged",
        currency="USD",
        total_gross_amount=Decimal("10.500"),
    )
    shop.new_transaction(order, charged_value=Decimal("10.510"))
    # The money of others alone is not this gateway's to refund.
    shop.new_transaction(
        shop.new_checkout(charge_status="overcharged"), app_identifier="another.app"
    )

    of_checkout, of_order = ledger.overcharged_since(an_hour_ago)

    assert of_checkout.title == f"Checkout {checkout.pk}"
    assert str(of_checkout.charged) == "14000 RWF"
    assert str(of_checkout.total) == "12000 RWF"
    assert of_order.title == f"Order {order.number}"
    assert str(of_order.charged) == "10.51 USD"
    assert str(of_order.total) == "10.5 USD"
    assert list(ledger.overcharged_since(timezone.now())) == []
