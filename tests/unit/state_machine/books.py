"""Both sides' books, and what the owner was told of their differences."""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from saleor.payment import TransactionEventType, TransactionKind
from saleor.payment.models import Transaction, TransactionEvent

from dgspay_plugin.payment.money import Money

from .provider import Charge, DgsPay
from .store import Cart, Store
from .workers import Workers


class OwnersLog(logging.Handler):
    """What the store's owner reads at level ERROR."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self.exceptions: list[str] = []
        """What no code of ours has named."""
        self.is_open = True

    def emit(self, record: logging.LogRecord) -> None:
        if not self.is_open:
            return
        line = record.getMessage()
        if record.exc_info:
            self.exceptions.append(f"{line} {record.exc_info[1]!r}")
        self.lines.append(line)

    def names(self, charge: Charge, *words: str) -> bool:
        return any(_names(line, charge, *words) for line in self.lines)


def _names(line: str, charge: Charge, *words: str) -> bool:
    is_about = re.search(rf"\b({charge.title}|{charge.reference})\b", line)
    return bool(is_about) and all(word in line for word in words)


@dataclass
class Books:
    store: Store
    provider: DgsPay
    workers: Workers
    log: OwnersLog
    carts: dict[str, Cart] = field(default_factory=dict)
    """By email address."""
    costs: dict[str, Decimal] = field(default_factory=dict)
    """By email address: what the goods cost at the last request that moved money."""
    reported: list[str] = field(default_factory=list)
    """What the latest reconciliation has left to a person."""
    worker_died: bool = False
    """Then a line that it owed the owner is only in the reconciliation's report."""
    wrong: list[str] = field(default_factory=list)
    """What must never be."""
    _nonces: set[str] = field(default_factory=set)

    def clear(self) -> None:
        self.carts.clear()
        self.costs.clear()
        self.reported.clear()
        self.wrong.clear()
        self._nonces.clear()
        self.log.lines.clear()
        self.log.exceptions.clear()
        self.worker_died = False

    # --- when a request arrives that can move money -------------------------------

    def see_post(self, charge: Charge, nonce: str | None) -> None:
        cart = self.carts[charge.email]
        self.log.is_open = False
        with self.workers.undisturbed():
            goods = self.store.goods(cart)
        self.log.is_open = True
        if nonce in self._nonces:
            self.wrong.append(f"{charge.reference} is sent twice for one press")
        if nonce:
            self._nonces.add(nonce)
        if goods.total is None:
            self.wrong.append(f"{charge.reference} is sent, and {goods.obstacle}")
            return
        self.costs[cart.email] = goods.total
        together = charge.amount + sum(self._may_be_taken_besides(charge))
        if together > goods.total:
            self.wrong.append(
                f"{charge.reference} is sent: {together} may be taken of {goods.total}"
            )

    def _may_be_taken_besides(self, charge: Charge) -> Iterator[Decimal]:
        for other in self.provider.of_cart(charge.email):
            if other is charge or self.log.names(other):
                continue
            if other.may_be_paid_without_the_store:
                yield other.amount
            else:
                yield other.kept

    # --- after every step ---------------------------------------------------------

    def look(self) -> None:
        """Raise AssertionError for whatever must never be."""
        assert not self.wrong, self.wrong
        assert not self.log.exceptions, self.log.exceptions
        for cart in self.carts.values():
            charges = [c for c in self.provider.of_cart(cart.email) if c.is_paid]
            charged = sum(charge.kept for charge in charges)
            if charged > self.costs.get(cart.email, charged):
                assert any(map(self.log.names, charges)), (
                    f"{charged} was charged of {self.costs[cart.email]}, and nobody "
                    "was told"
                )

    @staticmethod
    def is_captured(charge: Charge) -> bool:
        return charge.reference in _captures()

    # --- when all is settled ------------------------------------------------------

    def close(self) -> None:
        """Raise AssertionError for a difference that nobody was told of."""
        self.look()
        captures = _captures()
        for reference, (amount, times) in captures.items():
            charge = self._charge(reference)
            assert charge.is_paid, f"{reference} is captured here and not paid there"
            assert charge.amount == amount, f"{reference} is captured with {amount}"
            assert times == 1, f"{reference} is captured {times} times"
        for charge in self.provider.charges:
            if charge.is_paid and charge.reference not in captures:
                assert self._is_reported(charge), f"{charge.reference} is not captured"
        for cart in self.carts.values():
            self._close(cart)
        told = Counter(line for line in self.log.lines if "has now paid" in line)
        assert not told or max(told.values()) == 1, told

    def _close(self, cart: Cart) -> None:
        paid = [c for c in self.provider.of_cart(cart.email) if c.is_paid]
        charged = sum((charge.kept for charge in paid), Decimal(0))
        if not charged:
            return
        order = self.store.order(cart)
        if order is None:
            assert self._is_anyone_told(paid), f"{charged} is paid without an order"
            return
        total = order.total_gross_amount
        if charged > total:
            self._see_that_overcharge_was_told(paid, charged, total)

    def _see_that_overcharge_was_told(
        self, paid: list[Charge], charged: Decimal, total: Decimal
    ) -> None:
        words = (str(Money(charged, "RWF")), str(Money(total, "RWF")))
        lines = [
            line
            for line in self.log.lines
            if any(_names(line, charge, "has now paid", *words) for charge in paid)
        ]
        in_report = any(all(word in line for word in words) for line in self.reported)
        assert len(lines) <= 1, lines
        assert lines or in_report or self._is_anyone_told(paid), (
            f"{charged} was charged of {total}, and nobody was told"
        )

    def _is_anyone_told(self, charges: list[Charge]) -> bool:
        return any(map(self.log.names, charges)) or any(map(self._is_reported, charges))

    def _is_reported(self, charge: Charge) -> bool:
        return any(_names(line, charge) for line in self.reported)

    def _charge(self, reference: str) -> Charge:
        return next(c for c in self.provider.charges if c.reference == reference)


def _captures() -> dict[str, tuple[Decimal, int]]:
    """What Saleor counts as received, and how often, by ``dgs_reference``."""
    transactions = Transaction.objects.filter(
        kind=TransactionKind.CAPTURE, is_success=True
    )
    events = TransactionEvent.objects.filter(
        type=TransactionEventType.CHARGE_SUCCESS, include_in_calculations=True
    )
    found = [
        *transactions.values_list("token", "amount"),
        *events.values_list("psp_reference", "amount_value"),
    ]
    times = Counter(reference for reference, _ in found)
    return {reference: (amount, times[reference]) for reference, amount in found}
