"""Codes that lower what is to pay: a voucher's or a gift card's."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError

from ...discount.models import VoucherCode
from ...giftcard.error_codes import GiftCardErrorCode
from ...giftcard.models import GiftCard


class InvalidPromoCode(ValidationError):
    def __init__(self, message: Any = None, **kwargs: Any):
        invalid = ValidationError(
            "Promo code is invalid", code=GiftCardErrorCode.INVALID.value
        )
        super().__init__(message or {"promo_code": invalid}, **kwargs)


def generate_promo_code() -> str:
    """Return a new code, of the form ABCD-EFGH-IJKL."""
    code = secrets.token_hex(6).upper()
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def promo_code_is_voucher(code: str) -> bool:
    return VoucherCode.objects.filter(code=code).exists()


def promo_code_is_gift_card(code: str) -> bool:
    return GiftCard.objects.filter(code=code).exists()
