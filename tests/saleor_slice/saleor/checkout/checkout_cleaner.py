"""What a checkout must have to be paid (``saleor.checkout.checkout_cleaner``)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

import graphene
from django.core.exceptions import ValidationError

from ..core.exceptions import GiftCardNotApplicable
from ..core.taxes import TaxError
from ..giftcard.models import GiftCard
from ..payment import gateway
from .delivery_context import is_shipping_required
from .error_codes import CheckoutErrorCode, OrderCreateFromCheckoutErrorCode
from .models import Checkout
from .utils import is_fully_paid

if TYPE_CHECKING:
    from ..payment.models import Payment
    from ..plugins.manager import PluginsManager
    from .fetch import CheckoutInfo, CheckoutLineInfo


def clean_checkout_shipping(
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
    error_code: type[Enum],
) -> None:
    if not is_shipping_required(lines):
        return
    delivery = checkout_info.get_delivery_method_info()
    if not delivery.delivery_method:
        raise _field_error(
            "shipping_method",
            "Shipping method is not set",
            error_code.SHIPPING_METHOD_NOT_SET,
        )
    if not delivery.is_valid_delivery_method():
        raise _field_error(
            "shipping_address",
            "Shipping address is not set",
            error_code.SHIPPING_ADDRESS_NOT_SET,
        )
    if not delivery.is_method_in_valid_methods(checkout_info):
        raise _field_error(
            "shipping_method",
            "Delivery method is not valid for your shipping address",
            error_code.INVALID_SHIPPING_METHOD,
        )


def validate_checkout_email(checkout: Checkout) -> None:
    if not checkout.email:
        raise ValidationError(
            "Checkout email must be set.", code=CheckoutErrorCode.EMAIL_NOT_SET.value
        )


def clean_billing_address(
    checkout_info: "CheckoutInfo", error_code: type[Enum]
) -> None:
    if not checkout_info.billing_address:
        raise _field_error(
            "billing_address",
            "Billing address is not set",
            error_code.BILLING_ADDRESS_NOT_SET,
        )


def clean_checkout_payment(
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
    error_code: type[CheckoutErrorCode],
    last_payment: "Payment | None",
) -> None:
    clean_billing_address(checkout_info, error_code)
    if not is_fully_paid(manager, checkout_info, lines):
        gateway.payment_refund_or_void(
            last_payment, manager, channel_slug=checkout_info.channel.slug
        )
        raise ValidationError(
            "Provided payment methods can not cover the checkout's total amount",
            code=error_code.CHECKOUT_NOT_FULLY_PAID.value,
        )


def _validate_gift_cards(checkout: Checkout) -> None:
    today = datetime.now(tz=UTC).date()
    active = GiftCard.objects.active(date=today).filter(checkouts=checkout.token)
    if active.count() != checkout.gift_cards.count():
        raise GiftCardNotApplicable("Gift card has expired. Order placement cancelled.")


def validate_checkout(
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
    unavailable_variant_pks: Iterable[int],
    manager: "PluginsManager",
) -> None:
    """Raise for whatever the checkout lacks to become an order, stock aside."""
    codes = OrderCreateFromCheckoutErrorCode
    if not checkout_info.channel.is_active:
        raise _field_error(
            "channel",
            "Cannot complete checkout with inactive channel.",
            codes.CHANNEL_INACTIVE,
        )
    if unavailable_variant_pks:
        raise ValidationError(
            {
                "lines": ValidationError(
                    "Some of the checkout lines variants are unavailable.",
                    code=codes.UNAVAILABLE_VARIANT_IN_CHANNEL.value,
                    params={
                        "variants": {
                            graphene.Node.to_global_id("ProductVariant", pk)
                            for pk in unavailable_variant_pks
                        }
                    },
                )
            }
        )
    if not lines:
        raise _field_error(
            "lines", "Cannot complete checkout without lines", codes.NO_LINES
        )
    if checkout_info.checkout.voucher_code and not checkout_info.voucher:
        raise _field_error(
            "voucher_code", "Voucher not applicable", codes.VOUCHER_NOT_APPLICABLE
        )
    validate_checkout_email(checkout_info.checkout)
    clean_billing_address(checkout_info, codes)
    clean_checkout_shipping(checkout_info, lines, codes)
    _validate_gift_cards(checkout_info.checkout)
    try:
        manager.preprocess_order_creation(checkout_info, lines)
    except TaxError as error:
        raise ValidationError(
            f"Unable to calculate taxes - {error}", code=codes.TAX_ERROR.value
        ) from error


def _field_error(field: str, message: str, code: Enum) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code.value)})
