"""How much of an order is paid (``saleor.order.utils``)."""

from decimal import Decimal

from ..core.prices import quantize_price
from . import OrderChargeStatus
from .models import Order


def update_order_charge_data(order: Order, with_save: bool = True) -> None:
    """Sum up what the order's payments captured."""
    order.total_charged_amount = sum(
        (payment.captured_amount for payment in order.payments.all()), Decimal(0)
    )
    order.charge_status = _charge_status(order)
    if with_save:
        order.save(
            update_fields=["total_charged_amount", "charge_status", "updated_at"]
        )


def updates_amounts_for_order(order: Order, save: bool = True) -> None:
    update_order_charge_data(order, with_save=save)


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
