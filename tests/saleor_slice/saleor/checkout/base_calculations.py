"""Prices before any plugin or app of taxes (``saleor.checkout.base_calculations``)."""

from typing import TYPE_CHECKING

from prices import Money

from ..core.prices import quantize_price
from ..core.taxes import zero_money
from ..discount import VoucherType
from ..discount.utils.voucher import is_order_level_voucher

if TYPE_CHECKING:
    from ..channel.models import Channel
    from .fetch import CheckoutInfo, CheckoutLineInfo


def base_checkout_subtotal(
    checkout_lines: "list[CheckoutLineInfo]", channel: "Channel", currency: str
) -> Money:
    """Return the cost of the lines, before a voucher for the entire order."""
    return sum(
        (info.undiscounted_unit_price * info.line.quantity for info in checkout_lines),
        start=zero_money(currency),
    )


def base_checkout_undiscounted_delivery_price(
    checkout_info: "CheckoutInfo", lines: "list[CheckoutLineInfo] | None" = None
) -> Money:
    from .delivery_context import is_shipping_required

    currency = checkout_info.checkout.currency
    method = checkout_info.get_delivery_method_info().delivery_method
    if not method or not is_shipping_required(lines or checkout_info.lines):
        return zero_money(currency)
    return quantize_price(method.price, currency)


def base_checkout_delivery_price(
    checkout_info: "CheckoutInfo", lines: "list[CheckoutLineInfo] | None" = None
) -> Money:
    price = base_checkout_undiscounted_delivery_price(checkout_info, lines)
    voucher = checkout_info.voucher
    if voucher and voucher.type == VoucherType.SHIPPING:
        price -= checkout_info.checkout.discount
    return max(price, zero_money(price.currency))


def checkout_total(
    checkout_info: "CheckoutInfo", lines: "list[CheckoutLineInfo]"
) -> Money:
    checkout = checkout_info.checkout
    subtotal = base_checkout_subtotal(lines, checkout_info.channel, checkout.currency)
    if is_order_level_voucher(checkout_info.voucher):
        subtotal = max(subtotal - checkout.discount, zero_money(checkout.currency))
    return subtotal + base_checkout_delivery_price(checkout_info, lines)
