"""A cart and whom it is for (``saleor.graphql.checkout.mutations``)."""

from typing import Any

import graphene
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from saleor.account.models import Address
from saleor.channel.models import Channel
from saleor.checkout.delivery_context import is_shipping_required
from saleor.checkout.error_codes import CheckoutErrorCode
from saleor.checkout.models import Checkout, CheckoutLine
from saleor.checkout.utils import invalidate_checkout
from saleor.core.exceptions import InsufficientStock
from saleor.product.models import ProductVariant
from saleor.warehouse._stock import check_stock

from . import checkout_types, types
from .address import (
    AddressInput,
    CheckoutAddressValidationRules,
    CheckoutValidationRules,
    validate_address,
)
from .enums import LanguageCodeEnum
from .errors import CheckoutError
from .mutation import BaseMutation, errors_of, get_node

LIMIT_QUANTITY_PER_CHECKOUT = 50
"""Of one variant; Saleor's default, which its owner may change."""


class CheckoutLineInput(graphene.InputObjectType):
    quantity = graphene.Int(required=True)
    variant_id = graphene.ID(required=True)


class CheckoutLineUpdateInput(graphene.InputObjectType):
    quantity = graphene.Int()
    variant_id = graphene.ID()


class CheckoutCreateInput(graphene.InputObjectType):
    channel = graphene.String()
    lines = types.list_of(CheckoutLineInput)
    email = graphene.String()
    shipping_address = AddressInput()
    billing_address = AddressInput()
    language_code = LanguageCodeEnum()
    validation_rules = CheckoutValidationRules()


class CheckoutMutation(BaseMutation):
    class Meta:
        abstract = True

    error_type = CheckoutError


