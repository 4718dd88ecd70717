"""A charge from its first request to its end, and the ledger that keeps them."""

import datetime
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .cards import APPROVED, Behaviour, NextAction

WRONG_ANSWERS_ALLOWED = 3


class TransactionStatus(StrEnum):
    PENDING = "pending"
    SUCCESSFUL = "successful"
    FAILED = "failed"


ROW_STATUS = {
    TransactionStatus.PENDING: "pending",
    TransactionStatus.SUCCESSFUL: "success",
    TransactionStatus.FAILED: "failed",
}
"""``GET /transactions`` writes ``success`` where a charge writes ``successful``."""


@dataclass
class Charge:
    """What DGS-Pay knows of a payment once its card or number has been looked at."""

    amount: Decimal
    """Major units."""
    currency: str
    customer_email: str
    narration: str
    redirect_url: str
    callback_url: str | None
    idempotency_key: str | None
    behaviour: Behaviour
    account: str | None = None
    """Of mobile money: the network and the number's last digits. None of a card."""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    dgs_reference: str = field(
        default_factory=lambda: f"DGS-{secrets.token_hex(8).upper()}"
    )
    flw_reference: str = field(default_factory=lambda: f"FLW-{secrets.token_hex(8)}")
    created_at: datetime.datetime = field(
        default_factory=lambda: datetime.datetime.now(datetime.UTC)
    )
    status: TransactionStatus = TransactionStatus.PENDING
    processor_response: str | None = None
    charge_requests: int = 1
    authorize_requests: int = 0
    history: list[str] = field(default_factory=list)
    """One short line for each thing that happened, without card data."""

    def __post_init__(self) -> None:
        self._steps = list(self.behaviour.steps)
        self._wrong_answers = 0
        self._go_on()

    @property
    def payment_type(self) -> str:
        return "mobile_money" if self.account else "card"

    @property
    def waits_for_handset(self) -> bool:
        return bool(self.account and not self.is_settled and not self._steps)

    @property
    def next_action(self) -> NextAction | None:
        return self._steps[0] if self._steps else None

    @property
    def is_settled(self) -> bool:
        return self.status is not TransactionStatus.PENDING

    @property
    def announced_status(self) -> TransactionStatus:
        """The ``transaction_status`` of an answer to /charges or /authorize."""
        if self.behaviour.claims_success_early and self._steps:
            return TransactionStatus.SUCCESSFUL
        return self.status

    def pass_step(self) -> None:
        """The customer has answered the open step rightly."""
        self.history.append(f"{self._steps.pop(0)} passed")
        self._wrong_answers = 0
        self.processor_response = None
        self._go_on()

    def refuse_answer(self, processor_response: str) -> None:
        """Ask for the same step again; the third wrong answer fails the charge."""
        self._wrong_answers += 1
        self.processor_response = processor_response
        self.history.append(processor_response)
        if self._wrong_answers == WRONG_ANSWERS_ALLOWED:
            self.settle(TransactionStatus.FAILED, processor_response)

    def conclude(self) -> None:
        """Say what the card's issuer says."""
        if self.behaviour.issuer == APPROVED:
            self.settle(TransactionStatus.SUCCESSFUL)
        else:
            self.settle(TransactionStatus.FAILED, self.behaviour.issuer)

    def settle(
        self, status: TransactionStatus, processor_response: str | None = None
    ) -> None:
        """Set the outcome, with no step left to take."""
        self._steps.clear()
        self.status = status
        self.processor_response = processor_response
        self.history.append(
            f"{status} ({processor_response})" if processor_response else str(status)
        )

    def _go_on(self) -> None:
        if self._steps:
            self.history.append(f"asks for {self._steps[0]}")
        elif self.behaviour.stays_pending:
            self.history.append("pending")
        else:
            self.conclude()


class Ledger:
    """Every charge, oldest first."""

    def __init__(self) -> None:
        self._charges: dict[str, Charge] = {}

    def __iter__(self) -> Iterator[Charge]:
        return iter(self._charges.values())

    def __len__(self) -> int:
        return len(self._charges)

    def add(self, charge: Charge) -> None:
        self._charges[charge.dgs_reference] = charge

    def find(self, dgs_reference: str) -> Charge | None:
        return self._charges.get(dgs_reference)

    def clear(self) -> None:
        self._charges.clear()
