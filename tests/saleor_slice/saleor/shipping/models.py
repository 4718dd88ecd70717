"""Where the store delivers to, and for how much (``saleor.shipping.models``).

Every method here has a flat price. Saleor's may also depend on weight, postal code
and product.
"""

from django.db import models

from ..channel.models import Channel
from ..core.models import ModelWithMetadata


class ShippingZone(ModelWithMetadata):
    name = models.CharField(max_length=100)
    # ISO 3166 codes with commas between them, as django-countries stores them.
    countries = models.CharField(max_length=752, default="", blank=True)
    channels = models.ManyToManyField(Channel, related_name="shipping_zones")

    def __str__(self) -> str:
        return self.name


class ShippingMethod(ModelWithMetadata):
    name = models.CharField(max_length=100)
    shipping_zone = models.ForeignKey(
        ShippingZone, related_name="shipping_methods", on_delete=models.CASCADE
    )

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class ShippingMethodChannelListing(models.Model):
    shipping_method = models.ForeignKey(
        ShippingMethod, related_name="channel_listings", on_delete=models.CASCADE
    )
    channel = models.ForeignKey(
        Channel, related_name="shipping_method_listings", on_delete=models.CASCADE
    )
    currency = models.CharField(max_length=3)
    price_amount = models.DecimalField(max_digits=20, decimal_places=3, default=0)

    class Meta:
        unique_together = [["shipping_method", "channel"]]
        ordering = ("pk",)
