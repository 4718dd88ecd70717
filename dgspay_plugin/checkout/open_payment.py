"""The payment that a customer has left open at the bank's page, or undecided.

Another card is refused until DGS-Pay has decided. Any page of the same checkout can
find the payment and go on with it, on another device too.
"""

from collections.abc import Iterator
from typing import Any

import graphene
from django.db.models import QuerySet
from saleor.checkout.models import Checkout
from saleor.order.models import Order
from saleor.payment.models import Payment

from dgspay_plugin.checkout.double_payment import holds_back_another
from dgspay_plugin.records.charges import Charge, charge_of
from dgspay_plugin.records.history import SpoiledRecord


def open_payment_of(checkout: Checkout, gateway: str) -> str | None:
    """The ``dgs_reference`` of the checkout's active Payment, if that is open.

    Empty if DGS-Pay has not named it yet. A checkout has one active Payment, and Saleor
    completes it with no other: saleor/checkout/complete_checkout.py.
    """
    payments = Payment.objects.filter(
        checkout=checkout, gateway=gateway, is_active=True
    ).prefetch_related("transactions")
    # Most checkouts have none, and Saleor asks whenever it lists the gateways: a query
    # without the payment's columns takes two thirds of the time.
    if not payments.exists():
        return None
    _, charge = next(_open_ones(payments), (None, None))
    return (charge.reference or "") if charge else None


def open_transaction_of(source: Checkout | Order, gateway: str) -> str | None:
    """Saleor's global id of the latest transaction that is open."""
    items = source.payment_transactions.filter(app_identifier=gateway)
    item, _ = next(_open_ones(items.prefetch_related("events")), (None, None))
    return graphene.Node.to_global_id("TransactionItem", item.token) if item else None


def _open_ones(records: "QuerySet[Any]") -> Iterator[tuple[Any, Charge]]:
    for record in records.order_by("-pk"):
        try:
            charge = charge_of(record)
        except SpoiledRecord:
            # The owner is told of it when Pay is pressed.
            continue
        if holds_back_another(charge):
            yield record, charge
