"""Ask DGS-Pay about a charge, and settle it by the answer."""

import logging

from dgspay_plugin.owner.charges import amount_mismatch, spoiled_record, unknown_amount
from dgspay_plugin.owner.reconciliation import (
    answer_lost,
    not_written,
    unknown_action,
    unknown_there,
)
from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    AmountUnknown,
    ProviderTransaction,
    UnknownAction,
    judge,
)
from dgspay_plugin.provider.errors import NotFound, ProviderError
from dgspay_plugin.reconciliation.part import Part
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import Charge
from dgspay_plugin.records.history import SpoiledRecord
from dgspay_plugin.records.settle import settle

logger = logging.getLogger(__name__)


class Settling(Part):
    """Asks about a charge, and settles it by the answer."""

    def ask(self, reference: str) -> ProviderTransaction | ProviderError:
        """What DGS-Pay says of a charge."""
        try:
            return self.account.configuration.client().transaction(reference)
        except ProviderError as error:
            return error

    def settle_one(
        self, charge: Charge, response: ProviderTransaction | ProviderError | None
    ) -> None:
        """Write down what DGS-Pay says, or report why that cannot be done."""
        if isinstance(response, NotFound):
            self.report.add(
                unknown_there(charge.charge_id, charge.price, charge.reference)
            )
            return
        if isinstance(response, ProviderError):
            self.report.unanswered += 1
            return
        if response is None:
            self._without_reference(charge)
            return
        if (response.reference, response.status) in self.report.judged:
            return
        self.report.judged.add((response.reference, response.status))
        try:
            verdict = (
                judge(response, charge.price)
                if self.dry_run
                else settle(charge.charge_id, response)
            )
        except Exception:
            # One charge that cannot be settled must not keep the others waiting.
            logger.exception("%s could not be settled.", charge.charge_id.title)
            self.report.add(not_written(charge.charge_id, response))
            return
        self.report.outcomes[verdict.code] += 1
        match verdict:
            case AmountMismatch():
                self.report.add(
                    amount_mismatch(charge.charge_id, verdict, charge.price)
                )
            case AmountUnknown():
                self.report.add(unknown_amount(charge.charge_id, verdict))
            case UnknownAction():
                self.report.add(unknown_action(charge.charge_id, verdict))

    def report_spoiled(self, charge_id: ChargeId, problem: SpoiledRecord) -> None:
        """Report a charge whose record somebody else has changed."""
        self.report.add(spoiled_record(charge_id, problem))

    def _without_reference(self, charge: Charge) -> None:
        """A charge whose answer was lost: only a webhook or a person can name it."""
        since = (
            charge.history.waiting_since or charge.unfinished_since or charge.created_at
        )
        if not attempts.is_overdue(since):
            self.report.left_for_later = True
            return
        self.report.add(answer_lost(charge.charge_id, charge.price, since))
