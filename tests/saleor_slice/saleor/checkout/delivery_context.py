"""How the goods get to the customer (``saleor.checkout.delivery_context``).

Saleor can also have them collected from a warehouse, and asks apps for methods.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from prices import Money
from promise import Promise

from ..shipping.interface import ShippingMethodData
from ..shipping.models import ShippingMethodChannelListing
from .models import CheckoutDelivery

if TYPE_CHECKING:
    from ..account.models import Address, User
    from ..plugins.manager import PluginsManager
    from .fetch import CheckoutInfo, CheckoutLineInfo


@dataclass(frozen=True)
class DeliveryMethodBase:
    """No delivery method is chosen."""

    delivery_method: ShippingMethodData | None = None
    shipping_address: Optional["Address"] = None

    def get_warehouse_filter_lookup(self) -> dict[str, Any]:
        return {}

    def is_valid_delivery_method(self) -> bool:
        return False

    def is_method_in_valid_methods(self, checkout_info: "CheckoutInfo") -> bool:
        return False

    def is_delivery_method_set(self) -> bool:
        return bool(self.delivery_method)


@dataclass(frozen=True)
class ShippingMethodInfo(DeliveryMethodBase):
    delivery_method: ShippingMethodData
    shipping_address: Optional["Address"]

    def is_valid_delivery_method(self) -> bool:
        return bool(self.shipping_address)

    def is_method_in_valid_methods(self, checkout_info: "CheckoutInfo") -> bool:
        return self.delivery_method.active


def is_shipping_required(lines: "list[CheckoutLineInfo]") -> bool:
    return any(info.product_type.is_shipping_required for info in lines)


def get_valid_internal_shipping_methods_for_checkout_info(
    checkout_info: "CheckoutInfo", subtotal: Money
) -> list[ShippingMethodData]:
    """Return what delivers to the address, the cheapest first."""
    address = checkout_info.shipping_address
    if not address or not is_shipping_required(checkout_info.lines):
        return []
    listings = ShippingMethodChannelListing.objects.filter(
        channel=checkout_info.channel,
        shipping_method__shipping_zone__countries__contains=address.country,
        shipping_method__shipping_zone__channels=checkout_info.channel,
    )
    return [
        ShippingMethodData(
            id=str(listing.shipping_method_id),
            name=listing.shipping_method.name,
            price=Money(listing.price_amount, listing.currency),
        )
        for listing in listings.order_by("price_amount")
    ]


def get_or_fetch_checkout_deliveries(
    checkout_info: "CheckoutInfo", requestor: "User | None"
) -> "Promise[list[CheckoutDelivery]]":
    stale_at = checkout_info.checkout.delivery_methods_stale_at
    if stale_at is None or stale_at <= timezone.now():
        return fetch_shipping_methods_for_checkout(checkout_info, requestor)
    return Promise.resolve(_valid_deliveries(checkout_info))


def fetch_shipping_methods_for_checkout(
    checkout_info: "CheckoutInfo", requestor: "User | None"
) -> "Promise[list[CheckoutDelivery]]":
    """Note which methods there are now. The chosen one stays, if only as invalid."""
    checkout = checkout_info.checkout
    with transaction.atomic():
        methods = get_valid_internal_shipping_methods_for_checkout_info(
            checkout_info, checkout.total.gross
        )
        ids = [int(method.id) for method in methods]
        checkout.delivery_methods_stale_at = (
            timezone.now() + settings.CHECKOUT_DELIVERY_OPTIONS_TTL
        )
        checkout.save(update_fields=["delivery_methods_stale_at"])
        _refresh_assigned(checkout_info, methods)
        checkout.deliveries.exclude(built_in_shipping_method_id__in=ids).exclude(
            pk=checkout.assigned_delivery_id
        ).delete()
        for method in methods:
            _note_delivery(checkout_info, method)
    return Promise.resolve(_valid_deliveries(checkout_info))


def _refresh_assigned(
    checkout_info: "CheckoutInfo", methods: list[ShippingMethodData]
) -> None:
    from .utils import invalidate_checkout

    assigned = checkout_info.checkout.assigned_delivery
    if not assigned:
        return
    still_there = {method.id: method for method in methods}
    method = still_there.get(assigned.shipping_method_id)
    if not method and assigned.is_valid:
        checkout_info.checkout.deliveries.filter(
            built_in_shipping_method_id=assigned.built_in_shipping_method_id,
            is_valid=False,
        ).exclude(pk=assigned.pk).delete()
        assigned.is_valid = False
        assigned.save(update_fields=["is_valid"])
    if not method or method.price.amount != assigned.price_amount:
        invalidate_checkout(
            checkout_info, checkout_info.lines, checkout_info.manager, save=True
        )


def _note_delivery(checkout_info: "CheckoutInfo", method: ShippingMethodData) -> None:
    CheckoutDelivery.objects.update_or_create(
        checkout=checkout_info.checkout,
        built_in_shipping_method_id=int(method.id),
        is_valid=True,
        defaults={
            "name": method.name,
            "price_amount": method.price.amount,
            "currency": method.price.currency,
        },
    )


def _valid_deliveries(checkout_info: "CheckoutInfo") -> list[CheckoutDelivery]:
    return list(checkout_info.checkout.deliveries.filter(is_valid=True))


def assign_delivery_method_to_checkout(
    checkout_info: "CheckoutInfo",
    lines_info: "list[CheckoutLineInfo]",
    manager: "PluginsManager",
    delivery_method: CheckoutDelivery | None,
) -> None:
    from .utils import invalidate_checkout

    checkout = checkout_info.checkout
    if checkout.assigned_delivery == delivery_method:
        return
    checkout.assigned_delivery = delivery_method
    expired = invalidate_checkout(checkout_info, lines_info, manager, save=False)
    checkout.save(update_fields=["assigned_delivery", *expired])
