"""What the store has on its first day: an owner, two channels and a product."""

from django.db import transaction
from saleor.account.models import User
from saleor.channel.models import Channel
from saleor.product.models import Product, ProductVariant, ProductVariantChannelListing
from saleor.warehouse.models import Stock, Warehouse

from tests.hosts.host import STAFF_EMAIL, STAFF_PASSWORD

from .catalogue import PRICES, channel_slug, sku


@transaction.atomic
def seed() -> None:
    """Fill an empty store; leave one that has been filled as it is."""
    if User.objects.exists():
        return
    owner = User(email=STAFF_EMAIL, is_staff=True)
    owner.set_password(STAFF_PASSWORD)
    owner.save()
    warehouse = Warehouse.objects.create(name="Kigali", slug="kigali")
    product = Product.objects.create(name="Coffee course", slug="coffee-course")
    for currency, price in PRICES.items():
        channel = Channel.objects.create(
            name=f"Shop in {currency}",
            slug=channel_slug(currency),
            currency_code=currency,
            default_country="RW",
            is_active=True,
        )
        variant = ProductVariant.objects.create(
            product=product, name=f"Seat paid in {currency}", sku=sku(currency)
        )
        ProductVariantChannelListing.objects.create(
            variant=variant, channel=channel, currency=currency, price_amount=price
        )
        Stock.objects.create(
            warehouse=warehouse, product_variant=variant, quantity=1_000_000
        )
