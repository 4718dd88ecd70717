"""What changes a checkout (``saleor.checkout.utils``)."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from prices import Money

from ..core.utils.promo_code import (
    InvalidPromoCode,
    promo_code_is_gift_card,
    promo_code_is_voucher,
)
from ..discount import VoucherType
from ..discount.models import NotApplicable, Voucher, VoucherCode
from ..discount.utils.voucher import (
    get_voucher_code_instance,
    validate_voucher_for_checkout,
)
from ..giftcard.utils import (
    add_gift_card_code_to_checkout,
    remove_gift_card_code_from_checkout_or_error,
)
from ..payment.models import Payment
from . import base_calculations
from .calculations import calculate_checkout_total_with_gift_cards
from .delivery_context import is_shipping_required
from .error_codes import CheckoutErrorCode
from .models import Checkout

if TYPE_CHECKING:
    from ..account.models import Address
    from ..plugins.manager import PluginsManager
    from .fetch import CheckoutInfo, CheckoutLineInfo


def invalidate_checkout(
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
    manager: "PluginsManager",
    *,
    recalculate_discount: bool = True,
    save: bool,
) -> list[str]:
    """Let the noted prices expire, and look at the voucher again."""
    if recalculate_discount:
        recalculate_checkout_discount(manager, checkout_info, lines)
    return invalidate_checkout_prices(checkout_info, save=save)


def invalidate_checkout_prices(
    checkout_info: "CheckoutInfo", *, save: bool
) -> list[str]:
    checkout_info.checkout.price_expiration = timezone.now()
    updated_fields = ["price_expiration", "last_change"]
    if save:
        checkout_info.checkout.save(update_fields=updated_fields)
    return updated_fields


def calculate_checkout_quantity(lines: "list[CheckoutLineInfo]") -> int:
    return sum(info.line.quantity for info in lines)


def get_voucher_for_checkout(
    checkout: Checkout,
    channel_slug: str,
    with_lock: bool = False,
    with_prefetch: bool = False,
) -> tuple[Voucher | None, VoucherCode | None]:
    """Return the checkout's voucher, unless it cannot be used any more."""
    code = VoucherCode.objects.filter(
        code=checkout.voucher_code, is_active=True
    ).first()
    if not code:
        return None, None
    vouchers = Voucher.objects.all()
    # Its use by this very checkout must not count against it.
    if not checkout.is_voucher_usage_increased:
        vouchers = vouchers.active_in_channel(timezone.now(), channel_slug)
    voucher = vouchers.filter(id=code.voucher_id).first()
    if not voucher:
        return None, None
    if voucher.usage_limit is not None and with_lock:
        code = VoucherCode.objects.select_for_update().get(pk=code.pk)
    return voucher, code


def get_voucher_for_checkout_info(
    checkout_info: "CheckoutInfo", with_lock: bool = False, with_prefetch: bool = False
) -> tuple[Voucher | None, VoucherCode | None]:
    return get_voucher_for_checkout(
        checkout_info.checkout,
        channel_slug=checkout_info.channel.slug,
        with_lock=with_lock,
        with_prefetch=with_prefetch,
    )


def get_voucher_discount_for_checkout(
    manager: "PluginsManager",
    voucher: Voucher,
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
    address: "Address | None",
) -> Money:
    validate_voucher_for_checkout(manager, voucher, checkout_info, lines)
    if voucher.type == VoucherType.ENTIRE_ORDER:
        price = base_calculations.base_checkout_subtotal(
            lines, checkout_info.channel, checkout_info.checkout.currency
        )
    else:
        if not is_shipping_required(lines):
            raise NotApplicable("Your order does not require shipping.")
        if not checkout_info.get_delivery_method_info().delivery_method:
            raise NotApplicable("Please select a delivery method first.")
        price = base_calculations.base_checkout_undiscounted_delivery_price(
            checkout_info, lines
        )
    return voucher.get_discount_amount_for(price, checkout_info.channel)


