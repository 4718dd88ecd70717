"""Settle the charges that wait for an outcome."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from dgspay_plugin.payment.outcome import ProviderTransaction
from dgspay_plugin.provider.errors import ProviderError
from dgspay_plugin.reconciliation.settling import Settling
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import Charge
from dgspay_plugin.records.ledger import ROWS_AT_A_TIME, still_waiting

# How many payments DGS-Pay is asked about at a time. It documents no limit.
CALLS_SIDE_BY_SIDE = 8


class WaitingCharges(Settling):
    """The charges that wait for an outcome."""

    def settle_waiting(self, charge_ids: Sequence[ChargeId]) -> Iterator[int]:
        """Ask about each charge and settle it; yields how many are done, as it goes.

        Each is settled in a database transaction of its own. So it is safe to stop at
        any time, and to run beside the shop, webhooks and another reconciliation.
        """
        with ThreadPoolExecutor(CALLS_SIDE_BY_SIDE) as executor:
            for start in range(0, len(charge_ids), ROWS_AT_A_TIME):
                batch = charge_ids[start : start + ROWS_AT_A_TIME]
                waiting, spoiled = still_waiting(batch)
                for charge_id, problem in spoiled:
                    self.report_spoiled(charge_id, problem)
                responses = executor.map(self._ask_about, waiting)
                for charge, response in zip(waiting, responses, strict=True):
                    self.settle_one(charge, response)
                yield len(batch)

    def _ask_about(self, charge: Charge) -> ProviderTransaction | ProviderError | None:
        """What DGS-Pay says of it; None if nobody here knows its reference."""
        return None if charge.reference is None else self.ask(charge.reference)
