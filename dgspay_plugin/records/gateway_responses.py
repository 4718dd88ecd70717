"""An answer as Saleor's Payments API takes it: a GatewayResponse."""

from saleor.payment import TransactionKind
from saleor.payment.interface import GatewayResponse, PaymentData

from dgspay_plugin.records.order_page import payment_method_info
from dgspay_plugin.records.replies import Reply, Result

KIND_OF = {
    Result.PAID: TransactionKind.CAPTURE,
    Result.ACTION_REQUIRED: TransactionKind.ACTION_TO_CONFIRM,
    # Saleor makes the order with a payment that is pending.
    Result.PENDING: TransactionKind.PENDING,
    Result.FAILED: TransactionKind.CAPTURE,
}


def gateway_response(
    reply: Reply, payment: PaymentData, kind: str | None = None
) -> GatewayResponse:
    """Make the one response that Saleor understands of an answer.

    Args:
        kind: what failed, if not the payment: saleor.payment.TransactionKind.
    """
    confirmation = reply.confirmation
    return GatewayResponse(
        is_success=reply.result is not Result.FAILED,
        action_required=reply.result is Result.ACTION_REQUIRED,
        kind=kind or KIND_OF[reply.result],
        amount=reply.charged.amount if reply.charged else payment.amount,
        currency=reply.charged.currency if reply.charged else payment.currency,
        transaction_id=reply.reference or "",
        error=str(reply.message) if reply.message else None,
        raw_response=dict(reply.record),
        action_required_data=dict(confirmation) if confirmation else None,
        # Saleor finds a stored transaction by these values and makes no second one.
        transaction_already_processed=reply.is_stored_already,
        psp_reference=reply.reference,
        payment_method_info=(
            payment_method_info(reply.record.get("wallet"))
            if reply.result in (Result.PAID, Result.PENDING)
            else None
        ),
    )
