"""What happens to an order (``saleor.order.actions``).

Here each action leaves an event on the order. In Saleor it also sends webhooks and
mails, which this stand-in has none of.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..account.models import User
from ..core.tracing import traced_atomic_transaction
from ..warehouse._stock import deallocate_stock
from . import OrderChargeStatus, OrderEvents, OrderStatus
from .models import Order, OrderEvent

if TYPE_CHECKING:
    from ..app.models import App
    from ..payment.models import Payment, TransactionItem
    from ..plugins.manager import PluginsManager
    from ..site.models import SiteSettings
    from .fetch import OrderInfo


def order_created(
    order_info: "OrderInfo",
    user: User | None,
    app: None,
    manager: "PluginsManager",
    automatic: bool = False,
) -> None:
    order = order_info.order
    placed = (
        OrderEvents.PLACED_AUTOMATICALLY_FROM_PAID_CHECKOUT
        if automatic
        else OrderEvents.PLACED
    )
    _record(order, placed, user)
    if order.charge_status in (OrderChargeStatus.FULL, OrderChargeStatus.OVERCHARGED):
        payment = order_info.payment
        order_charged(
            order_info, user, app, payment.total if payment else None, payment, manager
        )
    if order_info.channel.automatically_confirm_all_new_orders:
        _record(order, OrderEvents.CONFIRMED, user)


def cancel_order(
    order: Order,
    user: User | None,
    app: None,
    manager: "PluginsManager",
    site_settings: "SiteSettings",
) -> None:
    with traced_atomic_transaction():
        _record(order, OrderEvents.CANCELED, user)
        deallocate_stock((line.variant, line.quantity) for line in order.lines.all())
        order.status = OrderStatus.CANCELED
        order.save(update_fields=["status", "updated_at"])


def order_charged(
    order_info: "OrderInfo",
    user: User | None,
    app: None,
    amount: Decimal | None,
    payment: "Payment | None",
    manager: "PluginsManager",
) -> None:
    order = order_info.order
    if payment and amount is not None:
        _record_payment(order, OrderEvents.PAYMENT_CAPTURED, user, payment, amount)
    if order.charge_status in (OrderChargeStatus.FULL, OrderChargeStatus.OVERCHARGED):
        _record(order, OrderEvents.ORDER_FULLY_PAID, user)


def order_transaction_updated(
    order_info: "OrderInfo",
    transaction_item: "TransactionItem",
    manager: "PluginsManager",
    user: User | None,
    app: "App | None",
    previous_authorized_value: Decimal,
    previous_charged_value: Decimal,
    previous_refunded_value: Decimal,
) -> None:
    if transaction_item.charged_value > previous_charged_value:
        payment = order_info.payment
        order_charged(
            order_info, user, app, payment.total if payment else None, payment, manager
        )


def order_voided(
    order: Order,
    user: User | None,
    app: None,
    payment: "Payment",
    manager: "PluginsManager",
) -> None:
    _record_payment(order, OrderEvents.PAYMENT_VOIDED, user, payment, payment.total)


def order_refunded(
    order: Order,
    user: User | None,
    app: None,
    amount: Decimal,
    payment: "Payment",
    manager: "PluginsManager",
) -> None:
    _record_payment(order, OrderEvents.PAYMENT_REFUNDED, user, payment, amount)


def _record_payment(
    order: Order, kind: str, user: User | None, payment: "Payment", amount: Decimal
) -> None:
    _record(
        order,
        kind,
        user,
        amount=amount,
        payment_id=payment.token,
        payment_gateway=payment.gateway,
    )


def _record(order: Order, kind: str, user: User | None, **parameters: Any) -> None:
    OrderEvent.objects.create(order=order, type=kind, user=user, parameters=parameters)
