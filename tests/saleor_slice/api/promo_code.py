"""Vouchers and gift cards of a checkout (``saleor.graphql.checkout.mutations``)."""

from typing import Any

import graphene
from django.core.exceptions import ValidationError
from saleor.checkout.models import Checkout
from saleor.checkout.utils import (
    add_promo_code_to_checkout,
    invalidate_checkout,
    remove_promo_code_from_checkout_or_error,
)

from . import checkout_types
from .checkout import CheckoutMutation
from .checkout_delivery import mark_deliveries_stale
from .errors import CheckoutError
from .mutation import errors_of, get_node


class CheckoutAddPromoCode(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(checkout_types.Checkout)

    class Arguments:
        id = graphene.ID()
        promo_code = graphene.String(required=True)

    @classmethod
    def perform(cls, info: Any, id: str, promo_code: str) -> "CheckoutAddPromoCode":
        checkout_info = checkout_types.checkout_info_of(get_node(id, Checkout))
        lines, manager = checkout_info.lines, checkout_info.manager
        add_promo_code_to_checkout(manager, checkout_info, lines, promo_code)
        changed = mark_deliveries_stale(checkout_info)
        changed += invalidate_checkout(
            checkout_info, lines, manager, recalculate_discount=False, save=False
        )
        checkout_info.checkout.save(update_fields=changed)
        return cls(checkout=checkout_info.checkout)


class CheckoutRemovePromoCode(CheckoutMutation):
    errors = errors_of(CheckoutError)
    checkout = graphene.Field(checkout_types.Checkout)

    class Arguments:
        id = graphene.ID()
        promo_code = graphene.String()

    @classmethod
    def perform(cls, info: Any, id: str, promo_code: str) -> "CheckoutRemovePromoCode":
        checkout_info = checkout_types.checkout_info_of(get_node(id, Checkout))
        try:
            remove_promo_code_from_checkout_or_error(checkout_info, promo_code)
        except ValidationError as error:
            raise ValidationError({"promo_code": error}) from error
        changed = mark_deliveries_stale(checkout_info)
        changed += invalidate_checkout(
            checkout_info, checkout_info.lines, checkout_info.manager, save=False
        )
        checkout_info.checkout.save(update_fields=changed)
        return cls(checkout=checkout_info.checkout)
