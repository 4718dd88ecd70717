"""Addresses as a storefront sends them (``saleor.graphql.account.i18n``)."""

from typing import Any

import graphene
from django.core.exceptions import ValidationError
from saleor.account.forms import get_address_form
from saleor.account.models import Address
from saleor.account.validators import validate_possible_number

from .enums import CountryCode


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


class CheckoutAddressValidationRules(graphene.InputObjectType):
    check_required_fields = graphene.Boolean(default_value=True)
    check_fields_format = graphene.Boolean(default_value=True)


class CheckoutValidationRules(graphene.InputObjectType):
    shipping_address = CheckoutAddressValidationRules()
    billing_address = CheckoutAddressValidationRules()


def validate_address(
    data: dict[str, Any],
    rules: dict[str, bool] | None = None,
    instance: Address | None = None,
) -> Address:
    """Return the address with what was sent, not yet stored.

    What the rules do not ask for may be missing, and the address remembers that.
    """
    rules = rules or {}
    if data.get("country") is None:
        raise ValidationError(
            {"country": ValidationError("This field is required.", code="required")}
        )
    checks_format = rules.get("check_fields_format", True)
    if checks_format and data.get("phone"):
        _check_phone(data["phone"], data["country"])
    form = get_address_form(data, data["country"])
    validation_skipped = not form.is_valid()
    values = {**form.cleaned_data, "validation_skipped": validation_skipped}
    errors = {}
    for field, found in form.errors.as_data().items():
        is_missing = any(error.code == "required" for error in found)
        if rules.get("check_required_fields", True) if is_missing else checks_format:
            errors[field] = found
        elif data.get(field) is not None:
            values[field] = data[field]
    if errors:
        raise ValidationError(errors)
    instance = instance or Address()
    for field, value in values.items():
        if not field.endswith("metadata"):
            setattr(instance, field, value)
    return instance


def check_address(address: Address) -> None:
    """Raise for what is missing, unless it was allowed to be when it was sent."""
    if not address.validation_skipped:
        validate_address(address.as_data(), instance=address)


def _check_phone(phone: str, country: str) -> None:
    try:
        validate_possible_number(phone, country)
    except ValidationError as error:
        raise ValidationError(
            {
                "phone": ValidationError(
                    f"'{phone}' is not a valid phone number.", code=error.code
                )
            }
        ) from error
