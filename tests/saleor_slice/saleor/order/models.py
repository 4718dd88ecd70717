"""An order and what happened to it (``saleor.order.models``)."""

from decimal import Decimal
from operator import attrgetter
from typing import Optional
from uuid import uuid4

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.timezone import now
from prices import Money, TaxedMoney

from ..channel.models import Channel
from ..core.models import ModelWithMetadata
from ..giftcard.models import GiftCard
from ..payment.models import Payment
from . import OrderAuthorizeStatus, OrderChargeStatus, OrderStatus


class OrderQueryset(models.QuerySet["Order"]):
    def get_by_checkout_token(self, token: object) -> Optional["Order"]:
        return self.filter(checkout_token=token).first()


OrderManager = models.Manager.from_queryset(OrderQueryset)


def get_order_number() -> int:
    """Return the next number; Saleor has a sequence of the database for it.

    No two orders get the same one: they are made in transactions, which SQLite
    runs one after the other (see the settings).
    """
    return (Order.objects.aggregate(last=models.Max("number"))["last"] or 0) + 1


class Order(ModelWithMetadata):
    id = models.UUIDField(primary_key=True, editable=False, unique=True, default=uuid4)
    number = models.IntegerField(unique=True, default=get_order_number, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False, db_index=True)
    status = models.CharField(max_length=32, default=OrderStatus.UNFULFILLED)
    authorize_status = models.CharField(
        max_length=32, default=OrderAuthorizeStatus.NONE, db_index=True
    )
    charge_status = models.CharField(
        max_length=32, default=OrderChargeStatus.NONE, db_index=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        blank=True,
        null=True,
        related_name="orders",
        on_delete=models.SET_NULL,
    )
    language_code = models.CharField(
        max_length=35, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
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
    user_email = models.EmailField(blank=True, default="")
    currency = models.CharField(max_length=3)
    channel = models.ForeignKey(
        Channel, related_name="orders", on_delete=models.PROTECT
    )
    checkout_token = models.CharField(max_length=36, blank=True)
    lines_count = models.PositiveIntegerField()
    total_net_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal("0.0")
    )
    total_gross_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal("0.0")
    )
    total_charged_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal("0.0")
    )
    total_authorized_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal("0.0")
    )
    shipping_method_name = models.CharField(
        max_length=255, null=True, default=None, blank=True, editable=False
    )
    shipping_price_net_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal("0.0"), editable=False
    )
    shipping_price_gross_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal("0.0"), editable=False
    )
    voucher = models.ForeignKey(
        "discount.Voucher",
        blank=True,
        null=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    voucher_code = models.CharField(max_length=255, null=True, blank=True)
    gift_cards = models.ManyToManyField(GiftCard, blank=True, related_name="orders")
    redirect_url = models.URLField(blank=True, null=True)

    objects = OrderManager()

    class Meta:
        ordering = ("-number",)

    @property
    def total(self) -> TaxedMoney:
        return TaxedMoney(
            net=Money(self.total_net_amount, self.currency),
            gross=Money(self.total_gross_amount, self.currency),
        )

    @property
    def total_charged(self) -> Money:
        return Money(self.total_charged_amount, self.currency)

    @property
    def total_authorized(self) -> Money:
        return Money(self.total_authorized_amount, self.currency)

    def can_cancel(self) -> bool:
        return self.status not in (
            OrderStatus.CANCELED,
            OrderStatus.DRAFT,
            OrderStatus.EXPIRED,
        )

    def is_fully_paid(self) -> bool:
        return self.total_charged >= self.total.gross

    def get_customer_email(self) -> str | None:
        return self.user_email or (self.user.email if self.user else None)

    def get_last_payment(self) -> Payment | None:
        return max(self.payments.all(), default=None, key=attrgetter("pk"))


class OrderLine(ModelWithMetadata):
    id = models.UUIDField(primary_key=True, editable=False, unique=True, default=uuid4)
    order = models.ForeignKey(
        Order, related_name="lines", editable=False, on_delete=models.CASCADE
    )
    variant = models.ForeignKey(
        "product.ProductVariant",
        related_name="order_lines",
        on_delete=models.SET_NULL,
        blank=True,
        null=True,
    )
    product_name = models.CharField(max_length=386)
    variant_name = models.CharField(max_length=255, default="", blank=True)
    product_sku = models.CharField(max_length=255, null=True, blank=True)
    quantity = models.IntegerField()
    currency = models.CharField(max_length=3)
    unit_price_gross_amount = models.DecimalField(max_digits=20, decimal_places=3)


class OrderEvent(models.Model):
    date = models.DateTimeField(default=now, editable=False)
    type = models.CharField(max_length=255)
    order = models.ForeignKey(Order, related_name="events", on_delete=models.CASCADE)
    parameters = models.JSONField(blank=True, default=dict, encoder=DjangoJSONEncoder)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        blank=True,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ("date",)
