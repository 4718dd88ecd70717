"""What differs between the versions of Saleor that are supported (3.21 to 3.24)."""

import inspect
from typing import Any

from django.contrib.sites.models import Site
from promise import Promise
from saleor.checkout.calculations import fetch_checkout_data
from saleor.checkout.fetch import CheckoutInfo, CheckoutLineInfo
from saleor.plugins.manager import PluginsManager
from saleor.warehouse.availability import check_stock_and_preorder_quantity_bulk

try:
    from saleor.checkout.delivery_context import get_or_fetch_checkout_deliveries
except ImportError:
    # Before 3.23 Saleor asks for the deliveries whenever it looks at a checkout.
    get_or_fetch_checkout_deliveries = None

# From 3.22.
FETCH_TAKES_REQUESTOR = "requestor" in inspect.signature(fetch_checkout_data).parameters
# From 3.23.
STOCK_TAKES_SHIPPING_ZONES = (
    "include_shipping_zones"
    in inspect.signature(check_stock_and_preorder_quantity_bulk).parameters
)


def refresh_deliveries(info: CheckoutInfo) -> None:
    """Let Saleor see whether the chosen delivery method is still offered."""
    if get_or_fetch_checkout_deliveries and info.checkout.assigned_delivery_id:
        get_or_fetch_checkout_deliveries(info, requestor=None).get()


def refresh_prices(
    info: CheckoutInfo, lines: list[CheckoutLineInfo], manager: PluginsManager
) -> None:
    """Let Saleor count the total anew, if the cart has changed or prices expired."""
    options = {"requestor": None} if FETCH_TAKES_REQUESTOR else {}
    Promise.resolve(fetch_checkout_data(info, manager, lines, **options)).get()


def check_stock(info: CheckoutInfo, lines: list[CheckoutLineInfo]) -> None:
    """See that all lines are in stock, as Saleor does when it makes an order.

    The call is the one of saleor/checkout/complete_checkout.py.

    Raises:
        saleor.core.exceptions.InsufficientStock: something is sold out.
    """
    delivery_method_info = info.get_delivery_method_info()
    options: dict[str, Any] = {}
    if STOCK_TAKES_SHIPPING_ZONES:
        settings = Site.objects.get_current().settings
        options["include_shipping_zones"] = (
            settings.use_legacy_shipping_zone_stock_availability
        )
    check_stock_and_preorder_quantity_bulk(
        [line.variant for line in lines],
        info.get_country(),
        [line.line.quantity for line in lines],
        info.channel.slug,
        global_quantity_limit=None,
        delivery_method_info=delivery_method_info,
        additional_filter_lookup=delivery_method_info.get_warehouse_filter_lookup(),
        existing_lines=lines,
        replace=True,
        check_reservations=True,
        **options,
    )
