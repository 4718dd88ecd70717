"""What the store has on its first day: an owner, two channels and three products."""

from django.contrib.sites.models import Site
from django.db import transaction
from django.utils import timezone
from saleor.account.models import User
from saleor.channel.models import Channel
from saleor.product.models import (
    Product,
    ProductChannelListing,
    ProductType,
    ProductVariant,
    ProductVariantChannelListing,
)
from saleor.shipping.models import (
    ShippingMethod,
    ShippingMethodChannelListing,
    ShippingZone,
)
from saleor.site.models import SiteSettings
from saleor.warehouse.models import Stock, Warehouse

from tests.hosts.host import STAFF_EMAIL, STAFF_PASSWORD

from .catalogue import (
    PRICES,
    SHIPPED_PRICES,
    SHIPPING_PRICES,
    channel_slug,
    free_sku,
    shipped_sku,
    sku,
)


@transaction.atomic
def seed() -> None:
    """Fill an empty store; leave one that has been filled as it is."""
    if User.objects.exists():
        return
    owner = User(email=STAFF_EMAIL, is_staff=True)
    owner.set_password(STAFF_PASSWORD)
    owner.save()
    SiteSettings.objects.create(site=Site.objects.get_current())
    Warehouse.objects.create(name="Kigali", slug="kigali")
    digital = ProductType.objects.create(
        name="Digital", slug="digital", is_shipping_required=False
    )
    goods = ProductType.objects.create(name="Goods", slug="goods")
    course = _product("Coffee course", digital)
    coffee = _product("Coffee 1 kg", goods)
    leaflet = _product("Leaflet", digital)
    for currency, price in PRICES.items():
        channel = Channel.objects.create(
            name=f"Shop in {currency}",
            slug=channel_slug(currency),
            currency_code=currency,
            default_country="RW",
            is_active=True,
        )
        _sell(course, channel, sku(currency), price)
        _sell(coffee, channel, shipped_sku(currency), SHIPPED_PRICES[currency])
        _sell(leaflet, channel, free_sku(currency), "0")
        _deliver(channel, SHIPPING_PRICES[currency])


def _product(name: str, product_type: ProductType) -> Product:
    return Product.objects.create(
        name=name, slug=name.lower().replace(" ", "-"), product_type=product_type
    )


def _sell(product: Product, channel: Channel, sku: str, price: str) -> None:
    currency = channel.currency_code
    ProductChannelListing.objects.create(
        product=product,
        channel=channel,
        currency=currency,
        is_published=True,
        available_for_purchase_at=timezone.now(),
    )
    variant = ProductVariant.objects.create(
        product=product, name=f"Paid in {currency}", sku=sku
    )
    ProductVariantChannelListing.objects.create(
        variant=variant, channel=channel, currency=currency, price_amount=price
    )
    Stock.objects.create(
        warehouse=Warehouse.objects.get(), product_variant=variant, quantity=1_000_000
    )


def _deliver(channel: Channel, price: str) -> None:
    currency = channel.currency_code
    zone = ShippingZone.objects.create(
        name=f"Shipping for {currency}", countries="RW,US"
    )
    zone.channels.add(channel)
    ShippingMethodChannelListing.objects.create(
        shipping_method=ShippingMethod.objects.create(
            name="Courier", shipping_zone=zone
        ),
        channel=channel,
        currency=currency,
        price_amount=price,
    )
