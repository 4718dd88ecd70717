"""What the store has written down of one payment, whichever of its APIs took it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# As GraphQL writes it: amount and currency.
Money = Mapping[str, Any]


class EntryKind(StrEnum):
    STEP = "step"
    """The customer was asked for something, or to wait."""
    PENDING = "pending"
    CAPTURE = "capture"
    FAILURE = "failure"
    OTHER = "other"


@dataclass(frozen=True)
class Entry:
    kind: EntryKind
    reference: str
    """dgs_reference; empty if DGS-Pay named none."""
    amount: Money
    message: str
    """Why it failed."""


@dataclass(frozen=True)
class PaymentRecord:
    id: str
    """Global id of a Payment or a TransactionItem."""
    reference: str
    counts: bool
    """Whether the checkout or order is paid by this one, if it is paid."""
    is_pending: bool
    """Whether it is decided later, without the customer."""
    charged: Money
    entries: tuple[Entry, ...]
    """Oldest first."""

    @property
    def captures(self) -> list[Entry]:
        return self._of(EntryKind.CAPTURE)

    @property
    def steps(self) -> list[Entry]:
        return self._of(EntryKind.STEP)

    @property
    def failures(self) -> list[Entry]:
        return self._of(EntryKind.FAILURE)

    def _of(self, kind: EntryKind) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind is kind]


def record_of_payment(payment: Mapping[str, Any]) -> PaymentRecord:
    """A Payment of Saleor's Payments API."""
    return PaymentRecord(
        id=payment["id"],
        reference=payment["pspReference"] or "",
        counts=payment["isActive"],
        is_pending=payment["chargeStatus"] == "PENDING",
        charged=payment["capturedAmount"],
        entries=tuple(map(_entry_of_transaction, payment["transactions"])),
    )


def record_of_item(item: Mapping[str, Any]) -> PaymentRecord:
    """A TransactionItem of Saleor's Transactions API."""
    # Saleor gives the newest first.
    events = [e for e in reversed(item["events"]) if e["type"] != "CHARGE_REQUEST"]
    charged = item["chargedAmount"]
    return PaymentRecord(
        id=item["id"],
        reference=item["pspReference"],
        counts=bool(charged["amount"]),
        is_pending=bool(item["chargePendingAmount"]["amount"]),
        charged=charged,
        entries=tuple(map(_entry_of_event, events)),
    )


KIND_OF_TRANSACTION = {
    "ACTION_TO_CONFIRM": EntryKind.STEP,
    "PENDING": EntryKind.PENDING,
    "CAPTURE": EntryKind.CAPTURE,
    # Of a pending charge that failed.
    "CANCEL": EntryKind.FAILURE,
}
KIND_OF_EVENT = {
    "CHARGE_ACTION_REQUIRED": EntryKind.STEP,
    "CHARGE_SUCCESS": EntryKind.CAPTURE,
    "CHARGE_FAILURE": EntryKind.FAILURE,
}


def _entry_of_transaction(stored: Mapping[str, Any]) -> Entry:
    kind = KIND_OF_TRANSACTION.get(stored["kind"], EntryKind.OTHER)
    return Entry(
        kind=kind if stored["isSuccess"] else EntryKind.FAILURE,
        reference=stored["token"],
        amount=stored["amount"],
        message=stored["error"] or "",
    )


def _entry_of_event(event: Mapping[str, Any]) -> Entry:
    return Entry(
        kind=KIND_OF_EVENT.get(event["type"], EntryKind.OTHER),
        reference=event["pspReference"],
        amount=event["amount"],
        message=event["message"],
    )
