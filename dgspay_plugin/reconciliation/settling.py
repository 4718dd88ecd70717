"""Ask DGS-Pay about a charge, and settle it by the answer."""

import logging

from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    AmountUnknown,
    ProviderTransaction,
    UnknownAction,
    judge,
)
from dgspay_plugin.problems import Case
from dgspay_plugin.provider.errors import NotFound, ProviderError
from dgspay_plugin.reconciliation.part import Part
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import Charge
from dgspay_plugin.records.history import SpoiledRecord
from dgspay_plugin.records.settle import settle

logger = logging.getLogger(__name__)

OUTCOMES_FOR_A_PERSON = (AmountMismatch, AmountUnknown, UnknownAction)
CASE_OF: dict[type, Case] = {
    AmountMismatch: Case.MISMATCH,
    AmountUnknown: Case.UNKNOWN_AMOUNT,
    UnknownAction: Case.UNKNOWN_ACTION,
}


class Settling(Part):
    """Asks about a charge, and settles it by the answer."""

    def ask(self, reference: str | None) -> ProviderTransaction | ProviderError | None:
        """What DGS-Pay says of a charge; None if its reference is not known here."""
        if reference is None:
            return None
        try:
            return self.account.configuration.client().transaction(reference)
        except ProviderError as error:
            return error

    def settle_one(
        self, charge: Charge, response: ProviderTransaction | ProviderError | None
    ) -> None:
        """Write down what DGS-Pay says, or report why that cannot be done."""
        if isinstance(response, NotFound):
            self.report.tell(
                Case.UNKNOWN_THERE,
                charge.charge_id.title,
                f"{charge.charge_id.title} ({charge.price}): DGS-Pay does not know its "
                f"reference {charge.reference}. Check that the account is the one it "
                "was charged with.",
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
            # One charge that cannot be settled must not keep all others waiting.
            logger.exception("%s could not be settled.", charge.charge_id.title)
            self.report.tell(
                Case.NOT_WRITTEN,
                charge.charge_id.title,
                f"{charge.charge_id.title}, DGS-Pay reference {response.reference}: "
                f"DGS-Pay calls it {response.status}, and Saleor failed to write that "
                "down. The log has the reason.",
            )
            return
        self.report.outcomes[verdict.code] += 1
        if isinstance(verdict, OUTCOMES_FOR_A_PERSON):
            self.report.tell(
                CASE_OF[type(verdict)],
                charge.charge_id.title,
                f"{charge.charge_id.title}, DGS-Pay reference {response.reference}: "
                f"{problem_of(verdict)}",
            )

    def report_spoiled(self, charge_id: ChargeId, problem: SpoiledRecord) -> None:
        """Report a charge whose record somebody else has changed."""
        self.report.tell(
            Case.SPOILED,
            charge_id.title,
            f"{charge_id.title}: what is stored of it cannot be read ({problem}). "
            "Somebody has changed it. Look the payment up in the merchant portal.",
        )

    def _without_reference(self, charge: Charge) -> None:
        """A charge whose answer was lost: only a webhook or a person can name it."""
        since = (
            charge.history.waiting_since or charge.unfinished_since or charge.created_at
        )
        if not attempts.is_overdue(since):
            self.report.left_for_later = True
            return
        self.report.tell(
            Case.ANSWER_LOST,
            charge.charge_id.title,
            f"{charge.charge_id.title} ({charge.price}): the answer to its charge at "
            f"{since:%Y-%m-%d %H:%M %Z} was lost, and no webhook has come. Look in the "
            "merchant portal for a charge of this amount at that time.",
        )


def problem_of(verdict: AmountMismatch | AmountUnknown | UnknownAction) -> str:
    match verdict:
        case AmountMismatch():
            return f"{verdict.charged} was charged, which is not what it is for."
        case AmountUnknown():
            return "DGS-Pay calls it successful and names no amount."
        case UnknownAction():
            return f"DGS-Pay asks for {verdict.next_action_type}."