def recalculate_checkout_discount(
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
) -> None:
    """Take the voucher off the checkout where it is not applicable any more."""
    voucher = checkout_info.voucher
    try:
        if not voucher:
            raise NotApplicable("It is not active.")
        discount = get_voucher_discount_for_checkout(
            manager,
            voucher,
            checkout_info,
            lines,
            checkout_info.shipping_address or checkout_info.billing_address,
        )
    except NotApplicable:
        remove_voucher_from_checkout(checkout_info.checkout)
        checkout_info.voucher = None
    else:
        _set_voucher(checkout_info, voucher, discount)


def add_promo_code_to_checkout(
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
    promo_code: str,
) -> None:
    if promo_code_is_voucher(promo_code):
        add_voucher_code_to_checkout(manager, checkout_info, lines, promo_code)
    elif promo_code_is_gift_card(promo_code):
        add_gift_card_code_to_checkout(
            checkout_info.checkout,
            checkout_info.get_customer_email(),
            promo_code,
            checkout_info.channel.currency_code,
        )
    else:
        raise InvalidPromoCode


def add_voucher_code_to_checkout(
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
    voucher_code: str,
) -> None:
    code = get_voucher_code_instance(voucher_code, checkout_info.channel.slug)
    try:
        discount = get_voucher_discount_for_checkout(
            manager,
            code.voucher,
            checkout_info,
            lines,
            checkout_info.shipping_address or checkout_info.billing_address,
        )
    except NotApplicable as error:
        raise ValidationError(
            {
                "promo_code": ValidationError(
                    "Voucher is not applicable to this checkout.",
                    code=CheckoutErrorCode.VOUCHER_NOT_APPLICABLE.value,
                )
            }
        ) from error
    checkout_info.voucher, checkout_info.voucher_code = code.voucher, code
    checkout_info.checkout.voucher_code = code.code
    _set_voucher(checkout_info, code.voucher, discount)


def _set_voucher(
    checkout_info: "CheckoutInfo", voucher: Voucher, discount: Money
) -> None:
    checkout = checkout_info.checkout
    checkout.discount_name = voucher.name
    checkout.discount_amount = discount.amount
    checkout.save(
        update_fields=[
            "voucher_code",
            "discount_name",
            "discount_amount",
            "last_change",
        ]
    )


def remove_promo_code_from_checkout_or_error(
    checkout_info: "CheckoutInfo", promo_code: str
) -> None:
    if promo_code == checkout_info.checkout.voucher_code:
        remove_voucher_from_checkout(checkout_info.checkout)
        checkout_info.voucher = None
    elif promo_code_is_voucher(promo_code):
        raise ValidationError(
            "Cannot remove a voucher not attached to this checkout.",
            code=CheckoutErrorCode.INVALID.value,
        )
    elif promo_code_is_gift_card(promo_code):
        remove_gift_card_code_from_checkout_or_error(checkout_info.checkout, promo_code)
    else:
        raise ValidationError(
            "Promo code does not exists.", code=CheckoutErrorCode.NOT_FOUND.value
        )


def remove_voucher_from_checkout(checkout: Checkout) -> None:
    checkout.voucher_code = None
    checkout.discount_name = None
    checkout.discount_amount = Decimal(0)
    checkout.save(
        update_fields=[
            "voucher_code",
            "discount_name",
            "discount_amount",
            "last_change",
        ]
    )


def is_fully_paid(
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
) -> bool:
    """Tell whether the active payments are for the total, captured or not."""
    payments = checkout_info.checkout.payments.filter(is_active=True)
    total = calculate_checkout_total_with_gift_cards(manager, checkout_info, lines)
    return sum(payment.total for payment in payments) >= total.gross.amount


def cancel_active_payments(checkout: Checkout) -> list[int]:
    """Deactivate the checkout's payments; only one payment at a time is active."""
    payments = checkout.payments.filter(is_active=True)
    payment_ids = list(payments.values_list("id", flat=True))
    payments.update(is_active=False)
    return payment_ids


def activate_payments(payment_ids: list[int]) -> None:
    Payment.objects.filter(id__in=payment_ids).update(is_active=True)
