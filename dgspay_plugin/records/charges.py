"""A charge of this gateway in Saleor's records: one view of both its APIs.

The Payments API keeps each outcome as a transaction of the Payment. A TransactionItem
has no place for it, so there the outcomes are in its private metadata.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from saleor.payment import TransactionEventType
from saleor.payment.models import Payment, TransactionEvent, TransactionItem

from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import InDoubt
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.history import (
    Entry,
    History,
    SpoiledRecord,
    read_record,
)
from dgspay_plugin.records.order_page import describe
from dgspay_plugin.records.replies import Reply, reply_for

OUTCOMES_KEY = "dgspay.outcomes"
REQUESTS = (
    TransactionEventType.CHARGE_REQUEST,
    # Of a channel that asks for what DGS-Pay cannot do.
    TransactionEventType.AUTHORIZATION_REQUEST,
)


@dataclass(frozen=True)
class Charge:
    charge_id: ChargeId
    price: Money
    """What it is for."""
    history: History
    refunded: Decimal
    """In major units: what Saleor was told that the customer got back."""
    created_at: datetime
    modified_at: datetime
    unfinished_since: datetime | None
    """When a press began that may have sent it and has stored no outcome."""

    @property
    def charged(self) -> Decimal:
        """What the customer has paid by it, in major units."""
        captures = (entry.captured for entry in self.history.captures)
        return sum((money.amount for money in captures if money), -self.refunded)

    @property
    def reference(self) -> str | None:
        return self.history.reference

    def waits_for(self, reference: str) -> bool:
        """Whether a ``dgs_reference`` can be the one of an answer that was lost."""
        is_lost = self.history.is_undecided and self.reference is None
        return bool(self.unfinished_since or is_lost) and not self.history.knows(
            reference
        )


def reply_for_webhook(charge: Charge, reference: str) -> Reply:
    """What is stored of a charge when a webhook names its ``dgs_reference``."""
    in_doubt = InDoubt(reference, "a webhook has told the reference")
    history = charge.history
    return reply_for(
        in_doubt, charge.price, history, history.wallet, charge.unfinished_since
    )


def charge_id_of(record: Payment | TransactionItem) -> ChargeId:
    if isinstance(record, Payment):
        return ChargeId("payment", record.pk)
    return ChargeId("transaction", record.pk)


def charge_of(record: Payment | TransactionItem) -> Charge:
    """One charge. Of many, prefetch the transactions, or the events.

    Raises:
        SpoiledRecord: somebody has changed what is stored of it.
    """
    if isinstance(record, Payment):
        return _charge_of_payment(record)
    return _charge_of_item(record)


def _charge_of_payment(payment: Payment) -> Charge:
    history = History.of(payment.transactions.all())
    return Charge(
        charge_id=charge_id_of(payment),
        price=Money(payment.total, payment.currency),
        history=history,
        # A refunded Payment stays the one that paid its checkout.
        refunded=Decimal(0),
        created_at=payment.created_at,
        modified_at=payment.modified_at,
        unfinished_since=attempts.unfinished_since(payment.private_metadata, history),
    )


def _charge_of_item(item: TransactionItem) -> Charge:
    request = request_event_of(item)
    history = history_of_item(item)
    return Charge(
        charge_id=charge_id_of(item),
        price=Money(request.amount_value if request else Decimal(0), item.currency),
        history=history,
        refunded=item.refunded_value,
        created_at=item.created_at,
        modified_at=item.modified_at,
        unfinished_since=attempts.unfinished_since(item.private_metadata, history),
    )


def request_event_of(item: TransactionItem) -> TransactionEvent | None:
    """What transactionInitialize wrote down of how much is to be charged.

    None if the server died before it did, and so before it asked any plugin.
    """
    requests = (event for event in item.events.all() if event.type in REQUESTS)
    return next(requests, None)


def history_of_item(item: TransactionItem) -> History:
    """The outcomes in a TransactionItem's private metadata.

    Raises:
        SpoiledRecord: they cannot be read.
    """
    return History(tuple(_entry(outcome) for outcome in _stored_outcomes(item)))


def store_outcome(item: TransactionItem, reply: Reply, portal_url: str | None) -> None:
    """Add an answer to the history of a TransactionItem, which has to be locked.

    Args:
        portal_url: where the merchant portal shows a payment, for the order page.
    """
    if reply.is_stored_already or not reply.record:
        return
    describe(item, reply.record.get("wallet"), reply.reference, portal_url)
    # Saleor's metadata are texts.
    item.private_metadata[OUTCOMES_KEY] = json.dumps(
        [*_stored_outcomes(item), _outcome(reply)]
    )
    item.save(update_fields=["private_metadata", "name", "external_url", "modified_at"])


def _stored_outcomes(item: TransactionItem) -> list[Any]:
    try:
        outcomes = json.loads(item.private_metadata.get(OUTCOMES_KEY, "[]"))
    except (TypeError, ValueError):
        raise SpoiledRecord("outcomes that are no JSON") from None
    if not isinstance(outcomes, list):
        raise SpoiledRecord("outcomes that are no list")
    return outcomes


def _outcome(reply: Reply) -> dict[str, Any]:
    captured = reply.charged and {
        "amount": str(reply.charged.amount),
        "currency": reply.charged.currency,
    }
    return {"record": reply.record, "captured": captured}


def _entry(outcome: object) -> Entry:
    if not isinstance(outcome, Mapping):
        raise SpoiledRecord("an outcome that is no JSON object")
    record = read_record(outcome.get("record"))
    return Entry(
        record=record,
        reference=record.get("dgs_reference"),
        captured=_captured(outcome.get("captured")),
    )


def _captured(stored: Any) -> Money | None:
    if not stored:
        return None
    try:
        captured = Money(Decimal(stored["amount"]), str(stored["currency"]))
    except (KeyError, TypeError, ValueError, InvalidOperation):
        raise SpoiledRecord("an outcome with a wrong amount") from None
    if not captured.amount.is_finite():
        raise SpoiledRecord("an outcome with a wrong amount")
    return captured
