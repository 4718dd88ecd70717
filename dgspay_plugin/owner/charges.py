"""What becomes of a charge or a refund: told as soon as it is known."""

from datetime import datetime

from dgspay_plugin.owner import Sentence, tell
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import AmountMismatch, AmountUnknown
from dgspay_plugin.problems import Case
from dgspay_plugin.records.charge_id import ChargeId


def tell_of_overcharge(
    charge_id: ChargeId, reference: str, charged: Money, together: Money, total: Money
) -> None:
    """Tell that the customer has paid more than there is to pay.

    Args:
        charged: what this charge has taken.
        together: what all charges for the same goods have taken.
        total: what the goods cost now.
    """
    tell(
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
    tell(
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
    tell(
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
    tell(
        Case.SECOND_ATTEMPT,
        charge_id.title,
        "%s was sent to DGS-Pay at %s, its outcome was never known, and Pay is pressed "
        "again. Look in the merchant portal for a charge at that time: if it was paid "
        "too, refund it there.",
        charge_id.title,
        f"{sent_at:%Y-%m-%d %H:%M %Z}",
    )


def tell_of_undecided_charge(charge_id: ChargeId, reference: str | None) -> None:
    tell(
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
