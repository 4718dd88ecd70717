"""What a checkout costs (``saleor.checkout.calculations``).

Prices here carry no tax, shipping, discount or gift card, so net is gross and
three of Saleor's totals are one sum.
"""

from typing import TYPE_CHECKING

from prices import Money, TaxedMoney

from ..core.prices import quantize_price

if TYPE_CHECKING:
    from ..plugins.manager import PluginsManager
    from .fetch import CheckoutInfo, CheckoutLineInfo


def checkout_line_unit_price(
    *,
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
    checkout_line_info: "CheckoutLineInfo",
) -> TaxedMoney:
    listing = checkout_line_info.channel_listing
    price = Money(listing.price_amount, listing.currency)
    return quantize_price(TaxedMoney(net=price, gross=price), listing.currency)


def calculate_checkout_total_with_gift_cards(
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
) -> TaxedMoney:
    zero = Money(0, checkout_info.checkout.currency)
    return sum(
        (
            checkout_line_unit_price(
                manager=manager,
                checkout_info=checkout_info,
                lines=lines,
                checkout_line_info=line_info,
            )
            * line_info.line.quantity
            for line_info in lines
        ),
        start=TaxedMoney(net=zero, gross=zero),
    )
