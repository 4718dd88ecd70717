"""A shopping cart on its way to an order (``saleor.checkout.models``)."""

from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Optional
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from prices import Money, TaxedMoney

from ..channel.models import Channel
from ..core.models import ModelWithMetadata
from ..core.taxes import zero_money
from ..giftcard.models import GiftCard
from . import CheckoutAuthorizeStatus, CheckoutChargeStatus

if TYPE_CHECKING:
    from ..payment.models import Payment


def get_default_country() -> str:
    return settings.DEFAULT_COUNTRY


class CheckoutDelivery(models.Model):
    """A delivery method that was found for a checkout."""

    id = models.UUIDField(primary_key=True, editable=False, unique=True, default=uuid4)
    checkout = models.ForeignKey(
        "checkout.Checkout", related_name="deliveries", on_delete=models.CASCADE
    )
    built_in_shipping_method_id = models.IntegerField(
        blank=True, null=True, editable=False, db_index=True
    )
    name = models.CharField(max_length=255)
    price_amount = models.DecimalField(max_digits=20, decimal_places=3)
    currency = models.CharField(max_length=3)
    active = models.BooleanField(default=True)
    is_valid = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at", "pk")

    @property
    def shipping_method_id(self) -> str:
        return str(self.built_in_shipping_method_id)


class Checkout(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    last_change = models.DateTimeField(auto_now=True, db_index=True)
    completing_started_at = models.DateTimeField(blank=True, null=True)
    last_transaction_modified_at = models.DateTimeField(null=True, blank=True)
    automatically_refundable = models.BooleanField(default=False)
    last_automatic_completion_attempt = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        blank=True,
        null=True,
        related_name="checkouts",
        on_delete=models.CASCADE,
    )
    email = models.EmailField(blank=True, null=True)
    token = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    channel = models.ForeignKey(
        Channel, related_name="checkouts", on_delete=models.PROTECT
    )
    billing_address = models.ForeignKey(
        "account.Address",
        related_name="+",
        editable=False,
        null=True,
        on_delete=models.SET_NULL,
    )
    shipping_address = models.ForeignKey(
        "account.Address",
        related_name="+",
        editable=False,
        null=True,
        on_delete=models.SET_NULL,
    )
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2, default=get_default_country)
    total_net_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    total_gross_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    shipping_price_net_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    shipping_price_gross_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    authorize_status = models.CharField(
        max_length=32,
        default=CheckoutAuthorizeStatus.NONE,
        choices=CheckoutAuthorizeStatus.CHOICES,
        db_index=True,
    )
    charge_status = models.CharField(
        max_length=32,
        default=CheckoutChargeStatus.NONE,
        choices=CheckoutChargeStatus.CHOICES,
        db_index=True,
    )
    delivery_methods_stale_at = models.DateTimeField(null=True, blank=True)
    price_expiration = models.DateTimeField(default=timezone.now)
    assigned_delivery = models.ForeignKey(
        CheckoutDelivery,
        blank=True,
        null=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    discount_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal("0.0")
    )
    discount_name = models.CharField(max_length=255, blank=True, null=True)
    gift_cards = models.ManyToManyField(GiftCard, blank=True, related_name="checkouts")
    voucher_code = models.CharField(max_length=255, blank=True, null=True)
    is_voucher_usage_increased = models.BooleanField(default=False)
    redirect_url = models.URLField(blank=True, null=True)
    language_code = models.CharField(
        max_length=35, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    # What a tax app did wrong; no app is ever asked here.
    tax_error = models.CharField(max_length=255, blank=True, null=True)

    class Meta:
        ordering = ("-last_change", "pk")

    @property
    def total(self) -> TaxedMoney:
        """What it cost when its prices were last looked at (``calculations``).

        What gift cards pay of it is in it.
        """
        return TaxedMoney(
            net=Money(self.total_net_amount, self.currency),
            gross=Money(self.total_gross_amount, self.currency),
        )

    @property
    def discount(self) -> Money:
        return Money(self.discount_amount, self.currency)

    def get_total_gift_cards_balance(self) -> Money:
        today = datetime.now(tz=UTC).date()
        balance = self.gift_cards.active(date=today).aggregate(
            total=models.Sum("current_balance_amount")
        )["total"]
        return Money(balance, self.currency) if balance else zero_money(self.currency)

    def is_shipping_required(self) -> bool:
        lines = self.lines.select_related("variant__product__product_type")
        return any(line.variant.is_shipping_required() for line in lines)

    def set_country(self, country_code: str, commit: bool = False) -> None:
        self.country = country_code
        if commit:
            self.save(update_fields=["country", "last_change"])

    def get_customer_email(self) -> str | None:
        return self.email or (self.user.email if self.user else None)

    def is_checkout_locked(self) -> bool:
        """Tell whether a checkoutComplete is under way, or died a moment ago."""
        if not self.completing_started_at:
            return False
        age = timezone.now() - self.completing_started_at
        return age.seconds < settings.CHECKOUT_COMPLETION_LOCK_TIME

    def get_last_active_payment(self) -> Optional["Payment"]:
        active = [payment for payment in self.payments.all() if payment.is_active]
        return max(active, default=None, key=attrgetter("pk"))


class CheckoutLine(ModelWithMetadata):
    id = models.UUIDField(primary_key=True, editable=False, unique=True, default=uuid4)
    created_at = models.DateTimeField(auto_now_add=True)
    checkout = models.ForeignKey(
        Checkout, related_name="lines", on_delete=models.CASCADE
    )
    variant = models.ForeignKey(
        "product.ProductVariant", related_name="+", on_delete=models.CASCADE
    )
    quantity = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    undiscounted_unit_price_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )

    class Meta:
        ordering = ("created_at", "id")
