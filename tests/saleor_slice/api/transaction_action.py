"""What staff ask of a transaction that has been made."""

import uuid
from decimal import Decimal
from typing import Any

import graphene
from django.core.exceptions import ValidationError
from saleor.core.prices import quantize_price
from saleor.payment import PaymentError, TransactionAction, TransactionEventType
from saleor.payment.error_codes import TransactionRequestActionErrorCode
from saleor.payment.gateway import (
    request_cancelation_action,
    request_charge_action,
    request_refund_action,
)
from saleor.payment.models import TransactionItem
from saleor.permission.enums import PaymentPermissions
from saleor.plugins.manager import get_plugins_manager

from . import errors, payment_types
from .enums import TransactionActionEnum
from .mutation import BaseMutation, errors_of
from .scalars import PositiveDecimal
from .transaction_item import get_transaction_item


class TransactionRequestAction(BaseMutation):
    error_type = errors.TransactionRequestActionError
    permission = PaymentPermissions.HANDLE_PAYMENTS
    errors = errors_of(errors.TransactionRequestActionError)
    transaction = graphene.Field(payment_types.TransactionItem)

    class Arguments:
        id = graphene.ID()
        token = graphene.UUID()
        action_type = TransactionActionEnum(required=True)
        amount = PositiveDecimal()
        refund_reason = graphene.String()

    @classmethod
    def perform(
        cls,
        info: Any,
        action_type: str,
        id: str | None = None,
        token: uuid.UUID | None = None,
        amount: Decimal | None = None,
        refund_reason: str | None = None,
    ) -> "TransactionRequestAction":
        if refund_reason and action_type != TransactionAction.REFUND:
            raise ValidationError(
                {
                    "refund_reason": ValidationError(
                        "Reason can be set only for REFUND action.",
                        code=TransactionRequestActionErrorCode.INVALID.value,
                    )
                }
            )
        item = get_transaction_item(id, token)
        try:
            _request_action(info, item, action_type, amount, refund_reason)
        except PaymentError as error:
            code = TransactionRequestActionErrorCode
            raise ValidationError(
                str(error), code=code.MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK.value
            ) from error
        return cls(transaction=item)


def _request_action(
    info: Any,
    item: TransactionItem,
    action_type: str,
    amount: Decimal | None,
    refund_reason: str | None,
) -> None:
    possible, event_type = {
        TransactionAction.CHARGE: (
            item.authorized_value,
            TransactionEventType.CHARGE_REQUEST,
        ),
        TransactionAction.REFUND: (
            item.charged_value,
            TransactionEventType.REFUND_REQUEST,
        ),
        TransactionAction.CANCEL: (
            item.authorized_value,
            TransactionEventType.CANCEL_REQUEST,
        ),
    }[action_type]
    amount = min(quantize_price(amount or possible, item.currency), possible)
    common = {
        "transaction": item,
        "manager": get_plugins_manager(allow_replica=False),
        "request_event": item.events.create(
            amount_value=amount,
            currency=item.currency,
            type=event_type,
            user=info.context.user,
            idempotency_key=str(uuid.uuid4()),
            message=refund_reason,
        ),
        "channel_slug": (item.order or item.checkout).channel.slug,
        "user": info.context.user,
        "app": None,
    }
    match action_type:
        case TransactionAction.CHARGE:
            request_charge_action(charge_value=amount, **common)
        case TransactionAction.REFUND:
            request_refund_action(refund_value=amount, **common)
        case TransactionAction.CANCEL:
            request_cancelation_action(
                cancel_value=amount, action=action_type, **common
            )
