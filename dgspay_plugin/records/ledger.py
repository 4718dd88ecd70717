"""What Saleor's records hold for a set of channels, of both its APIs, in bulk."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet
from saleor.checkout.models import Checkout
from saleor.order import OrderChargeStatus
from saleor.order.models import Order
from saleor.payment import ChargeStatus, TransactionEventType, TransactionKind
from saleor.payment.models import (
    Payment,
    Transaction,
    TransactionEvent,
    TransactionItem,
)

from dgspay_plugin.payment.money import Money
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import Charge, charge_id_of, charge_of
from dgspay_plugin.records.history import SpoiledRecord

ROWS_AT_A_TIME = 200


@dataclass(frozen=True)
class Capture:
    """Money that Saleor counts as received."""

    charge_id: ChargeId
    reference: str
    """``dgs_reference``."""
    money: Money


@dataclass(frozen=True)
class PaidTotal:
    """A checkout or order for which another amount was paid than it costs."""

    title: str
    charged: Money
    total: Money


@dataclass(frozen=True)
class Ledger:
    """The records of one gateway, in these channels."""

    gateway: str
    channel_slugs: tuple[str, ...]

    def is_empty(self) -> bool:
        return not self.payments().exists() and not self.items().exists()

    def waiting_since(self, since: datetime) -> list[ChargeId]:
        """What was made since then and may have moved money unseen."""
        payments = self.payments().filter(
            created_at__gte=since,
            charge_status__in=[ChargeStatus.NOT_CHARGED, ChargeStatus.PENDING],
        )
        items = self.items().filter(
            created_at__gte=since, charged_value=0, refunded_value=0
        )
        return [
            *(ChargeId("payment", pk) for pk in _ids(payments)),
            *(ChargeId("transaction", pk) for pk in _ids(items)),
        ]

    def captures_since(self, since: datetime) -> Iterator[Capture]:
        transactions = _captures(self.gateway).filter(
            created_at__gte=since, payment__in=self.payments()
        )
        events = _charge_successes(self.gateway).filter(
            created_at__gte=since, transaction__in=self.items()
        )
        return _read(transactions, events)

    def overcharged_since(self, since: datetime) -> Iterator[PaidTotal]:
        """Checkouts and orders whose customers have paid more than they cost.

        Args:
            since: when the latest of their records was last changed.
        """
        is_ours = Q(
            payment_transactions__app_identifier=self.gateway,
            payment_transactions__modified_at__gte=since,
        ) | Q(payments__gateway=self.gateway, payments__modified_at__gte=since)
        for model in (Checkout, Order):
            overcharged = model.objects.filter(
                is_ours,
                charge_status=OrderChargeStatus.OVERCHARGED,
                channel__slug__in=self.channel_slugs,
            )
            for source in overcharged.distinct().iterator(chunk_size=ROWS_AT_A_TIME):
                yield PaidTotal(
                    f"{model.__name__} {getattr(source, 'number', source.pk)}",
                    _charged_for(source),
                    Money(source.total_gross_amount, source.currency),
                )

    def orders_paid_in_part_since(self, since: datetime) -> Iterator[PaidTotal]:
        """Orders of paid checkouts that cost more than was paid by transactions.

        A cart that grows while Saleor makes the order becomes one
        (saleor/checkout/complete_checkout.py reads the lines anew). Orders that are
        not made of a checkout, and channels that allow unpaid orders, are left out.

        Args:
            since: when the latest of their transactions was last changed.
        """
        paid_in_part = Order.objects.filter(
            payment_transactions__app_identifier=self.gateway,
            payment_transactions__modified_at__gte=since,
            charge_status=OrderChargeStatus.PARTIAL,
            channel__slug__in=self.channel_slugs,
            channel__allow_unpaid_orders=False,
        ).exclude(checkout_token="")
        for order in paid_in_part.distinct().iterator(chunk_size=ROWS_AT_A_TIME):
            charged = _charged_for(order)
            if charged.amount + _refunded_of(order) < order.total_gross_amount:
                yield PaidTotal(
                    f"Order {order.number}",
                    charged,
                    Money(order.total_gross_amount, order.currency),
                )

    def payments(self) -> "QuerySet[Payment]":
        return Payment.objects.filter(self._in_channels(), gateway=self.gateway)

    def items(self) -> "QuerySet[TransactionItem]":
        return TransactionItem.objects.filter(
            self._in_channels(), app_identifier=self.gateway
        )

    def _in_channels(self) -> Q:
        return Q(checkout__channel__slug__in=self.channel_slugs) | Q(
            order__channel__slug__in=self.channel_slugs
        )


def still_waiting(
    charge_ids: Sequence[ChargeId],
) -> tuple[list[Charge], list[tuple[ChargeId, SpoiledRecord]]]:
    """Those whose charges may still turn out either way, and those nobody can read."""
    payments = Payment.objects.filter(pk__in=_of_kind("payment", charge_ids))
    items = TransactionItem.objects.filter(pk__in=_of_kind("transaction", charge_ids))
    records: Iterable[Payment | TransactionItem] = chain(
        payments.prefetch_related("transactions"), items.prefetch_related("events")
    )
    waiting, spoiled = [], []
    for record in records:
        try:
            charge = charge_of(record)
        except SpoiledRecord as problem:
            spoiled.append((charge_id_of(record), problem))
        else:
            if _is_waiting(record, charge):
                waiting.append(charge)
    return waiting, spoiled


def captures_with(gateway: str, references: Sequence[str]) -> dict[str, Capture]:
    """The captures of these ``dgs_reference``s, by them."""
    transactions = _captures(gateway).filter(token__in=references)
    events = _charge_successes(gateway).filter(psp_reference__in=references)
    return {capture.reference: capture for capture in _read(transactions, events)}


def record_with(gateway: str, reference: str) -> Payment | TransactionItem | None:
    """What knows a ``dgs_reference``, if anything does."""
    return (
        Payment.objects.filter(gateway=gateway, transactions__token=reference).first()
        or TransactionItem.objects.filter(
            app_identifier=gateway, psp_reference=reference
        ).first()
    )


def record_of(gateway: str, charge_id: ChargeId) -> Payment | TransactionItem | None:
    """What a charge is for, if it is of this gateway."""
    if charge_id.kind == "payment":
        return Payment.objects.filter(gateway=gateway, pk=charge_id.pk).first()
    items = TransactionItem.objects.filter(app_identifier=gateway)
    return items.filter(pk=charge_id.pk).first()


def _captures(gateway: str) -> "QuerySet[Transaction]":
    return Transaction.objects.filter(
        payment__gateway=gateway, kind=TransactionKind.CAPTURE, is_success=True
    )


def _charge_successes(gateway: str) -> "QuerySet[TransactionEvent]":
    return TransactionEvent.objects.filter(
        transaction__app_identifier=gateway, type=TransactionEventType.CHARGE_SUCCESS
    )


def _read(
    transactions: "QuerySet[Transaction]", events: "QuerySet[TransactionEvent]"
) -> Iterator[Capture]:
    for stored in transactions.iterator(chunk_size=ROWS_AT_A_TIME):
        yield Capture(
            ChargeId("payment", stored.payment_id),
            stored.token,
            Money(stored.amount, stored.currency),
        )
    for event in events.iterator(chunk_size=ROWS_AT_A_TIME):
        yield Capture(
            ChargeId("transaction", event.transaction_id),
            event.psp_reference,
            Money(event.amount_value, event.currency),
        )


def _is_waiting(record: Payment | TransactionItem, charge: Charge) -> bool:
    if charge.history.is_waiting or charge.unfinished_since is not None:
        return True
    if isinstance(record, Payment):
        return bool(record.charge_status == ChargeStatus.PENDING)
    # A worker died between the outcome and Saleor's event of it.
    is_counted = record.charged_value or record.refunded_value
    return bool(charge.history.captures) and not is_counted


def _charged_for(source: Checkout | Order) -> Money:
    """What was paid for it, whoever took it."""
    payments = sum(payment.captured_amount for payment in source.payments.all())
    items = sum(item.charged_value for item in source.payment_transactions.all())
    return Money(Decimal(payments + items), source.currency)


def _refunded_of(order: Order) -> Decimal:
    """What was given back of its transactions, or is about to be."""
    items = order.payment_transactions.all()
    refunded = sum(item.refunded_value + item.refund_pending_value for item in items)
    return Decimal(refunded)


def _ids(records: "QuerySet[Any]") -> Iterable[int]:
    ids: Iterable[int] = records.order_by("pk").values_list("pk", flat=True)
    return ids


def _of_kind(kind: str, charge_ids: Sequence[ChargeId]) -> list[int]:
    return [charge_id.pk for charge_id in charge_ids if charge_id.kind == kind]
