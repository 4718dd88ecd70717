from decimal import Decimal
from uuid import UUID

from ..account.models import User
from . import OrderEvents
from .models import OrderEvent


def event_transaction_charge_requested(
    order_id: UUID, reference: str, amount: Decimal, user: User | None, app: None
) -> OrderEvent:
    return OrderEvent.objects.create(
        order_id=order_id,
        type=OrderEvents.TRANSACTION_CHARGE_REQUESTED,
        user=user,
        parameters={"amount": amount, "reference": reference},
    )


def event_transaction_refund_requested(
    order_id: UUID, reference: str, amount: Decimal, user: User | None, app: None
) -> OrderEvent:
    return OrderEvent.objects.create(
        order_id=order_id,
        type=OrderEvents.TRANSACTION_REFUND_REQUESTED,
        user=user,
        parameters={"amount": amount, "reference": reference},
    )


def event_transaction_cancel_requested(
    order_id: UUID, reference: str, user: User | None, app: None
) -> OrderEvent:
    return OrderEvent.objects.create(
        order_id=order_id,
        type=OrderEvents.TRANSACTION_CANCEL_REQUESTED,
        user=user,
        parameters={"reference": reference},
    )
