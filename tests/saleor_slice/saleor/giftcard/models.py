"""Money that was paid before (``saleor.giftcard.models``)."""

from datetime import date

from django.db import models
from django.db.models import Q

from ..core.models import ModelWithMetadata


class GiftCardQueryset(models.QuerySet["GiftCard"]):
    def active(self, date: date) -> "GiftCardQueryset":
        return self.filter(
            Q(expiry_date__isnull=True) | Q(expiry_date__gte=date), is_active=True
        )


GiftCardManager = models.Manager.from_queryset(GiftCardQueryset)


class GiftCard(ModelWithMetadata):
    code = models.CharField(max_length=16, unique=True, db_index=True)
    is_active = models.BooleanField(default=True)
    used_by_email = models.EmailField(null=True, blank=True)
    expiry_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    last_used_on = models.DateTimeField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    initial_balance_amount = models.DecimalField(max_digits=20, decimal_places=3)
    current_balance_amount = models.DecimalField(max_digits=20, decimal_places=3)

    objects = GiftCardManager()

    class Meta:
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(current_balance_amount__gte=0),
                name="giftcard_current_balance_non_negative",
            )
        ]
