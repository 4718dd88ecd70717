"""What other payments of the same checkout or order have taken, or may still take."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.order.models import Order
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.payment.money import Money
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import OUTCOMES_KEY
from dgspay_plugin.records.other_charges import (
    OtherCharges,
    other_charges,
    tell_if_overcharged,
)
from tests.unit.shop import Shop

SPOILED = {OUTCOMES_KEY: "not JSON"}
CHARGE_ID = ChargeId("payment", 7)


def francs(amount: int) -> Money:
    return Money(Decimal(amount), "RWF")


def capture(payment: Payment) -> None:
    payment.transactions.create(
        kind="capture",
        is_success=True,
        token="DGS-1",
        amount=12000,
        currency="RWF",
        gateway_response={"outcome": "Paid", "dgs_reference": "DGS-1"},
    )


def test_charge_itself_is_left_out_and_no_other_of_its_number(shop: Shop) -> None:
    """A Payment and a TransactionItem of one checkout may have the same id."""
    checkout = shop.new_checkout()
    payment = shop.new_payment(checkout)
    item = shop.new_transaction(checkout, pk=payment.pk)
    [other] = other_charges(checkout, payment).charges
    assert other.charge_id == ChargeId("transaction", payment.pk)
    [other] = other_charges(checkout, item).charges
    assert other.charge_id == ChargeId("payment", payment.pk)


def test_payments_of_an_order_count_as_those_of_a_checkout(shop: Shop) -> None:
    order = Order.objects.create(channel=shop.channel, currency="RWF", lines_count=1)
    payment = shop.new_payment(order=order)
    payment.checkout = None
    payment.save()
    capture(payment)
    item = shop.new_transaction(order)
    assert other_charges(order, item).taken == 12000
    # What is for other goods is not among them.
    elsewhere = shop.new_transaction()
    assert other_charges(elsewhere.checkout, elsewhere) == OtherCharges()


def test_what_other_gateways_have_charged_or_reserved_is_taken(shop: Shop) -> None:
    checkout = shop.new_checkout()
    ours = shop.new_transaction(checkout)
    shop.new_payment(
        checkout, gateway="another.gateway", captured_amount=Decimal("100.500")
    )
    shop.new_transaction(
        checkout,
        charged_value=200,
        charge_pending_value=30,
        authorized_value=4000,
        authorize_pending_value=50000,
        refunded_value=1000000,
        app_identifier="another.app",
    )
    others = other_charges(checkout, ours)
    assert others.charges == ()
    assert others.taken == others.taken_elsewhere == Decimal("54330.5")
    assert others.in_doubt == 0


@pytest.mark.parametrize(
    ("facts", "taken", "in_doubt"),
    [
        ({}, 0, 5000),
        ({"charged_value": 4000}, 4000, 0),
        ({"charge_pending_value": 5000}, 5000, 0),
    ],
    ids=["may still be taken", "charged", "pending"],
)
def test_record_that_cannot_be_read_takes_what_saleor_says_or_what_it_asked_for(
    shop: Shop,
    caplog: pytest.LogCaptureFixture,
    facts: dict[str, Any],
    taken: int,
    in_doubt: int,
) -> None:
    checkout = shop.new_checkout()
    ours = shop.new_payment(checkout)
    spoiled = shop.new_transaction(
        checkout, amount=5000, private_metadata=SPOILED, **facts
    )
    others = other_charges(checkout, ours)
    assert others.taken == taken
    assert others.in_doubt == in_doubt
    [told] = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert f"Transaction {spoiled.pk} cannot be read" in told


def test_record_that_cannot_be_read_is_in_doubt_until_the_deadline(shop: Shop) -> None:
    checkout = shop.new_checkout()
    ours = shop.new_payment(checkout)
    shop.new_transaction(checkout, private_metadata=SPOILED)
    spoiled = shop.new_payment(checkout, total=3000)
    spoiled.transactions.create(kind="capture", currency="RWF", gateway_response=["?"])
    assert other_charges(checkout, ours).in_doubt == 15000
    late = timezone.now() - attempts.OUTCOME_DEADLINE - timedelta(seconds=1)
    TransactionItem.objects.update(modified_at=late)
    assert other_charges(checkout, ours).in_doubt == 3000


def test_questions_do_not_grow_with_the_payments(shop: Shop) -> None:
    """They are asked under the checkout's lock."""
    checkout = shop.new_checkout()
    ours = shop.new_payment(checkout)
    shop.new_transaction(checkout)
    with CaptureQueriesContext(connection) as of_two:
        other_charges(checkout, ours)
    for _ in range(3):
        capture(shop.new_payment(checkout))
        shop.new_transaction(checkout)
    with CaptureQueriesContext(connection) as of_eight:
        assert other_charges(checkout, ours).taken == 36000
    assert len(of_eight) == len(of_two) == 4


@pytest.mark.parametrize(
    ("charged", "refund"), [(7000, None), (7001, "Refund 1 RWF"), (6999, None)]
)
@pytest.mark.usefixtures("database")
def test_owner_is_told_of_what_is_above_the_total(
    caplog: pytest.LogCaptureFixture, charged: int, refund: str | None
) -> None:
    others = OtherCharges(taken_elsewhere=Decimal(5000), in_doubt=Decimal(9000))
    tell_if_overcharged(CHARGE_ID, "DGS-1", francs(charged), francs(12000), others)
    told = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert len(told) == bool(refund)
    if refund:
        for fact in ("Payment 7", "DGS-1", "7001 RWF", "12001 RWF of", refund):
            assert fact in told[0]
