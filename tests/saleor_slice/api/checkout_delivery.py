"""Where the goods go and how (``saleor.graphql.checkout.mutations``)."""

from typing import Any

import graphene
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from saleor.checkout.delivery_context import (
    assign_delivery_method_to_checkout,
    get_or_fetch_checkout_deliveries,
    is_shipping_required,
)
from saleor.checkout.error_codes import CheckoutErrorCode
from saleor.checkout.fetch import CheckoutInfo
from saleor.checkout.models import Checkout, CheckoutDelivery
from saleor.checkout.utils import invalidate_checkout

from . import checkout_types
from .address import AddressInput, CheckoutAddressValidationRules, validate_address
from .checkout import CheckoutMutation
from .errors import CheckoutError
from .mutation import errors_of, get_node


class CheckoutShippingAddressUpdate(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(checkout_types.Checkout)

    class Arguments:
        id = graphene.ID()
        shipping_address = AddressInput(required=True)
        validation_rules = CheckoutAddressValidationRules()

    @classmethod
    @transaction.atomic
    def perform(
        cls,
        info: Any,
        id: str,
        shipping_address: dict[str, Any],
        validation_rules: dict[str, bool] | None = None,
    ) -> "CheckoutShippingAddressUpdate":
        checkout = get_node(id, Checkout)
        address = validate_address(
            shipping_address, validation_rules, checkout.shipping_address
        )
        address.save()
        checkout.shipping_address = address
        checkout.country = address.country
        checkout_info = checkout_types.checkout_info_of(checkout)
        changed = ["shipping_address", "country", *mark_deliveries_stale(checkout_info)]
        changed += invalidate_checkout(
            checkout_info, checkout_info.lines, checkout_info.manager, save=False
        )
        checkout.save(update_fields=changed)
        return cls(checkout=checkout)


class CheckoutDeliveryMethodUpdate(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(checkout_types.Checkout)

    class Arguments:
        id = graphene.ID()
        delivery_method_id = graphene.ID()

    @classmethod
    def perform(
        cls, info: Any, id: str, delivery_method_id: str | None = None
    ) -> "CheckoutDeliveryMethodUpdate":
        checkout_info = checkout_types.checkout_info_of(get_node(id, Checkout))
        if not is_shipping_required(checkout_info.lines):
            raise _error(
                "delivery_method",
                "This checkout doesn't need shipping",
                CheckoutErrorCode.SHIPPING_NOT_REQUIRED,
            )
        assign_delivery_method_to_checkout(
            checkout_info,
            checkout_info.lines,
            checkout_info.manager,
            delivery_method_id
            and _delivery(checkout_info, delivery_method_id, info.context.user),
        )
        return cls(checkout=checkout_info.checkout)


def mark_deliveries_stale(checkout_info: CheckoutInfo) -> list[str]:
    if not is_shipping_required(checkout_info.lines):
        return []
    checkout_info.checkout.delivery_methods_stale_at = timezone.now()
    return ["delivery_methods_stale_at"]


def _delivery(
    checkout_info: CheckoutInfo, delivery_method_id: str, user: Any
) -> CheckoutDelivery:
    _, method_id = graphene.Node.from_global_id(delivery_method_id)
    for delivery in get_or_fetch_checkout_deliveries(checkout_info, user).get():
        if delivery.active and delivery.shipping_method_id == method_id:
            return delivery
    raise _error(
        "delivery_method_id",
        "This shipping method is not applicable.",
        CheckoutErrorCode.DELIVERY_METHOD_NOT_APPLICABLE,
    )


def _error(field: str, message: str, code: CheckoutErrorCode) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code.value)})
