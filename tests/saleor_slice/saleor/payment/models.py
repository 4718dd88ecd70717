"""Payments and transactions, each with the history of what was tried.

As in ``saleor.payment.models``: a payment is of the older Payments API, a transaction
item of the Transactions API.
"""

from decimal import Decimal
from operator import attrgetter
from uuid import uuid4

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from prices import Money

from ..checkout.models import Checkout
from ..core.models import ModelWithMetadata
from ..permission.enums import PaymentPermissions
from . import (
    ChargeStatus,
    StorePaymentMethod,
    TransactionEventType,
    TransactionKind,
)


class TransactionItem(ModelWithMetadata):
    """A try to pay a checkout or an order, or a part of it."""

    token = models.UUIDField(unique=True, default=uuid4)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    idempotency_key = models.CharField(max_length=512, blank=True, null=True)
    name = models.CharField(max_length=512, blank=True, null=True, default="")
    message = models.CharField(max_length=512, blank=True, null=True, default="")
    psp_reference = models.CharField(max_length=512, blank=True, null=True)
    # An array in Saleor, which SQLite has none of.
    available_actions = models.JSONField(default=list)
    currency = models.CharField(max_length=3)
    charged_value = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    authorized_value = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    refunded_value = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    canceled_value = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    refund_pending_value = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    charge_pending_value = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    authorize_pending_value = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    cancel_pending_value = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    external_url = models.URLField(blank=True, null=True)
    checkout = models.ForeignKey(
        Checkout,
        null=True,
        related_name="payment_transactions",
        on_delete=models.SET_NULL,
    )
    order = models.ForeignKey(
        "order.Order",
        related_name="payment_transactions",
        null=True,
        on_delete=models.PROTECT,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        blank=True,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    app = models.ForeignKey(
        "app.App", related_name="+", null=True, blank=True, on_delete=models.SET_NULL
    )
    app_identifier = models.CharField(blank=True, null=True, max_length=256)
    last_refund_success = models.BooleanField(default=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["app_identifier", "idempotency_key"],
                name="unique_transaction_idempotency",
            )
        ]

    @property
    def amount_charged(self) -> Money:
        return Money(self.charged_value, self.currency)

    @property
    def amount_authorized(self) -> Money:
        return Money(self.authorized_value, self.currency)

    @property
    def amount_refunded(self) -> Money:
        return Money(self.refunded_value, self.currency)

    @property
    def amount_canceled(self) -> Money:
        return Money(self.canceled_value, self.currency)

    @property
    def amount_refund_pending(self) -> Money:
        return Money(self.refund_pending_value, self.currency)

    @property
    def amount_charge_pending(self) -> Money:
        return Money(self.charge_pending_value, self.currency)

    @property
    def amount_authorize_pending(self) -> Money:
        return Money(self.authorize_pending_value, self.currency)

    @property
    def amount_cancel_pending(self) -> Money:
        return Money(self.cancel_pending_value, self.currency)


class TransactionEvent(models.Model):
    """What was asked or became of a transaction. Some events count for its amounts."""

    created_at = models.DateTimeField(default=timezone.now)
    idempotency_key = models.CharField(max_length=512, blank=True, null=True)
    psp_reference = models.CharField(max_length=512, blank=True, null=True)
    message = models.CharField(max_length=512, blank=True, null=True, default="")
    transaction = models.ForeignKey(
        TransactionItem, related_name="events", on_delete=models.CASCADE
    )
    external_url = models.URLField(blank=True, null=True)
    currency = models.CharField(max_length=3)
    type = models.CharField(
        max_length=128,
        choices=TransactionEventType.CHOICES,
        default=TransactionEventType.INFO,
    )
    amount_value = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal(0)
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        blank=True,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    app = models.ForeignKey(
        "app.App", related_name="+", null=True, blank=True, on_delete=models.SET_NULL
    )
    app_identifier = models.CharField(blank=True, null=True, max_length=256)
    include_in_calculations = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["transaction", "idempotency_key"],
                name="unique_transaction_event_idempotency",
            )
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_value, self.currency)