class CheckoutCreate(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(checkout_types.Checkout)

    class Arguments:
        input = CheckoutCreateInput(required=True)

    @classmethod
    @transaction.atomic
    def perform(cls, info: Any, input: dict[str, Any]) -> "CheckoutCreate":
        channel = _get_channel(input.get("channel"))
        email = input.get("email")
        rules = input.get("validation_rules") or {}
        checkout = Checkout.objects.create(
            user=info.context.user,
            email=_clean_email(email) if email else None,
            channel=channel,
            currency=channel.currency_code,
            billing_address=_save_address(
                input.get("billing_address"), rules.get("billing_address")
            ),
            language_code=input.get("language_code", settings.LANGUAGE_CODE),
        )
        _set_lines(checkout, input["lines"], at_least=1)
        if checkout.is_shipping_required():
            checkout.shipping_address = _save_address(
                input.get("shipping_address"), rules.get("shipping_address")
            )
        country = checkout.shipping_address or checkout.billing_address
        checkout.country = country.country if country else channel.default_country
        checkout.save(update_fields=["shipping_address", "country"])
        return cls(checkout=checkout)


class CheckoutLinesUpdate(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(checkout_types.Checkout)

    class Arguments:
        id = graphene.ID()
        lines = types.list_of(CheckoutLineUpdateInput)

    @classmethod
    @transaction.atomic
    def perform(
        cls,
        info: Any,
        id: str,
        lines: list[dict[str, Any]],
    ) -> "CheckoutLinesUpdate":
        checkout = get_node(id, Checkout)
        _set_lines(checkout, lines)
        _let_prices_expire(checkout)
        return cls(checkout=checkout)


class CheckoutLineDelete(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(checkout_types.Checkout)

    class Arguments:
        id = graphene.ID()
        line_id = graphene.ID()

    @classmethod
    @transaction.atomic
    def perform(cls, info: Any, id: str, line_id: str) -> "CheckoutLineDelete":
        checkout = get_node(id, Checkout)
        line = get_node(line_id, CheckoutLine, "line_id")
        checkout.lines.filter(pk=line.pk).delete()
        _let_prices_expire(checkout)
        return cls(checkout=checkout)


class CheckoutEmailUpdate(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(checkout_types.Checkout)

    class Arguments:
        id = graphene.ID()
        email = graphene.String(required=True)

    @classmethod
    def perform(cls, info: Any, id: str, email: str) -> "CheckoutEmailUpdate":
        checkout = get_node(id, Checkout)
        checkout.email = _clean_email(email)
        checkout.save(update_fields=["email", "last_change"])
        return cls(checkout=checkout)


class CheckoutBillingAddressUpdate(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(checkout_types.Checkout)

    class Arguments:
        id = graphene.ID()
        billing_address = AddressInput(required=True)
        validation_rules = CheckoutAddressValidationRules()

    @classmethod
    @transaction.atomic
    def perform(
        cls,
        info: Any,
        id: str,
        billing_address: dict[str, Any],
        validation_rules: dict[str, bool] | None = None,
    ) -> "CheckoutBillingAddressUpdate":
        checkout = get_node(id, Checkout)
        checkout.billing_address = _save_address(
            billing_address, validation_rules, checkout.billing_address
        )
        checkout.save(update_fields=["billing_address"])
        _let_prices_expire(checkout)
        return cls(checkout=checkout)


def _clean_email(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error}) from error
    return email


def _get_channel(slug: str | None) -> Channel:
    channel = Channel.objects.filter(slug=slug).first()
    if not channel:
        raise ValidationError(
            {
                "channel": ValidationError(
                    f"Channel with '{slug}' slug does not exist.",
                    code=CheckoutErrorCode.NOT_FOUND.value,
                )
            }
        )
    if not channel.is_active:
        raise ValidationError(
            {
                "channel": ValidationError(
                    f"Channel with '{slug}' is inactive.",
                    code=CheckoutErrorCode.CHANNEL_INACTIVE.value,
                )
            }
        )
    return channel


def _save_address(
    data: dict[str, Any] | None,
    rules: dict[str, bool] | None = None,
    instance: Address | None = None,
) -> Address | None:
    if data is None:
        return None
    address = validate_address(data, rules, instance)
    address.save()
    return address


def _let_prices_expire(checkout: Checkout) -> None:
    checkout_info = checkout_types.checkout_info_of(checkout)
    changed = invalidate_checkout(
        checkout_info, checkout_info.lines, checkout_info.manager, save=False
    )
    if is_shipping_required(checkout_info.lines):
        checkout.delivery_methods_stale_at = timezone.now()
        changed.append("delivery_methods_stale_at")
    checkout.save(update_fields=changed)


def _set_lines(
    checkout: Checkout, lines: list[dict[str, Any]], at_least: int = 0
) -> None:
    """Set the quantity of each variant that is named; zero takes its line away."""
    wanted = [
        (get_node(line["variant_id"], ProductVariant, "variant_id"), line["quantity"])
        for line in lines
    ]
    for variant, quantity in wanted:
        if quantity < at_least:
            bound = "higher than zero" if at_least else "higher or equal zero"
            raise _quantity_error(
                f"The quantity should be {bound}.", CheckoutErrorCode.ZERO_QUANTITY
            )
        if quantity > LIMIT_QUANTITY_PER_CHECKOUT:
            raise _quantity_error(
                f"Cannot add more than {LIMIT_QUANTITY_PER_CHECKOUT} times this item: "
                f"{variant}.",
                CheckoutErrorCode.QUANTITY_GREATER_THAN_LIMIT,
            )
        if not variant.channel_listings.filter(channel=checkout.channel).exists():
            raise lines_error(
                "Cannot add lines with unavailable variants.",
                CheckoutErrorCode.UNAVAILABLE_VARIANT_IN_CHANNEL,
                variants=[graphene.Node.to_global_id("ProductVariant", variant.pk)],
            )
        _check_for_sale(checkout, variant)
    try:
        check_stock(wanted)
    except InsufficientStock as error:
        raise ValidationError(
            {
                "quantity": [
                    ValidationError(
                        f"Could not add items {item.variant}. "
                        f"Only {max(item.available_quantity, 0)} remaining in stock.",
                        code=error.code.value,
                    )
                    for item in error.items
                ]
            }
        ) from error
    for variant, quantity in wanted:
        checkout.lines.filter(variant=variant).delete()
        if quantity:
            CheckoutLine.objects.create(
                checkout=checkout,
                variant=variant,
                quantity=quantity,
                currency=checkout.currency,
            )


def _check_for_sale(checkout: Checkout, variant: ProductVariant) -> None:
    listing = variant.product.channel_listings.filter(channel=checkout.channel).first()
    variants = [graphene.Node.to_global_id("ProductVariant", variant.pk)]
    if not listing or not listing.is_available_for_purchase():
        raise lines_error(
            "Cannot add lines for unavailable for purchase variants.",
            CheckoutErrorCode.PRODUCT_UNAVAILABLE_FOR_PURCHASE,
            variants=variants,
        )
    if not listing.is_visible:
        raise lines_error(
            "Cannot add lines for unpublished variants.",
            CheckoutErrorCode.PRODUCT_NOT_PUBLISHED,
            variants=variants,
        )


def _quantity_error(message: str, code: CheckoutErrorCode) -> ValidationError:
    return ValidationError({"quantity": ValidationError(message, code=code.value)})


def lines_error(
    message: str, code: CheckoutErrorCode, **params: Any
) -> ValidationError:
    return ValidationError(
        {"lines": ValidationError(message, code=code.value, params=params)}
    )
