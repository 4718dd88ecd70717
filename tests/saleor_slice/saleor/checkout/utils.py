from typing import TYPE_CHECKING

from ..payment.models import Payment
from .calculations import calculate_checkout_total_with_gift_cards
from .models import Checkout

if TYPE_CHECKING:
    from ..plugins.manager import PluginsManager
    from .fetch import CheckoutInfo, CheckoutLineInfo


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