class Payment(ModelWithMetadata):
    gateway = models.CharField(max_length=255)
    is_active = models.BooleanField(default=True)
    to_confirm = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    charge_status = models.CharField(
        max_length=20, choices=ChargeStatus.CHOICES, default=ChargeStatus.NOT_CHARGED
    )
    token = models.CharField(max_length=512, blank=True, default="")
    total = models.DecimalField(max_digits=20, decimal_places=3, default=Decimal("0.0"))
    captured_amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal("0.0")
    )
    currency = models.CharField(max_length=3)
    checkout = models.ForeignKey(
        Checkout, null=True, related_name="payments", on_delete=models.SET_NULL
    )
    order = models.ForeignKey(
        "order.Order", related_name="payments", null=True, on_delete=models.PROTECT
    )
    store_payment_method = models.CharField(
        max_length=11,
        choices=StorePaymentMethod.CHOICES,
        default=StorePaymentMethod.NONE,
    )
    billing_email = models.EmailField(blank=True)
    billing_first_name = models.CharField(max_length=256, blank=True)
    billing_last_name = models.CharField(max_length=256, blank=True)
    billing_company_name = models.CharField(max_length=256, blank=True)
    billing_address_1 = models.CharField(max_length=256, blank=True)
    billing_address_2 = models.CharField(max_length=256, blank=True)
    billing_city = models.CharField(max_length=256, blank=True)
    billing_postal_code = models.CharField(max_length=256, blank=True)
    billing_country_code = models.CharField(max_length=2, blank=True)
    billing_country_area = models.CharField(max_length=256, blank=True)
    cc_last_digits = models.CharField(max_length=4, blank=True, default="")
    cc_brand = models.CharField(max_length=40, blank=True, default="")
    cc_exp_month = models.PositiveIntegerField(null=True, blank=True)
    cc_exp_year = models.PositiveIntegerField(null=True, blank=True)
    payment_method_type = models.CharField(max_length=256, blank=True)
    customer_ip_address = models.GenericIPAddressField(blank=True, null=True)
    extra_data = models.TextField(blank=True, default="")
    return_url = models.URLField(blank=True, null=True)
    psp_reference = models.CharField(
        max_length=512, null=True, blank=True, db_index=True
    )

    class Meta:
        ordering = ("pk",)
        permissions = (
            (PaymentPermissions.HANDLE_PAYMENTS.codename, "Handle payments"),
        )

    def get_last_transaction(self) -> "Transaction | None":
        return max(self.transactions.all(), default=None, key=attrgetter("pk"))

    def get_total(self) -> Money:
        return Money(self.total, self.currency)

    def get_captured_amount(self) -> Money:
        return Money(self.captured_amount, self.currency)

    def get_charge_amount(self) -> Decimal:
        """Return what is still to be captured."""
        return self.total - self.captured_amount

    @property
    def is_authorized(self) -> bool:
        return self.transactions.filter(
            kind=TransactionKind.AUTH, is_success=True, action_required=False
        ).exists()

    @property
    def not_charged(self) -> bool:
        return self.charge_status == ChargeStatus.NOT_CHARGED

    def can_capture(self) -> bool:
        return self.is_active and self.not_charged

    def can_void(self) -> bool:
        return self.not_charged and self.is_authorized

    def can_refund(self) -> bool:
        return self.charge_status in (
            ChargeStatus.PARTIALLY_CHARGED,
            ChargeStatus.FULLY_CHARGED,
            ChargeStatus.PARTIALLY_REFUNDED,
        )

    def can_confirm(self) -> bool:
        return self.is_active and self.not_charged


class Transaction(models.Model):
    """One answer of a gateway, kept as it came."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    payment = models.ForeignKey(
        Payment, related_name="transactions", on_delete=models.PROTECT
    )
    token = models.CharField(max_length=512, blank=True, default="")
    kind = models.CharField(max_length=25, choices=TransactionKind.CHOICES)
    is_success = models.BooleanField(default=False)
    action_required = models.BooleanField(default=False)
    action_required_data = models.JSONField(
        blank=True, default=dict, encoder=DjangoJSONEncoder
    )
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(
        max_digits=20, decimal_places=3, default=Decimal("0.0")
    )
    error = models.TextField(null=True)
    customer_id = models.CharField(max_length=256, null=True)
    gateway_response = models.JSONField(encoder=DjangoJSONEncoder)
    already_processed = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)

    def get_amount(self) -> Money:
        return Money(self.amount, self.currency)
