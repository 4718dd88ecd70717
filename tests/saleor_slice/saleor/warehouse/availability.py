"""Is there enough (``saleor.warehouse.availability``)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ._stock import check_stock

if TYPE_CHECKING:
    from ..checkout.delivery_context import DeliveryMethodBase
    from ..checkout.fetch import CheckoutLineInfo
    from ..product.models import ProductVariant


def check_stock_and_preorder_quantity_bulk(
    variants: "Iterable[ProductVariant]",
    country_code: str,
    quantities: Iterable[int],
    channel_slug: str,
    global_quantity_limit: int | None,
    *,
    include_shipping_zones: bool,
    delivery_method_info: "DeliveryMethodBase | None" = None,
    additional_filter_lookup: dict[str, Any] | None = None,
    existing_lines: "list[CheckoutLineInfo] | None" = None,
    replace: bool = False,
    check_reservations: bool = False,
) -> None:
    """Raise InsufficientStock if there is too little of anything.

    Without ``replace``, what the lines have already is wanted too.
    """
    had = {} if replace else _quantities(existing_lines or [])
    check_stock(
        (variant, quantity + had.get(variant.pk, 0))
        for variant, quantity in zip(variants, quantities, strict=False)
    )


def _quantities(lines: "list[CheckoutLineInfo]") -> dict[int, int]:
    return {info.variant.pk: info.line.quantity for info in lines}
