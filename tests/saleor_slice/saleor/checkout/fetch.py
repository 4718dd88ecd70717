from dataclasses import dataclass
from typing import TYPE_CHECKING

from prices import Money

from ..product.models import (
    Product,
    ProductType,
    ProductVariant,
    ProductVariantChannelListing,
)
from ..shipping.interface import ShippingMethodData
from .delivery_context import DeliveryMethodBase, ShippingMethodInfo
from .models import Checkout, CheckoutLine

if TYPE_CHECKING:
    from ..account.models import Address, User
    from ..channel.models import Channel
    from ..discount.models import Voucher, VoucherCode
    from ..plugins.manager import PluginsManager


@dataclass
class CheckoutLineInfo:
    line: CheckoutLine
    variant: ProductVariant
    product: Product
    product_type: ProductType
    channel_listing: ProductVariantChannelListing | None

    @property
    def undiscounted_unit_price(self) -> Money:
        """Today's price, or the one last noted where the channel has none any more."""
        listing = self.channel_listing
        if listing and listing.price_amount is not None:
            return Money(listing.price_amount, listing.currency)
        return Money(self.line.undiscounted_unit_price_amount, self.line.currency)


@dataclass
class CheckoutInfo:
    manager: "PluginsManager"
    checkout: Checkout
    user: "User | None"
    channel: "Channel"
    billing_address: "Address | None"
    shipping_address: "Address | None"
    lines: list[CheckoutLineInfo]
    voucher: "Voucher | None" = None
    voucher_code: "VoucherCode | None" = None

    def get_delivery_method_info(self) -> DeliveryMethodBase:
        delivery = self.checkout.assigned_delivery
        if not delivery:
            return DeliveryMethodBase()
        method = ShippingMethodData(
            id=delivery.shipping_method_id,
            name=delivery.name,
            price=Money(delivery.price_amount, delivery.currency),
            active=delivery.active and delivery.is_valid,
        )
        return ShippingMethodInfo(method, self.shipping_address)

    def get_country(self) -> str:
        address = self.shipping_address or self.billing_address
        if address is None or not address.country:
            return self.checkout.country
        return address.country

    def get_customer_email(self) -> str | None:
        if self.checkout.email:
            return self.checkout.email
        return self.user.email if self.user else None


def fetch_checkout_lines(
    checkout: Checkout,
) -> tuple[list[CheckoutLineInfo], list[int]]:
    """Return all lines, and which of their variants the channel does not sell now."""
    lines = []
    unavailable_variant_pks = []
    for line in checkout.lines.select_related("variant__product__product_type"):
        product = line.variant.product
        listing = line.variant.channel_listings.filter(channel=checkout.channel).first()
        lines.append(
            CheckoutLineInfo(line, line.variant, product, product.product_type, listing)
        )
        if not _is_variant_valid(checkout, product, listing):
            unavailable_variant_pks.append(line.variant_id)
    return lines, unavailable_variant_pks


def _is_variant_valid(
    checkout: Checkout,
    product: Product,
    variant_channel_listing: ProductVariantChannelListing | None,
) -> bool:
    if not variant_channel_listing or variant_channel_listing.price_amount is None:
        return False
    listing = product.channel_listings.filter(channel=checkout.channel).first()
    return bool(listing and listing.is_available_for_purchase() and listing.is_visible)


def fetch_checkout_info(
    checkout: Checkout,
    lines: list[CheckoutLineInfo],
    manager: "PluginsManager",
    voucher: "Voucher | None" = None,
    voucher_code: "VoucherCode | None" = None,
) -> CheckoutInfo:
    from .utils import get_voucher_for_checkout

    if not voucher or not voucher_code:
        voucher, voucher_code = get_voucher_for_checkout(
            checkout, channel_slug=checkout.channel.slug
        )
    return CheckoutInfo(
        manager=manager,
        checkout=checkout,
        user=checkout.user,
        channel=checkout.channel,
        billing_address=checkout.billing_address,
        shipping_address=checkout.shipping_address,
        lines=lines,
        voucher=voucher,
        voucher_code=voucher_code,
    )
