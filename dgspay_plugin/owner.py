"""What the store's owner is told: what happened, and what to do.

It is an error in the log, and a problem in the dashboard where Saleor has them.

Each sentence names the record, DGS-Pay's reference and the amounts, and no card data.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from dgspay_plugin.dashboard_problems import report
from dgspay_plugin.metrics import PROBLEMS, count
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import AmountMismatch, AmountUnknown
from dgspay_plugin.problems import Case, Problem
from dgspay_plugin.records.charge_id import ChargeId

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sentence:
    """What the owner is told of one problem."""

    case: Case
    subject: str
    text: str
    """In the form of logging, so that Sentry groups it whatever its values are."""
    values: tuple[object, ...]

    @property
    def problem(self) -> Problem:
        return Problem(self.case, self.subject, self.text % self.values)

    def tell(self) -> None:
        """Tell it in the log, and in the dashboard where Saleor has problems there."""
        self.log()
        self.show()

    def log(self) -> None:
        logger.error(self.text, *self.values)
        count(PROBLEMS, case=self.case)

    def show(self) -> None:
        report(self.problem)


def tell_of_overcharge(
    charge_id: ChargeId, reference: str, charged: Money, together: Money, total: Money
) -> None:
    """Tell that the customer has paid more than there is to pay.

    Args:
        charged: what this charge has taken.
        together: what all charges for the same goods have taken.
        total: what the goods cost now.
    """
    _tell(
        Case.OVERCHARGED,
        charge_id.title,
        "%s (DGS-Pay reference %s) has charged %s, and the customer has now paid %s of "
        "a total of %s. Refund %s in the DGS-Pay merchant portal.",
        charge_id.title,
        reference,
        charged,
        together,
        total,
        together.above(total),
    )


def paid_without_order(
    charge_id: ChargeId,
    reference: str | None,
    charged: Money,
    checkout_id: object,
    reason: str,
) -> Sentence:
    """A checkout that is paid and cannot become an order.

    Saleor rolls back what is written when it is found out, so that the log tells it
    then, and the dashboard later.
    """
    return Sentence(
        Case.PAID_WITHOUT_ORDER,
        charge_id.title,
        "%s (DGS-Pay reference %s) is charged with %s, but its checkout %s cannot "
        "become an order: %s Mend the checkout and complete it, or refund the charge "
        "in the DGS-Pay merchant portal.",
        (charge_id.title, reference, charged, checkout_id, reason),
    )


def tell_of_paid_without_order(
    charge_id: ChargeId,
    reference: str | None,
    charged: Money,
    checkout_id: object,
    reason: str,
) -> None:
    """Tell it where nothing is rolled back."""
    paid_without_order(charge_id, reference, charged, checkout_id, reason).tell()


def tell_of_deleted_checkout(
    charge_id: ChargeId, reference: str, charged: Money
) -> None:
    _tell(
        Case.CHECKOUT_DELETED,
        charge_id.title,
        "%s (DGS-Pay reference %s) is charged with %s, and Saleor has deleted its "
        "checkout. Make an order for it, or refund it in the DGS-Pay merchant portal.",
        charge_id.title,
        reference,
        charged,
    )


def tell_of_mismatch(
    charge_id: ChargeId, mismatch: AmountMismatch, price: Money
) -> None:
    _tell(
        Case.MISMATCH,
        charge_id.title,
        "DGS-Pay charged %s as %s for %s, which is for %s. It is not paid: settle the "
        "difference with the customer, or refund the charge in the merchant portal.",
        mismatch.charged,
        mismatch.reference,
        charge_id.title,
        price,
    )


def tell_of_unknown_amount(charge_id: ChargeId, verdict: AmountUnknown) -> None:
    _tell(
        Case.UNKNOWN_AMOUNT,
        charge_id.title,
        "DGS-Pay calls %s of %s successful and names no amount: look it up in the "
        "merchant portal.",
        verdict.reference,
        charge_id.title,
    )


def tell_of_second_capture(charge_id: ChargeId, reference: str, charged: Money) -> None:
    _tell(
        Case.SECOND_CAPTURE,
        charge_id.title,
        "%s was paid twice, the second time as %s (%s). Refund it in the DGS-Pay "
        "merchant portal.",
        charge_id.title,
        reference,
        charged,
    )


def tell_of_spoiled_record(charge_id: ChargeId, problem: Exception) -> None:
    _tell(
        Case.SPOILED,
        charge_id.title,
        "What is stored of %s cannot be read: %s. It was changed by somebody else. "
        "Look the payment up in the DGS-Pay merchant portal.",
        charge_id.title,
        problem,
    )


def tell_of_second_attempt(charge_id: ChargeId, sent_at: datetime) -> None:
    _tell(
        Case.SECOND_ATTEMPT,
        charge_id.title,
        "%s was sent to DGS-Pay at %s, its outcome was never known, and Pay is pressed "
        "again. Look in the merchant portal for a charge at that time: if it was paid "
        "too, refund it there.",
        charge_id.title,
        f"{sent_at:%Y-%m-%d %H:%M %Z}",
    )


def tell_of_undecided_charge(charge_id: ChargeId, reference: str | None) -> None:
    _tell(
        Case.UNDECIDED,
        charge_id.title,
        "%s (DGS-Pay reference %s) was never decided, and the same goods are charged "
        "anew. Look it up in the merchant portal: if it was paid too, refund it there.",
        charge_id.title,
        reference or "unknown",
    )


def refund_to_send(
    charge_id: ChargeId,
    dgs_reference: str,
    reference: str,
    money: Money,
    order_number: str | None,
) -> Sentence:
    """A refund that is noted, and that nobody has confirmed.

    Args:
        reference: what this plugin calls the refund.
        order_number: None where there is no order.
    """
    return Sentence(
        Case.REFUND_TO_SEND,
        reference,
        "Refund %s of %s is noted for %s (%s), and nobody has confirmed that the money "
        "was sent. Send it in the DGS-Pay merchant portal (reference %s), then confirm "
        "it: manage.py dgspay_refunds confirm %s",
        (
            reference,
            money,
            charge_id.title,
            f"order {order_number}" if order_number else "no order",
            dgs_reference,
            reference,
        ),
    )


def tell_of_refused_credentials(account_number: str, reason: str) -> None:
    _tell(
        Case.CREDENTIALS_REFUSED,
        account_number,
        "DGS-Pay refuses the credentials of account %s: %s Let dgspay_check say what "
        "to mend.",
        account_number,
        reason,
    )


def tell_of_refused_webhooks(channel_slug: str, number: int) -> None:
    _tell(
        Case.WEBHOOK_REFUSED,
        channel_slug,
        "Channel %s has refused %s webhooks whose signature is not valid. Compare the "
        "Webhook secret with the DGS-Pay merchant portal's.",
        channel_slug,
        number,
    )


def tell_of_late_reconciliation() -> None:
    _tell(
        Case.RECONCILIATION_LATE,
        "all channels",
        "The reconciliation has not come to its end for more than an hour. Let "
        "dgspay_check say what to mend.",
    )


def _tell(case: Case, subject: str, text: str, *values: object) -> None:
    Sentence(case, subject, text, values).tell()
