"""How much of an order is paid (``saleor.order.utils``)."""

from decimal import Decimal

from ..core.prices import quantize_price
from . import OrderAuthorizeStatus, OrderChargeStatus, OrderStatus
from .models import Order


def refresh_order_status(order: Order) -> bool:
    """Confirm the order, of which nothing is ever fulfilled; tell if that is new."""
    previous_status, order.status = order.status, OrderStatus.UNFULFILLED
    return previous_status != order.status


def update_order_charge_data(order: Order, with_save: bool = True) -> None:
    """Sum up what the order's payments captured and its transactions charged."""
    order.total_charged_amount = sum(
        (payment.captured_amount for payment in order.payments.all()), Decimal(0)
    ) + sum(
        (item.charged_value for item in order.payment_transactions.all()), Decimal(0)
    )
    order.charge_status = _charge_status(order)
    if with_save:
        order.save(
            update_fields=["total_charged_amount", "charge_status", "updated_at"]
        )


def update_order_authorize_data(order: Order, with_save: bool = True) -> None:
    """Sum up what the order's transactions have authorized; no payment does here."""
    order.total_authorized_amount = sum(
        (item.authorized_value for item in order.payment_transactions.all()), Decimal(0)
    )
    order.authorize_status = _authorize_status(order)
    if with_save:
        order.save(
            update_fields=["total_authorized_amount", "authorize_status", "updated_at"]
        )


def updates_amounts_for_order(order: Order, save: bool = True) -> None:
    update_order_charge_data(order, with_save=save)
    update_order_authorize_data(order, with_save=save)


def _charge_status(order: Order) -> str:
    charged = quantize_price(order.total_charged_amount, order.currency)
    total = quantize_price(order.total_gross_amount, order.currency)
    if charged == total:
        return OrderChargeStatus.FULL
    if charged <= 0:
        return OrderChargeStatus.NONE
    return (
        OrderChargeStatus.PARTIAL if charged < total else OrderChargeStatus.OVERCHARGED
    )


def _authorize_status(order: Order) -> str:
    covered = quantize_price(
        order.total_authorized_amount + order.total_charged_amount, order.currency
    )
    total = quantize_price(order.total_gross_amount, order.currency)
    if covered >= total:
        return OrderAuthorizeStatus.FULL
    return OrderAuthorizeStatus.PARTIAL if covered else OrderAuthorizeStatus.NONE
