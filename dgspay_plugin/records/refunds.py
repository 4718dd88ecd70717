"""Refunds in Saleor's books whose money a person sends in the merchant portal.

DGS-Pay's API has no refund, and nothing here moves money. Saleor keeps each refund
itself: a transaction of a Payment, or an event of a TransactionItem. The record's
private metadata names those that nobody has confirmed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain

from django.db import transaction
from saleor.payment import TransactionEventType, TransactionKind
from saleor.payment.models import Payment, TransactionItem

from dgspay_plugin.owner import Sentence
from dgspay_plugin.owner.charges import refund_to_send
from dgspay_plugin.payment.money import Money
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import charge_id_of

# A text, as all of Saleor's metadata: references with a space between them. It is
# absent where nothing waits, so that a query finds what does.
UNCONFIRMED_KEY = "dgspay.unconfirmed_refunds"


@dataclass(frozen=True)
class Refund:
    """A refund as Saleor's books have it."""

    reference: str
    """This plugin's own: DGS-Pay knows nothing of it."""
    charge_id: ChargeId
    dgs_reference: str
    """``dgs_reference`` of what is refunded."""
    money: Money
    noted_at: datetime
    order_number: str | None
    """None of a checkout that has not become an order."""

    @property
    def sentence(self) -> Sentence:
        """What the owner is told until somebody confirms it."""
        return refund_to_send(
            self.charge_id,
            self.dgs_reference,
            self.reference,
            self.money,
            self.order_number,
        )


class NoSuchRefund(ValueError):
    """No refund of these references is there to be confirmed, or to wait again."""

    def __init__(self, references: Collection[str]) -> None:
        super().__init__(", ".join(references))
        self.references = references


def unconfirmed_refunds(gateway: str) -> list[Refund]:
    """All that nobody has confirmed, in all channels, oldest first."""
    waits = {"private_metadata__has_key": UNCONFIRMED_KEY}
    payments = Payment.objects.filter(gateway=gateway, **waits)
    items = TransactionItem.objects.filter(app_identifier=gateway, **waits)
    refunds = [
        refund
        for record in chain(
            payments.select_related("order"), items.select_related("order")
        )
        for refund in refunds_of(record)
        if refund.reference in _unconfirmed(record)
    ]
    return sorted(refunds, key=lambda refund: refund.noted_at)


def refunds_of(record: Payment | TransactionItem) -> Iterator[Refund]:
    """Every refund of a charge, confirmed or not."""
    charge_id = charge_id_of(record)
    order_number = str(record.order.number) if record.order else None
    # Of both: reference, amount in major units, currency and time.
    stored = (
        record.transactions.filter(
            kind=TransactionKind.REFUND, is_success=True
        ).values_list("token", "amount", "currency", "created_at")
        if isinstance(record, Payment)
        else record.events.filter(type=TransactionEventType.REFUND_SUCCESS).values_list(
            "psp_reference", "amount_value", "currency", "created_at"
        )
    )
    for reference, amount, currency, noted_at in stored:
        yield Refund(
            reference=reference,
            charge_id=charge_id,
            dgs_reference=record.psp_reference or "",
            money=Money(amount, currency),
            noted_at=noted_at,
            order_number=order_number,
        )


def refunded_of(charge_id: ChargeId) -> Decimal:
    """What Saleor's books say was given back of a charge, in major units."""
    if charge_id.kind == "payment":
        payment = Payment.objects.select_related("order").get(pk=charge_id.pk)
        return sum((refund.money.amount for refund in refunds_of(payment)), Decimal(0))
    item = TransactionItem.objects.get(pk=charge_id.pk)
    return Decimal(item.refunded_value)


def let_wait(record: Payment | TransactionItem) -> str:
    """Name the next refund of a charge and have it wait until it is confirmed.

    Args:
        record: has to be locked.

    Returns:
        Its reference, under which the caller lets Saleor write it down.
    """
    number = sum(1 for _ in refunds_of(record)) + 1
    reference = f"{record.psp_reference or charge_id_of(record)}-refund-{number}"
    _store(record, [*_unconfirmed(record), reference])
    return reference


def confirm(gateway: str, references: Collection[str]) -> list[Refund]:
    """Write down that somebody has sent the money of these refunds: all or none.

    Raises:
        NoSuchRefund: one of them is unknown, or confirmed already. Nothing is changed.
    """
    with transaction.atomic():
        waiting = {refund.reference: refund for refund in unconfirmed_refunds(gateway)}
        refunds = _named(references, waiting)
        for refund, record in _locked(refunds):
            left = _unconfirmed(record)
            if refund.reference not in left:
                raise NoSuchRefund([refund.reference])
            left.remove(refund.reference)
            _store(record, left)
    return refunds


def reopen(gateway: str, references: Collection[str]) -> list[Refund]:
    """Have refunds wait again that were confirmed by mistake: all or none.

    Raises:
        NoSuchRefund: one of them is unknown, or waits. Nothing is changed.
    """
    with transaction.atomic():
        noted = {
            refund.reference: refund
            for reference in references
            for refund in _refunds_beside(gateway, reference)
        }
        refunds = _named(references, noted)
        for refund, record in _locked(refunds):
            waiting = _unconfirmed(record)
            if refund.reference in waiting:
                raise NoSuchRefund([refund.reference])
            _store(record, [*waiting, refund.reference])
    return refunds


def _refunds_beside(gateway: str, reference: str) -> Iterator[Refund]:
    """All of the charge that has a refund of this reference."""
    record = (
        Payment.objects.filter(gateway=gateway, transactions__token=reference).first()
        or TransactionItem.objects.filter(
            app_identifier=gateway, events__psp_reference=reference
        ).first()
    )
    if record:
        yield from refunds_of(record)


def _named(references: Collection[str], refunds: Mapping[str, Refund]) -> list[Refund]:
    if unknown := [name for name in references if name not in refunds]:
        raise NoSuchRefund(unknown)
    return [refunds[name] for name in dict.fromkeys(references)]


def _locked(
    refunds: Collection[Refund],
) -> Iterator[tuple[Refund, Payment | TransactionItem]]:
    """Each with what it is of, which everybody locks in the same order."""
    for refund in sorted(refunds, key=lambda r: (r.charge_id.kind, r.charge_id.pk)):
        charge_id = refund.charge_id
        model = Payment if charge_id.kind == "payment" else TransactionItem
        yield refund, model.objects.select_for_update(of=("self",)).get(pk=charge_id.pk)


def _unconfirmed(record: Payment | TransactionItem) -> list[str]:
    return str(record.private_metadata.get(UNCONFIRMED_KEY, "")).split()


def _store(record: Payment | TransactionItem, references: Collection[str]) -> None:
    if references:
        record.private_metadata[UNCONFIRMED_KEY] = " ".join(references)
    else:
        del record.private_metadata[UNCONFIRMED_KEY]
    record.save(update_fields=["private_metadata"])
