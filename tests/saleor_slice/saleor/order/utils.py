"""How much of an order is paid (``saleor.order.utils``)."""

from decimal import Decimal

from django.utils import timezone
from prices import Money

from ..checkout.fetch import CheckoutInfo
from ..checkout.models import Checkout
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


def add_gift_cards_to_order(
    checkout_info: CheckoutInfo,
    order: Order,
    total_price_left: Money,
    user: None,
    app: None,
) -> None:
    """Pay what is left with the checkout's gift cards, one after the other."""
    checkout = checkout_info.checkout
    used = []
    for gift_card in checkout.gift_cards.select_for_update():
        if total_price_left.amount <= 0:
            break
        part = min(gift_card.current_balance_amount, total_price_left.amount)
        gift_card.current_balance_amount -= part
        total_price_left -= Money(part, total_price_left.currency)
        gift_card.used_by_email = checkout_info.get_customer_email()
        gift_card.last_used_on = timezone.now()
        gift_card.save()
        used.append(gift_card)
    order.gift_cards.add(*used)
    # What else they were to pay for costs more now.
    Checkout.objects.filter(gift_cards__in=used).exclude(token=checkout.token).update(
        price_expiration=timezone.now()
    )
