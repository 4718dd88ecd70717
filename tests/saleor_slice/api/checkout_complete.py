"""From a cart to an order (``saleor.graphql.checkout.mutations``)."""

from typing import Any

import graphene
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from saleor.account.models import User
from saleor.checkout.checkout_cleaner import (
    clean_billing_address,
    clean_checkout_shipping,
    validate_checkout_email,
)
from saleor.checkout.complete_checkout import complete_checkout
from saleor.checkout.delivery_context import (
    get_or_fetch_checkout_deliveries,
    is_shipping_required,
)
from saleor.checkout.error_codes import CheckoutErrorCode
from saleor.checkout.fetch import (
    CheckoutInfo,
    fetch_checkout_info,
    fetch_checkout_lines,
)
from saleor.checkout.models import Checkout
from saleor.order.models import Order
from saleor.plugins.manager import get_plugins_manager

from . import order_types
from .address import check_address
from .checkout import CheckoutMutation, lines_error
from .errors import CheckoutError
from .mutation import errors_of, get_node
from .scalars import JSONString


class CheckoutComplete(CheckoutMutation):
    errors = errors_of(CheckoutError)
    order = graphene.Field(order_types.Order)
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
            if not order.channel.is_active:
                raise ValidationError(
                    {
                        "channel": ValidationError(
                            "Cannot complete checkout with inactive channel.",
                            code=CheckoutErrorCode.CHANNEL_INACTIVE.value,
                        )
                    }
                ) from None
            return cls(order=order, confirmation_data={})
        validate_checkout_email(checkout)
        manager = get_plugins_manager(allow_replica=False)
        lines, unavailable = fetch_checkout_lines(checkout)
        if unavailable:
            raise lines_error(
                "Some of the checkout lines variants are unavailable.",
                CheckoutErrorCode.UNAVAILABLE_VARIANT_IN_CHANNEL,
            )
        if not lines:
            raise lines_error(
                "Cannot complete checkout without lines.", CheckoutErrorCode.NO_LINES
            )
        checkout_info = fetch_checkout_info(checkout, lines, manager)
        try:
            _validate_addresses(checkout_info, info.context.user)
        except ObjectDoesNotExist:
            # Another request has made the order a moment ago.
            order = Order.objects.get_by_checkout_token(checkout.pk)
            if not order:
                raise
            return cls(order=order, confirmation_data={})
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


def _validate_addresses(checkout_info: CheckoutInfo, user: User | None) -> None:
    """Refuse what was sent without a check, or before a rule was what it is now."""
    lines = checkout_info.lines
    if is_shipping_required(lines):
        if checkout_info.checkout.assigned_delivery:
            get_or_fetch_checkout_deliveries(checkout_info, requestor=user).get()
        clean_checkout_shipping(checkout_info, lines, CheckoutErrorCode)
        if checkout_info.shipping_address:
            check_address(checkout_info.shipping_address)
    clean_billing_address(checkout_info, CheckoutErrorCode)
    check_address(checkout_info.billing_address)
