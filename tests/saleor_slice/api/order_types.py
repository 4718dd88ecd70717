"""An order and what happened to it."""

from collections.abc import Iterable
from typing import Any

import graphene
from django.db import models
from prices import Money as PricesMoney
from saleor.order import models as order_models
from saleor.payment import ChargeStatus
from saleor.permission.enums import OrderPermissions, PaymentPermissions

from . import payment_types
from .access import requires
from .connection import connection_of
from .enums import (
    OrderAuthorizeStatusEnum,
    OrderChargeStatusEnum,
    OrderEventsEnum,
    OrderStatusEnum,
    PaymentChargeStatusEnum,
)
from .types import Address, Channel, Money, Node, TaxedMoney, list_of


class OrderEvent(Node):
    date = graphene.DateTime()
    type = OrderEventsEnum()
    amount = graphene.Float()
    payment_gateway = graphene.String()

    def resolve_amount(root: order_models.OrderEvent, info: Any) -> float | None:
        amount = root.parameters.get("amount")
        return float(amount) if amount else None

    def resolve_payment_gateway(root: order_models.OrderEvent, info: Any) -> str | None:
        return root.parameters.get("payment_gateway")


class Order(Node):
    created = graphene.DateTime(required=True)
    number = graphene.String(required=True)
    status = OrderStatusEnum(required=True)
    user_email = graphene.String()
    channel = graphene.Field(Channel, required=True)
    billing_address = graphene.Field(Address)
    is_paid = graphene.Boolean(required=True)
    payment_status = PaymentChargeStatusEnum(required=True)
    payment_status_display = graphene.String(required=True)
    authorize_status = OrderAuthorizeStatusEnum(required=True)
    charge_status = OrderChargeStatusEnum(required=True)
    total = graphene.Field(TaxedMoney, required=True)
    total_authorized = graphene.Field(Money, required=True)
    total_captured = graphene.Field(Money, required=True)
    total_charged = graphene.Field(Money, required=True)
    total_balance = graphene.Field(Money, required=True)
    payments = list_of(lambda: payment_types.Payment)
    transactions = list_of(lambda: payment_types.TransactionItem)
    events = list_of(OrderEvent)
    redirect_url = graphene.String()
    checkout_id = graphene.ID()

    def resolve_created(root: order_models.Order, info: Any) -> Any:
        return root.created_at

    def resolve_total_balance(root: order_models.Order, info: Any) -> PricesMoney:
        return payment_types.balance_of(root, root.total.gross)

    def resolve_is_paid(root: order_models.Order, info: Any) -> bool:
        return root.is_fully_paid()

    def resolve_payment_status(root: order_models.Order, info: Any) -> str:
        if root.payment_transactions.exists():
            return _status_of_transactions(root)
        payment = root.get_last_payment()
        return payment.charge_status if payment else ChargeStatus.NOT_CHARGED

    def resolve_payment_status_display(root: order_models.Order, info: Any) -> str:
        return dict(ChargeStatus.CHOICES)[Order.resolve_payment_status(root, info)]

    def resolve_total_captured(root: order_models.Order, info: Any) -> PricesMoney:
        return root.total_charged

    def resolve_payments(root: order_models.Order, info: Any) -> Iterable[models.Model]:
        return root.payments.all()

    @requires(OrderPermissions.MANAGE_ORDERS, PaymentPermissions.HANDLE_PAYMENTS)
    def resolve_transactions(
        root: order_models.Order, info: Any
    ) -> Iterable[models.Model]:
        return root.payment_transactions.all()

    @requires(OrderPermissions.MANAGE_ORDERS)
    def resolve_events(root: order_models.Order, info: Any) -> Iterable[models.Model]:
        return root.events.all()

    def resolve_checkout_id(root: order_models.Order, info: Any) -> str:
        return graphene.Node.to_global_id("Checkout", root.checkout_token)


def _status_of_transactions(order: order_models.Order) -> str:
    if order.is_fully_paid():
        return ChargeStatus.FULLY_CHARGED
    if order.total_charged.amount > 0:
        return ChargeStatus.PARTIALLY_CHARGED
    return ChargeStatus.NOT_CHARGED


OrderCountableConnection = connection_of(Order)
