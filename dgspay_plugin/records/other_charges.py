"""Every other payment for the same checkout or order, from Saleor's records."""

from dataclasses import dataclass
from decimal import Decimal

from saleor.checkout.models import Checkout
from saleor.order.models import Order
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.owner.charges import spoiled_record, tell_of_overcharge
from dgspay_plugin.payment.money import Money
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import (
    Charge,
    charge_id_of,
    charge_of,
    request_event_of,
)
from dgspay_plugin.records.history import SpoiledRecord


@dataclass(frozen=True)
class OtherCharges:
    charges: tuple[Charge, ...] = ()
    """Those of this gateway."""
    taken_elsewhere: Decimal = Decimal(0)
    """What other gateways have charged or reserved, in major units."""
    in_doubt: Decimal = Decimal(0)
    """What unreadable records of this gateway may still take, in major units."""

    @property
    def taken(self) -> Decimal:
        """What is stored as paid, in major units."""
        return sum((other.charged for other in self.charges), self.taken_elsewhere)


def other_charges(
    source: Checkout | Order, record: Payment | TransactionItem
) -> OtherCharges:
    """All payments for a checkout or order but this one, which has to be locked."""
    charge_id = charge_id_of(record)
    gateway = _gateway_of(record)
    payments = source.payments.prefetch_related("transactions")
    items = source.payment_transactions.prefetch_related("events")
    charges: list[Charge] = []
    taken_elsewhere = in_doubt = Decimal(0)
    for other in (*payments, *items):
        if charge_id_of(other) == charge_id:
            continue
        if _gateway_of(other) != gateway:
            taken_elsewhere += _taken_according_to_saleor(other)
            continue
        try:
            charges.append(charge_of(other))
        except SpoiledRecord as problem:
            spoiled_record(charge_id_of(other), problem).tell()
            taken = _taken_according_to_saleor(other)
            taken_elsewhere += taken
            if not taken and not attempts.is_overdue(other.modified_at):
                in_doubt += _asked_for(other)
    return OtherCharges(tuple(charges), taken_elsewhere, in_doubt)


def tell_if_overcharged(
    charge_id: ChargeId,
    reference: str,
    charged: Money,
    total: Money,
    others: OtherCharges,
) -> None:
    """Tell the owner if a capture is more than there was to pay.

    Args:
        charged: what was captured just now, for the first time.
        total: what the goods cost now.
    """
    together = Money(others.taken + charged.amount, charged.currency)
    if together.amount > total.amount:
        tell_of_overcharge(charge_id, reference, charged, together, total)


def _gateway_of(record: Payment | TransactionItem) -> str:
    if isinstance(record, Payment):
        return str(record.gateway)
    return str(record.app_identifier)


def _taken_according_to_saleor(record: Payment | TransactionItem) -> Decimal:
    """What was charged or reserved, in major units."""
    if isinstance(record, Payment):
        return Decimal(record.captured_amount)
    return Decimal(
        record.charged_value
        + record.charge_pending_value
        + record.authorized_value
        + record.authorize_pending_value
    )


def _asked_for(record: Payment | TransactionItem) -> Decimal:
    if isinstance(record, Payment):
        return Decimal(record.total)
    request = request_event_of(record)
    return Decimal(request.amount_value) if request else Decimal(0)
