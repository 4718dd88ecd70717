"""May a voucher be used, and counting that it was (``saleor.discount.utils``)."""

from typing import TYPE_CHECKING

from django.db.models import Case, F, IntegerField, Value, When
from django.utils import timezone
from prices import Money

from ...core.utils.promo_code import InvalidPromoCode
from .. import VoucherType
from ..models import NotApplicable, Voucher, VoucherCode, VoucherCustomer

if TYPE_CHECKING:
    from ...account.models import User
    from ...channel.models import Channel
    from ...checkout.fetch import CheckoutInfo, CheckoutLineInfo
    from ...plugins.manager import PluginsManager


def is_order_level_voucher(voucher: Voucher | None) -> bool:
    return bool(voucher and voucher.type == VoucherType.ENTIRE_ORDER)


def increase_voucher_usage(
    voucher: Voucher, code: VoucherCode, customer_email: str | None
) -> None:
    if voucher.usage_limit:
        code.used = F("used") + 1
        code.save(update_fields=["used"])
    if voucher.apply_once_per_customer:
        add_voucher_usage_by_customer(code, customer_email)
    if voucher.single_use:
        code.is_active = False
        code.save(update_fields=["is_active"])


def add_voucher_usage_by_customer(
    code: VoucherCode, customer_email: str | None
) -> None:
    if not customer_email:
        raise NotApplicable("Unable to apply voucher as customer details are missing.")
    _, created = VoucherCustomer.objects.get_or_create(
        voucher_code=code, customer_email=customer_email
    )
    if not created:
        raise NotApplicable("This offer is only valid once per customer.")


def release_voucher_code_usage(
    code: VoucherCode | None, voucher: Voucher | None, user_email: str | None
) -> None:
    if not code:
        return
    if voucher and voucher.usage_limit:
        VoucherCode.objects.filter(pk=code.pk).update(
            used=Case(
                When(used__gt=0, then=F("used") - 1),
                default=Value(0),
                output_field=IntegerField(),
            )
        )
    if voucher and voucher.single_use:
        code.is_active = True
        code.save(update_fields=["is_active"])
    if user_email:
        VoucherCustomer.objects.filter(
            voucher_code=code, customer_email=user_email
        ).delete()


def get_voucher_code_instance(voucher_code: str, channel_slug: str) -> VoucherCode:
    active = Voucher.objects.active_in_channel(timezone.now(), channel_slug)
    code = VoucherCode.objects.filter(
        code=voucher_code, is_active=True, voucher__in=active
    ).first()
    if not code:
        raise InvalidPromoCode
    return code


def get_customer_email_for_voucher_usage(source_object: "CheckoutInfo") -> str | None:
    if source_object.user:
        return source_object.user.email
    return source_object.get_customer_email()


def validate_voucher_for_checkout(
    manager: "PluginsManager",
    voucher: Voucher,
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
) -> None:
    from ...checkout import base_calculations
    from ...checkout.utils import calculate_checkout_quantity

    validate_voucher(
        voucher,
        base_calculations.base_checkout_subtotal(
            lines, checkout_info.channel, checkout_info.checkout.currency
        ),
        calculate_checkout_quantity(lines),
        get_customer_email_for_voucher_usage(checkout_info),
        checkout_info.channel,
        checkout_info.user,
    )


def validate_voucher(
    voucher: Voucher,
    total_price: Money,
    quantity: int,
    customer_email: str,
    channel: "Channel",
    customer: "User | None",
) -> None:
    voucher.validate_min_spent(total_price, channel)
    if voucher.apply_once_per_customer:
        voucher.validate_once_per_customer(customer_email)
