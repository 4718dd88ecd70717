"""Vouchers (``saleor.discount.models``); promotions are not here."""

from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP
from functools import partial
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.utils import timezone
from prices import Money, fixed_discount, percentage_discount

from ..channel.models import Channel
from ..core.models import ModelWithMetadata
from . import DiscountValueType, VoucherType


class NotApplicable(ValueError):
    """The voucher cannot be used for this cart or by this customer."""

    def __init__(self, msg: str, min_spent: Money | None = None):
        super().__init__(msg)
        self.min_spent = min_spent


class VoucherQueryset(models.QuerySet["Voucher"]):
    def active(
        self, date: datetime, validate_usage_limit: bool = True
    ) -> "VoucherQueryset":
        used = (
            VoucherCode.objects.filter(voucher_id=OuterRef("pk"))
            .order_by()
            .values("voucher_id")
            .annotate(total_used=Sum("used"))
            .values("total_used")
        )
        active = (Q(end_date__isnull=True) | Q(end_date__gte=date)) & Q(
            start_date__lte=date
        )
        if validate_usage_limit:
            active &= Q(usage_limit__isnull=True) | Q(usage_limit__gt=Subquery(used))
        return self.filter(active)

    def active_in_channel(
        self, date: datetime, channel_slug: str, validate_usage_limit: bool = True
    ) -> "VoucherQueryset":
        listings = VoucherChannelListing.objects.filter(
            voucher_id=OuterRef("pk"),
            channel__slug=channel_slug,
            channel__is_active=True,
        )
        return self.active(date, validate_usage_limit).filter(Exists(listings))


VoucherManager = models.Manager.from_queryset(VoucherQueryset)


class Voucher(ModelWithMetadata):
    type = models.CharField(
        max_length=20, choices=VoucherType.CHOICES, default=VoucherType.ENTIRE_ORDER
    )
    name = models.CharField(max_length=255, null=True, blank=True)
    usage_limit = models.PositiveIntegerField(null=True, blank=True)
    start_date = models.DateTimeField(default=timezone.now)
    end_date = models.DateTimeField(null=True, blank=True)
    apply_once_per_customer = models.BooleanField(default=False)
    single_use = models.BooleanField(default=False)
    discount_value_type = models.CharField(
        max_length=10,
        choices=DiscountValueType.CHOICES,
        default=DiscountValueType.FIXED,
    )

    objects = VoucherManager()

    class Meta:
        ordering = ("name", "pk")

    @property
    def promo_codes(self) -> list[str]:
        return list(self.codes.values_list("code", flat=True))

    def get_discount(self, channel: Channel) -> Callable[[Money], Money]:
        listing = self.channel_listings.filter(channel=channel).first()
        if not listing:
            raise NotApplicable("This voucher is not assigned to this channel")
        if self.discount_value_type == DiscountValueType.FIXED:
            discount = Money(listing.discount_value, listing.currency)
            return partial(fixed_discount, discount=discount)
        return partial(
            percentage_discount,
            percentage=listing.discount_value,
            rounding=ROUND_HALF_UP,
        )

    def get_discount_amount_for(self, price: Money, channel: Channel) -> Money:
        after_discount = self.get_discount(channel)(price)
        return price if after_discount.amount < 0 else price - after_discount

    def validate_min_spent(self, value: Money, channel: Channel) -> None:
        listing = self.channel_listings.filter(channel=channel).first()
        if not listing:
            raise NotApplicable("This voucher is not assigned to this channel")
        if listing.min_spent_amount and value.amount < listing.min_spent_amount:
            min_spent = Money(listing.min_spent_amount, listing.currency)
            raise NotApplicable(
                "This offer is only valid for orders over "
                f"{min_spent.amount} {min_spent.currency}.",
                min_spent=min_spent,
            )

    def validate_once_per_customer(self, customer_email: str) -> None:
        if VoucherCustomer.objects.filter(
            voucher_code__voucher=self, customer_email=customer_email
        ).exists():
            raise NotApplicable("This offer is valid only once per customer.")


class VoucherCode(models.Model):
    id = models.UUIDField(primary_key=True, editable=False, unique=True, default=uuid4)
    code = models.CharField(max_length=255, unique=True, db_index=True)
    used = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    voucher = models.ForeignKey(Voucher, related_name="codes", on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "code")


class VoucherChannelListing(models.Model):
    voucher = models.ForeignKey(
        Voucher, related_name="channel_listings", on_delete=models.CASCADE
    )
    channel = models.ForeignKey(
        Channel, related_name="voucher_listings", on_delete=models.CASCADE
    )
    discount_value = models.DecimalField(max_digits=20, decimal_places=3)
    currency = models.CharField(max_length=3)
    min_spent_amount = models.DecimalField(
        max_digits=20, decimal_places=3, blank=True, null=True
    )

    class Meta:
        unique_together = (("voucher", "channel"),)
        ordering = ("pk",)


class VoucherCustomer(models.Model):
    voucher_code = models.ForeignKey(
        VoucherCode, related_name="customers", on_delete=models.CASCADE
    )
    customer_email = models.EmailField()

    class Meta:
        ordering = ("voucher_code", "customer_email", "pk")
        unique_together = (("voucher_code", "customer_email"),)
