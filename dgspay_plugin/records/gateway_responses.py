"""An answer as Saleor's Payments API takes it: a GatewayResponse."""

from saleor.payment import TransactionKind
from saleor.payment.interface import GatewayResponse, PaymentData

from dgspay_plugin.records.replies import Answer, Result

KIND_OF = {
    Result.PAID: TransactionKind.CAPTURE,
    Result.ACTION_REQUIRED: TransactionKind.ACTION_TO_CONFIRM,
    # Saleor makes the order with a payment that is pending.
    Result.PENDING: TransactionKind.PENDING,
    Result.FAILED: TransactionKind.CAPTURE,
}


def gateway_response(
    answer: Answer, payment: PaymentData, kind: str | None = None
) -> GatewayResponse:
    """Make the one response that Saleor understands of an answer.

    Args:
        kind: what failed, if not the payment: saleor.payment.TransactionKind.
    """
    confirmation = answer.confirmation
    return GatewayResponse(
        is_success=answer.result is not Result.FAILED,
        action_required=answer.result is Result.ACTION_REQUIRED,
        kind=kind or KIND_OF[answer.result],
        amount=answer.charged.amount if answer.charged else payment.amount,
        currency=answer.charged.currency if answer.charged else payment.currency,
        transaction_id=answer.reference or "",
        error=str(answer.message) if answer.message else None,
        raw_response=dict(answer.record),
        action_required_data=dict(confirmation) if confirmation else None,
        # Saleor finds a stored transaction by these values and makes no second one.
        transaction_already_processed=answer.is_stored_already,
        psp_reference=answer.reference,
    )
