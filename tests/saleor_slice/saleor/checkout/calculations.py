"""What a checkout costs (``saleor.checkout.calculations``).

Prices here carry no tax, shipping, discount or gift card, so net is gross and
three of Saleor's totals are one sum.
"""

from typing import TYPE_CHECKING

from prices import Money, TaxedMoney
from promise import Promise

from ..core.prices import quantize_price
from .models import Checkout
from .payment_utils import update_checkout_payment_statuses

if TYPE_CHECKING:
    from ..account.models import User
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


def fetch_checkout_data(
    checkout_info: "CheckoutInfo",
    manager: "PluginsManager",
    lines: "list[CheckoutLineInfo]",
    requestor: "User | None",
) -> "Promise[tuple[CheckoutInfo, list[CheckoutLineInfo]]]":
    """Note on the checkout what it costs now, and how far that is paid.

    Saleor does so only once the prices that it noted have expired.
    """
    checkout = checkout_info.checkout
    total = calculate_checkout_total_with_gift_cards(manager, checkout_info, lines)
    if checkout.total != total:
        checkout.total_net_amount = total.net.amount
        checkout.total_gross_amount = total.gross.amount
        Checkout.objects.filter(pk=checkout.pk).update(
            total_net_amount=checkout.total_net_amount,
            total_gross_amount=checkout.total_gross_amount,
        )
    update_checkout_payment_statuses(checkout, total.gross, bool(lines))
    return Promise.resolve((checkout_info, lines))
