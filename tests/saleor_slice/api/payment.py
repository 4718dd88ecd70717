"""Payments (``saleor.graphql.payment.mutations``)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import graphene
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from saleor.checkout.calculations import calculate_checkout_total_with_gift_cards
from saleor.checkout.checkout_cleaner import (
    clean_billing_address,
    clean_checkout_shipping,
)
from saleor.checkout.fetch import fetch_checkout_info, fetch_checkout_lines
from saleor.checkout.models import Checkout
from saleor.checkout.utils import cancel_active_payments
from saleor.core.utils import get_client_ip
from saleor.core.utils.url import validate_storefront_url
from saleor.order.actions import order_refunded
from saleor.payment import PaymentError, TransactionKind, gateway
from saleor.payment.error_codes import PaymentErrorCode
from saleor.payment.models import Payment, Transaction
from saleor.payment.utils import create_payment, get_channel_slug_from_payment
from saleor.permission.enums import OrderPermissions
from saleor.plugins.manager import PluginsManager, get_plugins_manager

from . import checkout_types, errors, payment_types, types
from .enums import StorePaymentMethodEnum
from .mutation import BaseMutation, errors_of, get_node
from .scalars import PositiveDecimal


class MetadataInput(graphene.InputObjectType):
    key = graphene.String(required=True)
    value = graphene.String(required=True)


class PaymentInput(graphene.InputObjectType):
    gateway = graphene.String(required=True)
    token = graphene.String()
    amount = PositiveDecimal()
    return_url = graphene.String()
    store_payment_method = StorePaymentMethodEnum(default_value="NONE")
    metadata = types.list_of(MetadataInput, required=False)


class CheckoutPaymentCreate(BaseMutation):
    error_type = errors.PaymentError
    errors = errors_of(errors.PaymentError)
    checkout = graphene.Field(checkout_types.Checkout)
    payment = graphene.Field(payment_types.Payment)

    class Arguments:
        id = graphene.ID()
        input = PaymentInput(required=True)

    @classmethod
    def perform(
        cls,
        info: Any,
        id: str,
        input: dict[str, Any],
    ) -> "CheckoutPaymentCreate":
        checkout = get_node(id, Checkout)
        if checkout.payment_transactions.exists():
            raise ValidationError(
                "Mixing Payments and Transactions within one Checkout object is not "
                "allowed.",
                code=PaymentErrorCode.CHECKOUT_HAS_TRANSACTION.value,
            )
        if not checkout.email:
            raise ValidationError(
                "Checkout email must be set.",
                code=PaymentErrorCode.CHECKOUT_EMAIL_NOT_SET.value,
            )
        manager = get_plugins_manager(allow_replica=False)
        _validate_gateway(manager, input["gateway"], checkout)
        _validate_return_url(input.get("return_url"))
        lines, unavailable = fetch_checkout_lines(checkout)
        if unavailable:
            raise _field_error(
                "token",
                "Some of the checkout lines variants are unavailable.",
                PaymentErrorCode.UNAVAILABLE_VARIANT_IN_CHANNEL,
            )
        if not lines:
            raise _field_error(
                "lines",
                "Cannot create payment for checkout without lines.",
                PaymentErrorCode.NO_CHECKOUT_LINES,
            )
        checkout_info = fetch_checkout_info(checkout, lines, manager)
        _validate_token(manager, input, checkout)
        total = calculate_checkout_total_with_gift_cards(manager, checkout_info, lines)
        clean_checkout_shipping(checkout_info, lines, PaymentErrorCode)
        clean_billing_address(checkout_info, PaymentErrorCode)
        amount = input.get("amount", total.gross.amount)
        if amount != total.gross.amount:
            raise _field_error(
                "amount",
                "Partial payments are not allowed, amount should be "
                "equal checkout's total.",
                PaymentErrorCode.PARTIAL_PAYMENT_NOT_ALLOWED,
            )
        with transaction.atomic():
            checkout = _lock(checkout)
            cancel_active_payments(checkout)
            # Saleor makes none for nothing.
            payment = amount and create_payment(
                gateway=input["gateway"],
                payment_token=input.get("token", ""),
                total=amount,
                currency=checkout.currency,
                email=checkout.get_customer_email(),
                extra_data={
                    "customer_user_agent": info.context.META.get("HTTP_USER_AGENT")
                },
                customer_ip_address=get_client_ip(info.context),
                checkout=checkout,
                return_url=input.get("return_url"),
                store_payment_method=input["store_payment_method"],
                metadata={
                    item["key"]: item["value"] for item in input.get("metadata") or []
                },
            )
        return cls(checkout=checkout, payment=payment or None)


def _validate_gateway(
    manager: PluginsManager, gateway_id: str, checkout: Checkout
) -> None:
    plugin = manager.get_plugin(gateway_id, checkout.channel.slug)
    if not plugin or not plugin.active:
        raise _field_error(
            "gateway",
            f"The gateway {gateway_id} is not available for this checkout.",
            PaymentErrorCode.NOT_SUPPORTED_GATEWAY,
        )


def _validate_return_url(return_url: str | None) -> None:
    if not return_url:
        return
    try:
        validate_storefront_url(return_url)
    except ValidationError as error:
        raise ValidationError({"redirect_url": error}) from error


def _validate_token(
    manager: PluginsManager, payment: dict[str, Any], checkout: Checkout
) -> None:
    gateway_id = payment["gateway"]
    required = manager.token_is_required_as_payment_input(
        gateway_id, checkout.channel.slug
    )
    if required and not payment.get("token"):
        raise _field_error(
            "token", f"Token is required for {gateway_id}.", PaymentErrorCode.REQUIRED
        )


def _lock(checkout: Checkout) -> Checkout:
    """Return the checkout as it is now, unless its completion is under way."""
    locked = Checkout.objects.select_for_update().filter(pk=checkout.pk).first()
    if not locked:
        raise ValidationError(
            "Checkout doesn't exist anymore.", code=PaymentErrorCode.NOT_FOUND.value
        )
    if locked.is_checkout_locked():
        raise ValidationError(
            "Payment cannot be created - the checkout completion is currently "
            "in progress. Please wait until the process is finished "
            f"(max {settings.CHECKOUT_COMPLETION_LOCK_TIME} seconds).",
            code=PaymentErrorCode.CHECKOUT_COMPLETION_IN_PROGRESS.value,
        )
    return locked


def _field_error(field: str, message: str, code: PaymentErrorCode) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code.value)})


class PaymentAction(BaseMutation):
    """What staff do to a payment from its order's page."""

    class Meta:
        abstract = True

    error_type = errors.PaymentError
    permission = OrderPermissions.MANAGE_ORDERS

    @classmethod
    def run(
        cls, action: Callable[..., Transaction], payment_id: str, **arguments: Any
    ) -> tuple[Payment, Transaction]:
        payment = get_node(payment_id, Payment, "payment_id")
        manager = get_plugins_manager(allow_replica=False)
        channel_slug = get_channel_slug_from_payment(payment)
        try:
            txn = action(payment, manager, channel_slug=channel_slug, **arguments)
        except PaymentError as error:
            raise ValidationError(
                str(error), code=PaymentErrorCode.PAYMENT_ERROR.value
            ) from error
        payment.refresh_from_db()
        return payment, txn


