from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..channel.models import Channel
from ..payment.models import Payment
from .models import Order, OrderLine

if TYPE_CHECKING:
    from ..product.models import ProductVariant


@dataclass
class OrderLineInfo:
    line: OrderLine
    quantity: int
    variant: "ProductVariant | None" = None


@dataclass
class OrderInfo:
    order: Order
    customer_email: str
    channel: Channel
    payment: Payment | None
    lines_data: list[OrderLineInfo]


def fetch_order_info(order: Order) -> OrderInfo:
    return OrderInfo(
        order=order,
        customer_email=order.get_customer_email(),
        channel=order.channel,
        payment=order.get_last_payment(),
        lines_data=fetch_order_lines(order),
    )


def fetch_order_lines(order: Order) -> list[OrderLineInfo]:
    return [
        OrderLineInfo(line=line, quantity=line.quantity, variant=line.variant)
        for line in order.lines.select_related("variant")
    ]
