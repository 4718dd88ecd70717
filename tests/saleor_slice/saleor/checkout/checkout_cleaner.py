"""What a checkout must have to be paid (``saleor.checkout.checkout_cleaner``)."""

from enum import Enum
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from ..payment import gateway
from .error_codes import CheckoutErrorCode
from .models import Checkout
from .utils import is_fully_paid

if TYPE_CHECKING:
    from ..payment.models import Payment
    from ..plugins.manager import PluginsManager
    from .fetch import CheckoutInfo, CheckoutLineInfo


def validate_checkout_email(checkout: Checkout) -> None:
    if not checkout.email:
        raise ValidationError(
            "Checkout email must be set.", code=CheckoutErrorCode.EMAIL_NOT_SET.value
        )


def clean_billing_address(
    checkout_info: "CheckoutInfo", error_code: type[Enum]
) -> None:
    if not checkout_info.billing_address:
        raise ValidationError(
            {
                "billing_address": ValidationError(
                    "Billing address is not set",
                    code=error_code.BILLING_ADDRESS_NOT_SET.value,
                )
            }
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
