from django.db import models

from ..core.models import ModelWithMetadata


class Channel(ModelWithMetadata):
    name = models.CharField(max_length=250)
    is_active = models.BooleanField(default=False)
    slug = models.SlugField(max_length=255, unique=True)
    currency_code = models.CharField(max_length=3)
    default_country = models.CharField(max_length=2)
    automatically_confirm_all_new_orders = models.BooleanField(default=True, null=True)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug
