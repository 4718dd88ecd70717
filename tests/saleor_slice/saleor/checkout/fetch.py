from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..product.models import ProductVariant, ProductVariantChannelListing
from .models import Checkout, CheckoutLine

if TYPE_CHECKING:
    from ..account.models import Address, User
    from ..channel.models import Channel
    from ..plugins.manager import PluginsManager


@dataclass
class CheckoutLineInfo:
    line: CheckoutLine
    variant: ProductVariant
    channel_listing: ProductVariantChannelListing | None


@dataclass
class CheckoutInfo:
    manager: "PluginsManager"
    checkout: Checkout
    user: "User | None"
    channel: "Channel"
    billing_address: "Address | None"
    shipping_address: "Address | None"
    lines: list[CheckoutLineInfo]


def fetch_checkout_lines(
    checkout: Checkout,
) -> tuple[list[CheckoutLineInfo], list[int]]:
    """Return the lines with a price in the channel, and the variants without one."""
    lines = []
    unavailable_variant_pks = []
    for line in checkout.lines.select_related("variant__product"):
        listing = line.variant.channel_listings.filter(
            channel=checkout.channel, price_amount__isnull=False
        ).first()
        if listing:
            lines.append(CheckoutLineInfo(line, line.variant, listing))
        else:
            unavailable_variant_pks.append(line.variant_id)
    return lines, unavailable_variant_pks


def fetch_checkout_info(
    checkout: Checkout, lines: list[CheckoutLineInfo], manager: "PluginsManager"
) -> CheckoutInfo:
    return CheckoutInfo(
        manager=manager,
        checkout=checkout,
        user=checkout.user,
        channel=checkout.channel,
        billing_address=checkout.billing_address,
        shipping_address=checkout.shipping_address,
        lines=lines,
    )