class PaymentCapture(PaymentAction):
    errors = errors_of(errors.PaymentError)
    payment = graphene.Field(payment_types.Payment)

    class Arguments:
        payment_id = graphene.ID(required=True)
        amount = PositiveDecimal()

    @classmethod
    def perform(
        cls, info: Any, payment_id: str, amount: Decimal | None = None
    ) -> "PaymentCapture":
        payment, _ = cls.run(gateway.capture, payment_id, amount=amount)
        return cls(payment=payment)


class PaymentRefund(PaymentAction):
    errors = errors_of(errors.PaymentError)
    payment = graphene.Field(payment_types.Payment)

    class Arguments:
        payment_id = graphene.ID(required=True)
        amount = PositiveDecimal()

    @classmethod
    def perform(
        cls, info: Any, payment_id: str, amount: Decimal | None = None
    ) -> "PaymentRefund":
        payment, txn = cls.run(gateway.refund, payment_id, amount=amount)
        if payment.order and txn.kind == TransactionKind.REFUND:
            order_refunded(
                order=payment.order,
                user=info.context.user,
                app=None,
                amount=txn.amount,
                payment=payment,
                manager=get_plugins_manager(allow_replica=False),
            )
        return cls(payment=payment)


class PaymentVoid(PaymentAction):
    errors = errors_of(errors.PaymentError)
    payment = graphene.Field(payment_types.Payment)

    class Arguments:
        payment_id = graphene.ID(required=True)

    @classmethod
    def perform(cls, info: Any, payment_id: str) -> "PaymentVoid":
        payment, _ = cls.run(gateway.void, payment_id)
        return cls(payment=payment)
