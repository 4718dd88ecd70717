"""Compare Saleor's captures with DGS-Pay's successful charges."""

from collections.abc import Iterator
from datetime import datetime

from dgspay_plugin.owner.reconciliation import (
    not_captured_there,
    other_amount_there,
    unknown_here,
    unreadable_there,
)
from dgspay_plugin.payment.outcome import Paid, ProviderTransaction, judge
from dgspay_plugin.provider.messages import TransactionRow, UnreadableRow
from dgspay_plugin.reconciliation.settling import Settling
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
                self.report.add(unreadable_there(row))
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
                self.report.add(
                    other_amount_there(capture.charge_id, capture.money, there)
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
        self.report.add(unknown_here(there, row.created_at))

    def _find_missing_there(self, since: datetime, seen: set[str]) -> None:
        """Captures that DGS-Pay's list of successful charges does not have."""
        for capture in self.account.ledger.captures_since(since):
            # What DGS-Pay calls a charge that was refunded in its portal is not
            # documented.
            if capture.reference in seen or refunded_of(capture.charge_id):
                continue
            response = self.ask(capture.reference)
            found = (
                judge(response, capture.money)
                if isinstance(response, ProviderTransaction)
                else response
            )
            if not isinstance(found, Paid):
                self.report.add(
                    not_captured_there(capture.charge_id, capture.reference, found)
                )


def _is_the_same(capture: Capture, there: ProviderTransaction) -> bool:
    """Whether DGS-Pay names what was captured, or what is left of it after refunds."""
    captured = capture.money
    if (captured.amount, captured.currency) == (there.amount, there.currency):
        return True
    left = captured.amount - refunded_of(capture.charge_id)
    return (left, captured.currency) == (there.amount, there.currency)
