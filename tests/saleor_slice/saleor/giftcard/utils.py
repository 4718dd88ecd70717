"""Putting a gift card on a checkout (``saleor.giftcard.utils``)."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError

from ..checkout.error_codes import CheckoutErrorCode
from ..checkout.models import Checkout
from ..core.utils.promo_code import InvalidPromoCode
from .models import GiftCard


def add_gift_card_code_to_checkout(
    checkout: Checkout, email: str, promo_code: str, currency: str
) -> None:
    today = datetime.now(tz=UTC).date()
    gift_card = (
        GiftCard.objects.active(date=today)
        .filter(currency=currency, code=promo_code)
        .first()
    )
    if not gift_card:
        raise InvalidPromoCode
    checkout.gift_cards.add(gift_card)
    checkout.save(update_fields=["last_change"])


def remove_gift_card_code_from_checkout_or_error(
    checkout: Checkout, gift_card_code: str
) -> None:
    gift_card = checkout.gift_cards.filter(code=gift_card_code).first()
    if not gift_card:
        raise ValidationError(
            "Cannot remove a gift card not attached to this checkout.",
            code=CheckoutErrorCode.INVALID.value,
        )
    checkout.gift_cards.remove(gift_card)
    checkout.save(update_fields=["last_change"])
