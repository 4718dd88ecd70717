"""What is paid, by either API.

A checkout, its payments and its order name each other, so a lambda names the later.
"""

from collections.abc import Iterable
from typing import Any

import graphene
from django.db import models
from prices import Money as PricesMoney
from saleor.payment import models as payment_models
from saleor.permission.enums import OrderPermissions

from . import checkout_types, order_types
from .access import requires
from .connection import connection_of
from .enums import (
    OrderAction,
    OrderActions,
    PaymentChargeStatusEnum,
    TransactionActionEnum,
    TransactionEventTypeEnum,
    TransactionKindEnum,
)
from .scalars import JSONString
from .types import Money, Node, list_of


class Transaction(Node):
    created = graphene.DateTime(required=True)
    token = graphene.String(required=True)
    kind = TransactionKindEnum(required=True)
    is_success = graphene.Boolean(required=True)
    error = graphene.String()
    gateway_response = JSONString(required=True)
    amount = graphene.Field(Money)

    def resolve_created(root: payment_models.Transaction, info: Any) -> Any:
        return root.created_at

    def resolve_amount(root: payment_models.Transaction, info: Any) -> PricesMoney:
        return root.get_amount()


class Payment(Node):
    gateway = graphene.String(required=True)
    is_active = graphene.Boolean(required=True)
    created = graphene.DateTime(required=True)
    modified = graphene.DateTime(required=True)
    token = graphene.String(required=True)
    psp_reference = graphene.String()
    payment_method_type = graphene.String(required=True)
    charge_status = PaymentChargeStatusEnum(required=True)
    total = graphene.Field(Money)
    captured_amount = graphene.Field(Money)
    checkout = graphene.Field(lambda: checkout_types.Checkout)
    order = graphene.Field(lambda: order_types.Order)
    actions = list_of(OrderAction)
    transactions = list_of(Transaction, required=False)

    def resolve_created(root: payment_models.Payment, info: Any) -> Any:
        return root.created_at

    def resolve_modified(root: payment_models.Payment, info: Any) -> Any:
        return root.modified_at

    def resolve_total(root: payment_models.Payment, info: Any) -> PricesMoney:
        return root.get_total()

    def resolve_captured_amount(root: payment_models.Payment, info: Any) -> PricesMoney:
        return root.get_captured_amount()

    @requires(OrderPermissions.MANAGE_ORDERS)
    def resolve_actions(root: payment_models.Payment, info: Any) -> list[str]:
        possible = {
            OrderActions.CAPTURE: root.can_capture(),
            OrderActions.REFUND: root.can_refund(),
            OrderActions.VOID: root.can_void(),
        }
        return [action.value for action, can in possible.items() if can]

    @requires(OrderPermissions.MANAGE_ORDERS)
    def resolve_transactions(
        root: payment_models.Payment, info: Any
    ) -> Iterable[models.Model]:
        return root.transactions.all()


class TransactionEvent(Node):
    created_at = graphene.DateTime(required=True)
    type = TransactionEventTypeEnum()
    psp_reference = graphene.String(required=True)
    message = graphene.String(required=True)
    external_url = graphene.String(required=True)
    amount = graphene.Field(Money, required=True)
    idempotency_key = graphene.String()

    def resolve_psp_reference(root: payment_models.TransactionEvent, info: Any) -> str:
        return root.psp_reference or ""

    def resolve_message(root: payment_models.TransactionEvent, info: Any) -> str:
        return root.message or ""

    def resolve_external_url(root: payment_models.TransactionEvent, info: Any) -> str:
        return root.external_url or ""


def _amount(attribute: str) -> graphene.Field:
    """Make the field of an amount, which has another name in the database."""
    return graphene.Field(
        Money, required=True, resolver=lambda root, info: getattr(root, attribute)
    )


class TransactionItem(Node):
    token = graphene.UUID(required=True)
    created_at = graphene.DateTime(required=True)
    modified_at = graphene.DateTime(required=True)
    name = graphene.String(required=True)
    message = graphene.String(required=True)
    psp_reference = graphene.String(required=True)
    external_url = graphene.String(required=True)
    actions = list_of(TransactionActionEnum)
    authorized_amount = _amount("amount_authorized")
    authorize_pending_amount = _amount("amount_authorize_pending")
    charged_amount = _amount("amount_charged")
    charge_pending_amount = _amount("amount_charge_pending")
    refunded_amount = _amount("amount_refunded")
    refund_pending_amount = _amount("amount_refund_pending")
    canceled_amount = _amount("amount_canceled")
    cancel_pending_amount = _amount("amount_cancel_pending")
    checkout = graphene.Field(lambda: checkout_types.Checkout)
    order = graphene.Field(lambda: order_types.Order)
    events = list_of(TransactionEvent)

    def resolve_id(root: payment_models.TransactionItem, info: Any) -> str:
        return graphene.Node.to_global_id("TransactionItem", root.token)

    def resolve_name(root: payment_models.TransactionItem, info: Any) -> str:
        return root.name or ""

    def resolve_message(root: payment_models.TransactionItem, info: Any) -> str:
        return root.message or ""

    def resolve_psp_reference(root: payment_models.TransactionItem, info: Any) -> str:
        return root.psp_reference or ""

    def resolve_external_url(root: payment_models.TransactionItem, info: Any) -> str:
        return root.external_url or ""

    def resolve_actions(root: payment_models.TransactionItem, info: Any) -> list[str]:
        return root.available_actions

    def resolve_events(
        root: payment_models.TransactionItem, info: Any
    ) -> Iterable[models.Model]:
        return root.events.order_by("-created_at")


def balance_of(paid_for: Any, total: PricesMoney) -> PricesMoney:
    """Return what is charged or may still be, less the total: negative while due."""
    items = paid_for.payment_transactions.all()
    charged = sum(item.charged_value + item.charge_pending_value for item in items)
    return PricesMoney(charged - total.amount, total.currency)


PaymentCountableConnection = connection_of(Payment)
