"""What the store's owner is told: what happened, and what to do.

It is an error in the log, and a problem in the dashboard where Saleor has them.

Each sentence names the record, DGS-Pay's reference and the amounts, and no card data.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dgspay_plugin.dashboard_problems import report
from dgspay_plugin.metrics import PROBLEMS, count
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    ActionRequired,
    AmountMismatch,
    AmountUnknown,
    Declined,
    Pending,
    ProviderTransaction,
    UnknownAction,
    Verdict,
)
from dgspay_plugin.problems import Case, Problem
from dgspay_plugin.provider.errors import ProviderError, is_about_credentials
from dgspay_plugin.provider.messages import UnreadableRow
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
        # Some of Saleor's reasons end without a full stop.
        (charge_id.title, reference, charged, checkout_id, f"{reason.rstrip('.')}."),
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


def amount_mismatch(
    charge_id: ChargeId, verdict: AmountMismatch, price: Money
) -> Sentence:
    return Sentence(
        Case.MISMATCH,
        charge_id.title,
        "DGS-Pay charged %s as %s for %s, which is for %s. It is not paid: settle the "
        "difference with the customer, or refund the charge in the merchant portal.",
        (verdict.charged, verdict.reference, charge_id.title, price),
    )


def unknown_amount(charge_id: ChargeId, verdict: AmountUnknown) -> Sentence:
    return Sentence(
        Case.UNKNOWN_AMOUNT,
        charge_id.title,
        "DGS-Pay calls %s of %s successful and names no amount: look it up in the "
        "merchant portal.",
        (verdict.reference, charge_id.title),
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


def spoiled_record(charge_id: ChargeId, problem: Exception) -> Sentence:
    return Sentence(
        Case.SPOILED,
        charge_id.title,
        "What is stored of %s cannot be read: %s. It was changed by somebody else. "
        "Look the payment up in the DGS-Pay merchant portal.",
        (charge_id.title, problem),
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


# What a reconciliation finds, and reports instead of logging it.


def channel_left_out(channel_slug: str, wrong_fields: Iterable[str]) -> Sentence:
    return Sentence(
        Case.CONFIGURATION,
        channel_slug,
        "Channel %s was left out: its configuration is not valid (%s). dgspay_check "
        "says what to mend.",
        (channel_slug, ", ".join(sorted(wrong_fields))),
    )


def list_unreadable(account_number: str, error: ProviderError) -> Sentence:
    return Sentence(
        Case.CREDENTIALS_REFUSED
        if is_about_credentials(error)
        else Case.LIST_UNREADABLE,
        account_number,
        "Account %s: its list of transactions could not be read. %s",
        (account_number, error),
    )


def unreadable_there(row: UnreadableRow) -> Sentence:
    return Sentence(
        Case.UNREADABLE_THERE,
        str(row),
        "DGS-Pay's list of successful charges, %s: %s. Look it up in the merchant "
        "portal.",
        (row, row.why),
    )


def other_amount_there(
    charge_id: ChargeId, captured: Money, there: ProviderTransaction
) -> Sentence:
    return Sentence(
        Case.OTHER_AMOUNT_THERE,
        charge_id.title,
        "%s, DGS-Pay reference %s: captured %s here, %s there.",
        (charge_id.title, there.reference, captured, _amount_of(there)),
    )


def unknown_here(there: ProviderTransaction, created_at: datetime | None) -> Sentence:
    return Sentence(
        Case.UNKNOWN_HERE,
        there.reference,
        "DGS-Pay reference %s (%s, %s): paid there, and no payment here knows it.",
        (there.reference, _amount_of(there), created_at or "time unknown"),
    )


def unknown_there(charge_id: ChargeId, price: Money, reference: str | None) -> Sentence:
    return Sentence(
        Case.UNKNOWN_THERE,
        charge_id.title,
        "%s (%s): DGS-Pay does not know its reference %s. Check that the account is "
        "the one it was charged with.",
        (charge_id.title, price, reference),
    )


def not_captured_there(
    charge_id: ChargeId, reference: str, found: Verdict | ProviderError
) -> Sentence:
    """What is captured in Saleor, and not paid at DGS-Pay.

    Args:
        found: what DGS-Pay says of it now.
    """
    return Sentence(
        Case.NOT_CAPTURED_THERE,
        charge_id.title,
        "%s, DGS-Pay reference %s: captured here, not there: %s",
        (charge_id.title, reference, _standing(found)),
    )


def _standing(found: Verdict | ProviderError) -> str:
    match found:
        case AmountMismatch():
            return f"{found.charged} was charged, which is not what it is for."
        case AmountUnknown():
            return "DGS-Pay calls it successful and names no amount."
        case UnknownAction():
            return f"DGS-Pay asks for {found.next_action_type}."
        case ActionRequired():
            return f"DGS-Pay asks for {found.action}."
        case Declined():
            return "DGS-Pay calls it failed."
        case Pending():
            return "DGS-Pay calls it pending."
        case _:
            return f"{found}."


def not_written(charge_id: ChargeId, response: ProviderTransaction) -> Sentence:
    return Sentence(
        Case.NOT_WRITTEN,
        charge_id.title,
        "%s, DGS-Pay reference %s: DGS-Pay calls it %s, and Saleor failed to write "
        "that down. The log has the reason.",
        (charge_id.title, response.reference, response.status),
    )


def unknown_action(charge_id: ChargeId, verdict: UnknownAction) -> Sentence:
    return Sentence(
        Case.UNKNOWN_ACTION,
        charge_id.title,
        "%s, DGS-Pay reference %s: DGS-Pay asks for %s.",
        (charge_id.title, verdict.reference, verdict.next_action_type),
    )


def answer_lost(charge_id: ChargeId, price: Money, sent_at: datetime) -> Sentence:
    return Sentence(
        Case.ANSWER_LOST,
        charge_id.title,
        "%s (%s): the answer to its charge at %s was lost, and no webhook has come. "
        "Look in the merchant portal for a charge of this amount at that time.",
        (charge_id.title, price, f"{sent_at:%Y-%m-%d %H:%M %Z}"),
    )


def captured_without_order(
    charge_id: ChargeId, reference: str, captured: Money, checkout_id: object
) -> Sentence:
    """A Payment whose checkout could not be completed; the log has the reason."""
    return Sentence(
        Case.PAID_WITHOUT_ORDER,
        charge_id.title,
        "%s, DGS-Pay reference %s: %s captured, and checkout %s is not an order.",
        (charge_id.title, reference, captured, checkout_id),
    )


def charged_without_order(
    charge_id: ChargeId, reference: str, charged: Money, checkout_id: object
) -> Sentence:
    """A TransactionItem whose checkout nobody has completed."""
    return Sentence(
        Case.PAID_WITHOUT_ORDER,
        charge_id.title,
        "%s, DGS-Pay reference %s: %s charged, and checkout %s is not an order. "
        "Complete it, and let the channel complete paid checkouts automatically.",
        (charge_id.title, reference, charged, checkout_id),
    )


def paid_in_part(
    charge_id: ChargeId, reference: str, charged: Money, checkout_id: object
) -> Sentence:
    return Sentence(
        Case.PAID_IN_PART,
        charge_id.title,
        "%s, DGS-Pay reference %s: %s charged, and checkout %s is paid in part. Saleor "
        "makes an order of it once the rest is paid. Refund the part in the merchant "
        "portal if the customer does not come back.",
        (charge_id.title, reference, charged, checkout_id),
    )


def overcharged(title: str, charged: Money, total: Money) -> Sentence:
    """More was paid than a checkout or an order costs.

    Args:
        title: like "Order 12".
    """
    return Sentence(
        Case.OVERCHARGED,
        title,
        "%s: %s was paid of a total of %s. Refund %s in the merchant portal.",
        (title, charged, total, charged.above(total)),
    )


def order_paid_in_part(title: str, charged: Money, total: Money) -> Sentence:
    """Less was paid than an order costs that Saleor made of a paid checkout.

    Args:
        title: like "Order 12".
    """
    return Sentence(
        Case.ORDER_PAID_IN_PART,
        title,
        "%s: only %s was paid of a total of %s. Its cart grew while Saleor made the "
        "order, or staff changed it. Ask the customer for %s before you deliver.",
        (title, charged, total, total.above(charged)),
    )


def _amount_of(there: ProviderTransaction) -> str:
    if there.amount is None or there.currency is None:
        return "an amount that is not named"
    return str(Money(there.amount, there.currency))


def _tell(case: Case, subject: str, text: str, *values: object) -> None:
    Sentence(case, subject, text, values).tell()
