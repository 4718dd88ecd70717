"""Compare Saleor's captures with DGS-Pay's successful charges."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    Paid,
    ProviderTransaction,
    judge,
)
from dgspay_plugin.problems import Case
from dgspay_plugin.provider.messages import TransactionRow, UnreadableRow
from dgspay_plugin.reconciliation.settling import (
    OUTCOMES_FOR_A_PERSON,
    Settling,
    problem_of,
)
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charges import charge_id_of, charge_of
from dgspay_plugin.records.history import SpoiledRecord
from dgspay_plugin.records.ledger import (
    ROWS_AT_A_TIME,
    Capture,
    captures_with,
    record_with,
)
from dgspay_plugin.records.refunds import refunded_of

TIME_FOR_THE_LIST = 3600.0


class Comparison(Settling):
    """Saleor's captures beside DGS-Pay's successful charges."""

    def compare_captures(self, since: datetime) -> Iterator[int]:
        """Compare captures here with successful ones there; yields rows as it goes."""
        seen: set[str] = set()
        page: list[TransactionRow] = []
        client = self.account.configuration.client(TIME_FOR_THE_LIST)
        # DGS-Pay names the second of a charge and no fraction of it.
        since_second = since.replace(microsecond=0)
        for row in client.transactions(status="success"):
            if row.created_at is not None and row.created_at < since_second:
                continue
            if isinstance(row, UnreadableRow):
                seen.add(row.reference or "")
                self.report.tell(
                    Case.UNREADABLE_THERE,
                    row.reference or row,
                    f"DGS-Pay's list of successful charges, {row}: {row.why}. Look it "
                    "up in the merchant portal.",
                )
                continue
            seen.add(row.transaction.reference)
            page.append(row)
            if len(page) == ROWS_AT_A_TIME:
                self._compare_page(page)
                yield len(page)
                page = []
        self._compare_page(page)
        yield len(page)
        self._find_missing_there(since, seen)

    def _compare_page(self, page: list[TransactionRow]) -> None:
        captures = captures_with(
            self.account.ledger.gateway, [row.transaction.reference for row in page]
        )
        for row in page:
            there = row.transaction
            capture = captures.get(there.reference)
            if capture is None:
                self._paid_there_not_here(row)
            elif not _is_the_same(capture, there):
                self.report.tell(
                    Case.OTHER_AMOUNT_THERE,
                    capture.charge_id.title,
                    f"{capture.charge_id.title}, DGS-Pay reference {there.reference}: "
                    f"captured {capture.money} here, "
                    f"{_money(there.amount, there.currency)} there.",
                )

    def _paid_there_not_here(self, row: TransactionRow) -> None:
        there = row.transaction
        record = record_with(self.account.ledger.gateway, there.reference)
        if record is not None:
            try:
                charge = charge_of(record)
            except SpoiledRecord as problem:
                self.report_spoiled(charge_id_of(record), problem)
            else:
                self.settle_one(charge, there)
            return
        if row.created_at and not attempts.is_overdue(row.created_at):
            # The store may be about to write it down, or its webhook on the way.
            self.report.left_for_later = True
            return
        self.report.tell(
            Case.UNKNOWN_HERE,
            there.reference,
            f"DGS-Pay reference {there.reference} "
            f"({_money(there.amount, there.currency)}, "
            f"{row.created_at or 'time unknown'}): paid there, and no payment here "
            f"knows it.",
        )

    def _find_missing_there(self, since: datetime, seen: set[str]) -> None:
        """Captures that DGS-Pay's list of successful charges does not have."""
        for capture in self.account.ledger.captures_since(since):
            # What DGS-Pay calls a charge that was refunded in its portal is not
            # documented.
            if capture.reference in seen or refunded_of(capture.charge_id):
                continue
            response = self.ask(capture.reference)
            if isinstance(response, ProviderTransaction):
                verdict = judge(response, capture.money)
                if isinstance(verdict, Paid):
                    continue
                problem = (
                    problem_of(verdict)
                    if isinstance(verdict, OUTCOMES_FOR_A_PERSON)
                    else f"DGS-Pay calls it {response.status}."
                )
            else:
                problem = f"{response}."
            self.report.tell(
                Case.NOT_CAPTURED_THERE,
                capture.charge_id.title,
                f"{capture.charge_id.title}, DGS-Pay reference {capture.reference}: "
                f"captured here, not there: {problem}",
            )


def _is_the_same(capture: Capture, there: ProviderTransaction) -> bool:
    """Whether DGS-Pay names what was captured, or what is left of it after refunds."""
    captured = capture.money
    if (captured.amount, captured.currency) == (there.amount, there.currency):
        return True
    left = captured.amount - refunded_of(capture.charge_id)
    return (left, captured.currency) == (there.amount, there.currency)


def _money(amount: Decimal | None, currency: str | None) -> str:
    if amount is None or currency is None:
        return "an amount that is not named"
    return str(Money(amount, currency))
