"""What Saleor's records say about how far a charge has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, TypedDict, cast

from django.utils.dateparse import parse_datetime
from saleor.payment import TransactionKind

from dgspay_plugin.payment.mobile_money import Wallet
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    ActionRequired,
    AmountUnknown,
    InDoubt,
    NextAction,
    Pending,
    UnknownAction,
)
from dgspay_plugin.payment.refusal import CustomerMessage

UNDECIDED_OUTCOMES = frozenset(
    outcome.code for outcome in (Pending, InDoubt, AmountUnknown)
)
WAITING_OUTCOMES = UNDECIDED_OUTCOMES | {
    outcome.code for outcome in (ActionRequired, UnknownAction)
}


class Record(TypedDict, total=False):
    """What is stored of an outcome.

    On a Payment it is the gateway_response of one of its transactions; on a
    TransactionItem it is in the private metadata.
    """

    outcome: str
    """The code of the outcome: dgspay_plugin/payment/outcome.py."""
    dgs_reference: str | None
    confirmation: Mapping[str, Any]
    """What the storefront was told to ask the customer for."""
    why: str
    """Of an outcome in doubt: what became of DGS-Pay's answer."""
    waiting_since: str
    """When the wait for an outcome began, ISO 8601."""
    step_in_doubt: Mapping[str, Any]
    """The confirmation to ask again if its answer never reached DGS-Pay."""
    reason: str
    """Of a decline: the name of the customer's message."""
    charged: str
    """Of an amount that does not fit: what DGS-Pay charged."""
    due: str
    """Of an amount that does not fit: what the payment is for."""
    next_action_type: str
    """Of an unknown next action: how DGS-Pay spelled it."""
    wallet: Wallet
    """Of mobile money: whose handset is asked. Never the whole number."""


FIELD_TYPES: dict[str, type | tuple[type, ...]] = {
    "outcome": str,
    "dgs_reference": (str, type(None)),
    "confirmation": Mapping,
    "why": str,
    "waiting_since": str,
    "step_in_doubt": Mapping,
    "reason": str,
    "charged": str,
    "due": str,
    "next_action_type": str,
    "wallet": Mapping,
}


class SpoiledRecord(ValueError):
    """What was stored of a charge cannot be read: somebody else has changed it."""


class StoredTransaction(Protocol):
    """What saleor/payment's Transaction and TransactionData have in common."""

    token: str
    kind: str
    is_success: bool
    gateway_response: Any
    amount: Any
    """TransactionData: a mapping with amount and currency; Transaction: a Decimal."""


@dataclass(frozen=True)
class Entry:
    """One outcome as it was stored."""

    record: Record
    reference: str | None
    """``dgs_reference``."""
    captured: Money | None = None
    """What moved, if this is a capture."""


@dataclass(frozen=True)
class History:
    """The outcomes stored so far, oldest first."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, transactions: Iterable[StoredTransaction]) -> "History":
        """The history of a Payment.

        Raises:
            SpoiledRecord: one of its transactions cannot be read.
        """
        return cls(tuple(_entry(stored) for stored in transactions))

    @property
    def captures(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.captured)

    @property
    def outcomes(self) -> tuple[Record, ...]:
        """All but what was refused before it was sent, and has no outcome."""
        records = (entry.record for entry in self.entries)
        return tuple(record for record in records if "outcome" in record)

    @property
    def last(self) -> Record:
        """The latest outcome."""
        return self.outcomes[-1] if self.outcomes else {}

    @property
    def outcome(self) -> str | None:
        return self.last.get("outcome")

    @property
    def is_undecided(self) -> bool:
        """Whether only DGS-Pay knows how the charge turned out."""
        return self.outcome in UNDECIDED_OUTCOMES

    @property
    def is_waiting(self) -> bool:
        """Whether the charge can still turn out either way."""
        return self.outcome in WAITING_OUTCOMES

    @property
    def reference(self) -> str | None:
        """The ``dgs_reference`` of the latest charge, if its answer named one."""
        return self.last.get("dgs_reference")

    @property
    def waiting_since(self) -> datetime | None:
        written = self.last.get("waiting_since")
        return read_moment(written) if written else None

    @property
    def wallet(self) -> Wallet | None:
        """The mobile money account of the latest charge; None if it is a card's."""
        return self.last.get("wallet")

    @property
    def asked_for(self) -> NextAction | None:
        """The step that the customer was last asked for."""
        confirmation = self.last.get("confirmation")
        return NextAction(confirmation["type"]) if confirmation else None

    def knows(self, reference: str) -> bool:
        return any(entry.reference == reference for entry in self.entries)


def read_record(stored: object) -> Record:
    """Read what was stored of an outcome.

    Raises:
        SpoiledRecord: it is nothing that this plugin has written.
    """
    if not isinstance(stored, Mapping):
        raise SpoiledRecord("an outcome that is no JSON object")
    for name, kind in FIELD_TYPES.items():
        if name in stored and not isinstance(stored[name], kind):
            raise SpoiledRecord(f"an outcome with a wrong {name}")
    for name in ("confirmation", "step_in_doubt"):
        if name in stored and stored[name].get("type") not in list(NextAction):
            raise SpoiledRecord(f"an outcome with an unknown {name}")
    if "waiting_since" in stored:
        try:
            read_moment(stored["waiting_since"])
        except ValueError:
            raise SpoiledRecord("an outcome with a wrong waiting_since") from None
    if "wallet" in stored and not _is_wallet(stored["wallet"]):
        raise SpoiledRecord("an outcome with a wrong wallet")
    if "reason" in stored and stored["reason"] not in CustomerMessage.__members__:
        raise SpoiledRecord("an outcome with an unknown reason")
    return cast(Record, stored)


def read_moment(stored: str) -> datetime:
    """A stored time.

    Raises:
        ValueError: It is none, like 30 February, or names no time zone.
    """
    moment: datetime | None = parse_datetime(stored)
    if moment is None or moment.tzinfo is None:
        raise ValueError("no moment")
    return moment


def _is_wallet(stored: Mapping[str, Any]) -> bool:
    names = Wallet.__required_keys__
    return stored.keys() == names and all(isinstance(stored[n], str) for n in names)


def _entry(stored: StoredTransaction) -> Entry:
    is_capture = stored.kind == TransactionKind.CAPTURE and stored.is_success
    return Entry(
        record=read_record(stored.gateway_response or {}),
        reference=stored.token,
        captured=_money(stored) if is_capture else None,
    )


def _money(stored: Any) -> Money:
    if isinstance(stored.amount, Mapping):
        return Money(Decimal(stored.amount["amount"]), stored.amount["currency"])
    return Money(stored.amount, stored.currency)
