from datetime import UTC, datetime

from django.db import models

from ..channel.models import Channel
from ..core.models import ModelWithMetadata


class ProductType(ModelWithMetadata):
    name = models.CharField(max_length=250)
    slug = models.SlugField(max_length=255, unique=True, allow_unicode=True)
    is_shipping_required = models.BooleanField(default=True)

    class Meta:
        ordering = ("slug",)


class Product(ModelWithMetadata):
    product_type = models.ForeignKey(
        ProductType, related_name="products", on_delete=models.CASCADE
    )
    name = models.CharField(max_length=250)
    slug = models.SlugField(max_length=255, unique=True, allow_unicode=True)

    def __str__(self) -> str:
        return self.name


class ProductChannelListing(models.Model):
    """Whether a channel shows a product and sells it."""

    published_at = models.DateTimeField(blank=True, null=True)
    is_published = models.BooleanField(default=False)
    product = models.ForeignKey(
        Product, related_name="channel_listings", on_delete=models.CASCADE
    )
    channel = models.ForeignKey(
        Channel, related_name="product_listings", on_delete=models.CASCADE
    )
    available_for_purchase_at = models.DateTimeField(blank=True, null=True)
    currency = models.CharField(max_length=3)

    class Meta:
        unique_together = [["product", "channel"]]
        ordering = ("pk",)

    @property
    def is_visible(self) -> bool:
        return self.is_published and _is_past(self.published_at, if_unknown=True)

    def is_available_for_purchase(self) -> bool:
        return _is_past(self.available_for_purchase_at, if_unknown=False)


def _is_past(time: datetime | None, if_unknown: bool) -> bool:
    return if_unknown if time is None else time <= datetime.now(tz=UTC)


class ProductVariant(ModelWithMetadata):
    sku = models.CharField(max_length=255, unique=True, null=True, blank=True)
    name = models.CharField(max_length=255, blank=True)
    product = models.ForeignKey(
        Product, related_name="variants", on_delete=models.CASCADE
    )

    def __str__(self) -> str:
        return self.name or self.sku or f"ID:{self.pk}"

    def is_shipping_required(self) -> bool:
        return self.product.product_type.is_shipping_required


class ProductVariantChannelListing(models.Model):
    variant = models.ForeignKey(
        ProductVariant, related_name="channel_listings", on_delete=models.CASCADE
    )
    channel = models.ForeignKey(
        Channel, related_name="variant_listings", on_delete=models.CASCADE
    )
    currency = models.CharField(max_length=3)
    price_amount = models.DecimalField(
        max_digits=20, decimal_places=3, blank=True, null=True
    )

    class Meta:
        unique_together = [["variant", "channel"]]
