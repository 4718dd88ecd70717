from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ..checkout.error_codes import CheckoutErrorCode

if TYPE_CHECKING:
    from ..product.models import ProductVariant


@dataclass
class InsufficientStockData:
    available_quantity: int
    variant: "ProductVariant | None" = None


class InsufficientStock(Exception):
    def __init__(self, items: list[InsufficientStockData]):
        names = ", ".join(str(item.variant) for item in items)
        super().__init__(f"Insufficient stock for {names}")
        self.items = items
        self.code = CheckoutErrorCode.INSUFFICIENT_STOCK


class GiftCardNotApplicable(Exception):
    def __init__(self, message: str):
        super().__init__(message)
        self.message = message
        self.code = CheckoutErrorCode.GIFT_CARD_NOT_APPLICABLE.value


class PermissionDenied(Exception):
    def __init__(
        self, message: str | None = None, *, permissions: Iterable[Enum] | None = None
    ):
        if not message and permissions:
            names = ", ".join(permission.name for permission in permissions)
            message = (
                "To access this path, you need one of the following permissions: "
                f"{names}"
            )
        super().__init__(message or "You do not have permission to perform this action")
        self.permissions = permissions
