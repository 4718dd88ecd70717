"""From a cart to an order (``saleor.graphql.checkout.mutations``)."""

from typing import Any

import graphene
import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from saleor.account.models import Address
from saleor.channel.models import Channel
from saleor.checkout.checkout_cleaner import (
    clean_billing_address,
    validate_checkout_email,
)
from saleor.checkout.complete_checkout import complete_checkout
from saleor.checkout.error_codes import CheckoutErrorCode
from saleor.checkout.fetch import fetch_checkout_info, fetch_checkout_lines
from saleor.checkout.models import Checkout, CheckoutLine
from saleor.core.exceptions import InsufficientStock
from saleor.order.models import Order
from saleor.plugins.manager import get_plugins_manager
from saleor.product.models import ProductVariant
from saleor.warehouse._stock import check_stock

from . import types
from .enums import CountryCode, LanguageCodeEnum
from .errors import CheckoutError
from .mutation import BaseMutation, errors_of, get_node
from .scalars import JSONString

LIMIT_QUANTITY_PER_CHECKOUT = 50
"""Of one variant; Saleor's default, which its owner may change."""


class AddressInput(graphene.InputObjectType):
    first_name = graphene.String()
    last_name = graphene.String()
    company_name = graphene.String()
    street_address_1 = graphene.String()
    street_address_2 = graphene.String()
    city = graphene.String()
    city_area = graphene.String()
    postal_code = graphene.String()
    country = CountryCode()
    country_area = graphene.String()
    phone = graphene.String()


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


class CheckoutMutation(BaseMutation):
    class Meta:
        abstract = True

    error_type = CheckoutError


class CheckoutCreate(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(types.Checkout)

    class Arguments:
        input = CheckoutCreateInput(required=True)

    @classmethod
    @transaction.atomic
    def perform(cls, info: Any, input: dict[str, Any]) -> "CheckoutCreate":
        channel = _get_channel(input.get("channel"))
        email = input.get("email")
        # An address to ship to is ignored: nothing here is shipped.
        checkout = Checkout.objects.create(
            user=info.context.user,
            email=_clean_email(email) if email else None,
            channel=channel,
            currency=channel.currency_code,
            billing_address=_save_address(input.get("billing_address")),
            language_code=input.get("language_code", settings.LANGUAGE_CODE),
        )
        _set_lines(checkout, input["lines"], at_least=1)
        return cls(checkout=checkout)


class CheckoutLinesUpdate(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(types.Checkout)

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
        checkout.save(update_fields=["last_change"])
        return cls(checkout=checkout)


class CheckoutEmailUpdate(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(types.Checkout)

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
    checkout = graphene.Field(types.Checkout)

    class Arguments:
        id = graphene.ID()
        billing_address = AddressInput(required=True)

    @classmethod
    @transaction.atomic
    def perform(
        cls,
        info: Any,
        id: str,
        billing_address: dict[str, Any],
    ) -> "CheckoutBillingAddressUpdate":
        checkout = get_node(id, Checkout)
        checkout.billing_address = _save_address(billing_address)
        checkout.save(update_fields=["billing_address", "last_change"])
        return cls(checkout=checkout)


class CheckoutComplete(CheckoutMutation):
    errors = errors_of(CheckoutError)
    order = graphene.Field(types.Order)
    confirmation_needed = graphene.Boolean(required=True, default_value=False)
    confirmation_data = JSONString()

    class Arguments:
        id = graphene.ID()
        payment_data = JSONString()
        redirect_url = graphene.String()
        store_source = graphene.Boolean(default_value=False)

    @classmethod
    def perform(
        cls,
        info: Any,
        id: str,
        store_source: bool,
        payment_data: dict[str, Any] | None = None,
        redirect_url: str | None = None,
    ) -> "CheckoutComplete":
        try:
            checkout = get_node(id, Checkout)
        except ValidationError:
            # Another request may have completed it: then its order is the answer.
            order = _order_made_of(id)
            if not order:
                raise
            return cls(order=order, confirmation_data={})
        validate_checkout_email(checkout)
        manager = get_plugins_manager(allow_replica=False)
        lines, unavailable = fetch_checkout_lines(checkout)
        if unavailable:
            raise _lines_error(
                "Some of the checkout lines variants are unavailable.",
                CheckoutErrorCode.UNAVAILABLE_VARIANT_IN_CHANNEL,
            )
        if not lines:
            raise _lines_error(
                "Cannot complete checkout without lines.", CheckoutErrorCode.NO_LINES
            )
        checkout_info = fetch_checkout_info(checkout, lines, manager)
        clean_billing_address(checkout_info, CheckoutErrorCode)
        order, action_required, action_data = complete_checkout(
            manager=manager,
            checkout_info=checkout_info,
            lines=lines,
            payment_data=payment_data or {},
            store_source=store_source,
            user=info.context.user,
            app=None,
            redirect_url=redirect_url,
        )
        return cls(
            order=order,
            confirmation_needed=action_required,
            confirmation_data=action_data,
        )


def _order_made_of(checkout_id: str) -> Order | None:
    try:
        _, token = graphene.Node.from_global_id(checkout_id)
    except ValueError:
        return None
    return Order.objects.get_by_checkout_token(token)


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


def _save_address(data: dict[str, Any] | None) -> Address | None:
    """Store an address; Saleor also knows which fields each country requires."""
    if data is None:
        return None
    data = {name: value for name, value in data.items() if value is not None}
    errors = {
        field: ValidationError("This field is required.", code="required")
        for field in ("street_address_1", "city", "country")
        if not data.get(field)
    }
    if phone := data.get("phone"):
        data["phone"] = _e164(phone, data.get("country"))
        if not data["phone"]:
            errors["phone"] = ValidationError(
                f"'{phone}' is not a valid phone number.", code="invalid"
            )
    if errors:
        raise ValidationError(errors)
    return Address.objects.create(**data)


def _e164(phone: str, country: str | None) -> str | None:
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


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
            raise _lines_error(
                "Cannot add lines with unavailable variants.",
                CheckoutErrorCode.UNAVAILABLE_VARIANT_IN_CHANNEL,
                variants=[graphene.Node.to_global_id("ProductVariant", variant.pk)],
            )
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


def _quantity_error(message: str, code: CheckoutErrorCode) -> ValidationError:
    return ValidationError({"quantity": ValidationError(message, code=code.value)})


def _lines_error(
    message: str, code: CheckoutErrorCode, **params: Any
) -> ValidationError:
    return ValidationError(
        {"lines": ValidationError(message, code=code.value, params=params)}
    )
