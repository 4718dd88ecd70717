"""Is there enough, and taking it.

One warehouse serves every channel here, so this is far simpler than
``saleor.warehouse.availability`` and ``saleor.warehouse.management`` in Saleor. Nor are
there reservations: what another checkout is paying for right now is still free.
"""

from collections.abc import Iterable

from django.db.models import F

from ..core.exceptions import InsufficientStock, InsufficientStockData
from ..product.models import ProductVariant
from .models import Stock

Wanted = Iterable[tuple[ProductVariant, int]]
"""Variants with the quantity that a customer wants of each."""


def check_stock(wanted: Wanted) -> None:
    """Raise InsufficientStock with every variant that there is too little of."""
    missing = [
        InsufficientStockData(available_quantity=available, variant=variant)
        for variant, quantity in wanted
        if (available := _available_quantity(variant)) < quantity
    ]
    if missing:
        raise InsufficientStock(missing)


def allocate_stock(wanted: Wanted) -> None:
    """Set the quantities aside for an order, or raise InsufficientStock."""
    wanted = list(wanted)
    check_stock(wanted)
    for variant, quantity in wanted:
        Stock.objects.filter(product_variant=variant).update(
            quantity_allocated=F("quantity_allocated") + quantity
        )


def deallocate_stock(wanted: Wanted) -> None:
    """Give back what was set aside for an order."""
    for variant, quantity in wanted:
        Stock.objects.filter(product_variant=variant).update(
            quantity_allocated=F("quantity_allocated") - quantity
        )


def _available_quantity(variant: ProductVariant) -> int:
    stock = Stock.objects.get(product_variant=variant)
    return stock.quantity - stock.quantity_allocated
