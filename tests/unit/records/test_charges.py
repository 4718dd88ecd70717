"""One view of a charge, whichever of Saleor's APIs it came by."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import prefetch_related_objects
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.payment import TransactionEventType, TransactionKind
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.payment.mobile_money import Wallet
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import Declined, InDoubt, Outcome, Paid, Pending
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import (
    OUTCOMES_KEY,
    charge_of,
    history_of_item,
    reply_for_webhook,
    store_outcome,
)
from dgspay_plugin.records.history import History, SpoiledRecord
from dgspay_plugin.records.replies import captured_before, failure, reply_for
from tests.unit.shop import Shop

DUE = Money(Decimal(12000), "RWF")
WALLET: Wallet = {"network": "MTN", "phone_last_digits": "456"}


def store(item: TransactionItem, outcome: Outcome, **options: Any) -> None:
    """What a press stores of an outcome."""
    history = history_of_item(item)
    reply = reply_for(outcome, DUE, history, history.wallet, **options)
    store_outcome(item, reply, None)


# A Payment


def test_payment_keeps_what_it_has_captured_when_it_is_refunded(shop: Shop) -> None:
    """Else its checkout could be charged anew, and Saleor has it paid."""
    payment = shop.new_payment(total=Decimal("12000.000"), captured_amount=0)
    for kind in (TransactionKind.CAPTURE, TransactionKind.REFUND):
        payment.transactions.create(
            kind=kind,
            is_success=True,
            token="DGS-1",
            amount=12000,
            currency="RWF",
            gateway_response={"outcome": "Paid", "dgs_reference": "DGS-1"},
        )
    charge = charge_of(payment)
    assert charge.charge_id == ChargeId("payment", payment.pk)
    assert charge.price == DUE
    assert charge.charged == 12000
    assert charge.reference == "DGS-1"
    assert charge.created_at == payment.created_at


# A TransactionItem


def test_price_is_what_was_asked_for_first(shop: Shop) -> None:
    """A later request is of staff, who ask for what DGS-Pay cannot do."""
    item = shop.new_transaction(amount=6000)
    item.events.create(
        type=TransactionEventType.CHARGE_REQUEST, amount_value=7000, currency="RWF"
    )
    charge = charge_of(item)
    assert charge.charge_id == ChargeId("transaction", item.pk)
    assert charge.price == Money(Decimal(6000), "RWF")


def test_request_of_a_channel_that_authorizes_has_a_price_too(shop: Shop) -> None:
    item = shop.new_transaction()
    item.events.update(type=TransactionEventType.AUTHORIZATION_REQUEST)
    assert charge_of(item).price == DUE


def test_server_that_died_before_it_noted_the_request(shop: Shop) -> None:
    item = shop.new_transaction()
    item.events.all().delete()
    assert charge_of(item).price == Money(Decimal(0), "RWF")


def test_what_was_given_back_of_a_transaction_is_not_charged(shop: Shop) -> None:
    item = shop.new_transaction()
    store(item, Paid("DGS-1", DUE))
    TransactionItem.objects.update(refunded_value=5000)
    item.refresh_from_db()
    assert charge_of(item).charged == 7000


@pytest.mark.parametrize("new", [Shop.new_payment, Shop.new_transaction])
def test_charge_of_prefetched_records_asks_the_database_nothing(
    shop: Shop, new: Callable[[Shop], Payment | TransactionItem]
) -> None:
    record = new(shop)
    name = "transactions" if isinstance(record, Payment) else "events"
    prefetch_related_objects([record], name)
    with CaptureQueriesContext(connection) as queries:
        charge_of(record)
    assert len(queries) == 0


# Stored outcomes


def test_amount_is_read_as_it_was_stored(shop: Shop) -> None:
    """A float would make 0.1 of it something else."""
    charged = Money(Decimal("1234567890123.10"), "USD")
    item = shop.new_transaction(private_metadata={"another.key": "stays"})
    store(item, InDoubt("DGS-1", "cut"))
    store(item, Paid("DGS-1", charged))
    item.refresh_from_db()
    history = history_of_item(item)
    assert [record["outcome"] for record in history.outcomes] == ["InDoubt", "Paid"]
    assert [entry.captured for entry in history.captures] == [charged]
    assert str(history.captures[0].captured) == "1234567890123.1 USD"
    assert item.private_metadata["another.key"] == "stays"
    # Saleor's metadata are texts.
    assert isinstance(item.private_metadata[OUTCOMES_KEY], str)


def test_amounts_that_saleor_has_counted_meanwhile_stay(shop: Shop) -> None:
    item = shop.new_transaction()
    TransactionItem.objects.update(charged_value=12000)
    store(item, Paid("DGS-1", DUE))
    item.refresh_from_db()
    assert item.charged_value == 12000
    assert item.name == "DGS-Pay card"


def test_what_changed_nothing_is_not_stored(shop: Shop) -> None:
    item = shop.new_transaction()
    store(item, Paid("DGS-1", DUE))
    before = item.private_metadata[OUTCOMES_KEY]
    with CaptureQueriesContext(connection) as queries:
        store_outcome(item, captured_before(history_of_item(item)), None)
        store_outcome(item, failure(CustomerMessage.RAW_CARD_DATA), None)
    assert len(queries) == 0
    assert item.private_metadata[OUTCOMES_KEY] == before


@pytest.mark.parametrize(
    "stored",
    [
        "not JSON",
        '{"record": {}}',
        "7",
        '["Paid"]',
        '[{"captured": null}]',
        '[{"record": {"outcome": 7}}]',
        '[{"record": {}, "captured": {"currency": "RWF"}}]',
        '[{"record": {}, "captured": {"amount": "12000"}}]',
        '[{"record": {}, "captured": {"amount": "12 000", "currency": "RWF"}}]',
        '[{"record": {}, "captured": {"amount": [], "currency": "RWF"}}]',
        '[{"record": {}, "captured": {"amount": null, "currency": "RWF"}}]',
        '[{"record": {}, "captured": {"amount": "NaN", "currency": "RWF"}}]',
        '[{"record": {}, "captured": {"amount": "Infinity", "currency": "RWF"}}]',
        '[{"record": {}, "captured": "12000 RWF"}]',
        None,
        7,
    ],
)
def test_what_somebody_else_wrote_cannot_be_read(stored: Any) -> None:
    item = TransactionItem(private_metadata={OUTCOMES_KEY: stored})
    with pytest.raises(SpoiledRecord):
        history_of_item(item)


# A dgs_reference that a webhook names


@pytest.mark.parametrize(
    ("outcome", "reference", "waits"),
    [
        (InDoubt(None, "cut"), "DGS-1", True),
        (InDoubt("DGS-1", "cut"), "DGS-2", False),
        (Pending("DGS-1"), "DGS-1", False),
        (Declined("DGS-1", CustomerMessage.DECLINED), "DGS-2", False),
        (Paid("DGS-1", DUE), "DGS-2", False),
        (None, "DGS-1", False),
    ],
    ids=["lost", "another", "the same", "declined", "paid", "not sent"],
)
def test_reference_is_waited_for_while_the_answer_is_lost(
    shop: Shop, outcome: Outcome | None, reference: str, waits: bool
) -> None:
    item = shop.new_transaction()
    if outcome:
        store(item, outcome)
    assert charge_of(item).waits_for(reference) is waits


def test_killed_worker_waits_for_its_reference_and_for_no_earlier_one(
    shop: Shop,
) -> None:
    item = shop.new_transaction()
    store(item, Declined("DGS-1", CustomerMessage.DECLINED))
    history = history_of_item(item)
    began_at = attempts.begin(
        item.private_metadata, history, ChargeId("transaction", item.pk)
    )
    charge = charge_of(item)
    assert charge.unfinished_since == began_at
    assert charge.waits_for("DGS-2")
    assert not charge.waits_for("DGS-1")


def test_reference_of_a_webhook_leaves_the_wait_its_beginning(shop: Shop) -> None:
    began_at = timezone.now() - timedelta(minutes=10)
    item = shop.new_transaction()
    in_doubt = InDoubt(None, "cut")
    reply = reply_for(in_doubt, DUE, History(), WALLET, waiting_since=began_at)
    store_outcome(item, reply, None)

    noted = reply_for_webhook(charge_of(item), "DGS-1").record

    assert noted["outcome"] == "InDoubt"
    assert noted["dgs_reference"] == "DGS-1"
    assert noted["waiting_since"] == began_at.isoformat()
    assert noted["wallet"] == WALLET


def test_reference_of_a_killed_worker_s_charge_waits_since_its_press(
    shop: Shop,
) -> None:
    item = shop.new_transaction()
    began_at = attempts.begin(
        item.private_metadata, History(), ChargeId("transaction", item.pk)
    )
    noted = reply_for_webhook(charge_of(item), "DGS-1").record
    assert noted["waiting_since"] == began_at.isoformat()
