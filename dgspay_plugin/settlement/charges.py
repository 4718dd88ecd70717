"""A charge of this gateway as Saleor's records tell it: one view of both its APIs.

The Payments API keeps each outcome as a transaction of the Payment. A TransactionItem
has no place for it, so there the outcomes are in its private metadata.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from saleor.payment import TransactionEventType
from saleor.payment.models import Payment, TransactionEvent, TransactionItem

from dgspay_plugin.payment.money import Money
from dgspay_plugin.settlement import attempts
from dgspay_plugin.settlement.answers import Answer
from dgspay_plugin.settlement.history import Entry, History
from dgspay_plugin.settlement.subject import Subject

OUTCOMES_KEY = "dgspay.outcomes"
REQUESTS = (
    TransactionEventType.CHARGE_REQUEST,
    # Of a channel that asks for what DGS-Pay cannot do.
    TransactionEventType.AUTHORIZATION_REQUEST,
)


@dataclass(frozen=True)
class Charge:
    subject: Subject
    price: Money
    """What it is for."""
    history: History
    refunded: Decimal
    """In major units: what Saleor was told that the customer got back."""
    created_at: datetime
    modified_at: datetime

    @property
    def charged(self) -> Decimal:
        """What the customer has paid by it, in major units."""
        captures = (entry.captured for entry in self.history.captures)
        return sum((money.amount for money in captures if money), -self.refunded)

    @property
    def reference(self) -> str | None:
        return attempts.current_reference(self.subject, self.history)

    @property
    def unfinished_since(self) -> datetime | None:
        """When it was sent to DGS-Pay, if its outcome was never stored."""
        return attempts.unfinished(self.subject, self.history)


def charge_of(record: Payment | TransactionItem) -> Charge:
    """One charge. Of many, prefetch the transactions, or the events."""
    if isinstance(record, Payment):
        return _charge_of_payment(record)
    return _charge_of_item(record)


def _charge_of_payment(payment: Payment) -> Charge:
    return Charge(
        subject=Subject("payment", payment.pk),
        price=Money(payment.total, payment.currency),
        history=History.of(payment.transactions.all()),
        # A refunded Payment stays the one that paid its checkout.
        refunded=Decimal(0),
        created_at=payment.created_at,
        modified_at=payment.modified_at,
    )


def _charge_of_item(item: TransactionItem) -> Charge:
    request = request_event_of(item)
    return Charge(
        subject=Subject("transaction", item.pk),
        price=Money(request.amount_value if request else Decimal(0), item.currency),
        history=history_of_item(item),
        refunded=item.refunded_value,
        created_at=item.created_at,
        modified_at=item.modified_at,
    )


def request_event_of(item: TransactionItem) -> TransactionEvent | None:
    """What transactionInitialize wrote down of how much is to be charged.

    None if the server died before it did, and so before it asked any plugin.
    """
    requests = (event for event in item.events.all() if event.type in REQUESTS)
    return next(requests, None)


def history_of_item(item: TransactionItem) -> History:
    outcomes = json.loads(item.private_metadata.get(OUTCOMES_KEY, "[]"))
    return History(tuple(_entry(outcome) for outcome in outcomes))


def store_outcome(item: TransactionItem, answer: Answer) -> None:
    """Add an answer to the history of a TransactionItem, which has to be locked."""
    if answer.is_stored_already or not answer.record:
        return
    # Saleor's metadata are texts.
    outcomes = json.loads(item.private_metadata.get(OUTCOMES_KEY, "[]"))
    outcomes.append(_outcome(answer))
    item.private_metadata[OUTCOMES_KEY] = json.dumps(outcomes)
    item.save(update_fields=["private_metadata", "modified_at"])


def _outcome(answer: Answer) -> dict[str, Any]:
    captured = answer.charged and {
        "amount": str(answer.charged.amount),
        "currency": answer.charged.currency,
    }
    return {"record": answer.record, "captured": captured}


def _entry(outcome: dict[str, Any]) -> Entry:
    record, captured = outcome["record"], outcome["captured"]
    return Entry(
        record=record,
        reference=record.get("dgs_reference"),
        captured=captured and Money(Decimal(captured["amount"]), captured["currency"]),
    )
