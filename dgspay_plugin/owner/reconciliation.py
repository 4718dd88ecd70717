"""What a reconciliation finds, and reports instead of logging it."""

from datetime import datetime

from dgspay_plugin.owner import Sentence
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
from dgspay_plugin.problems import Case
from dgspay_plugin.provider.errors import ProviderError
from dgspay_plugin.provider.messages import UnreadableRow
from dgspay_plugin.records.charge_id import ChargeId


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
