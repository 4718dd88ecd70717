"""What staff set for the whole store (``saleor.site.models``)."""

from django.contrib.sites.models import Site
from django.db import models

from ..core.models import ModelWithMetadata


class SiteSettings(ModelWithMetadata):
    site = models.OneToOneField(Site, related_name="settings", on_delete=models.CASCADE)
    use_legacy_shipping_zone_stock_availability = models.BooleanField(
        default=False, db_default=True
    )
