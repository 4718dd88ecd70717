"""What a checkout costs (``saleor.checkout.calculations``).

Prices here carry no tax, so net is gross. As in Saleor they are noted on the checkout
and its lines, and looked at again only when they have expired.
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from prices import Money, TaxedMoney
from promise import Promise

from ..core.prices import quantize_price
from ..core.taxes import zero_money, zero_taxed_money
from . import CheckoutAuthorizeStatus
from .base_calculations import base_checkout_delivery_price, checkout_total
from .lock_objects import checkout_qs_select_for_update
from .models import CheckoutLine
from .payment_utils import update_checkout_payment_statuses

if TYPE_CHECKING:
    from ..account.models import User
    from ..plugins.manager import PluginsManager
    from .fetch import CheckoutInfo, CheckoutLineInfo


def checkout_line_unit_price(
    *,
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
    checkout_line_info: "CheckoutLineInfo",
) -> TaxedMoney:
    """Return the price of one, before a voucher for the entire order."""
    fetch_checkout_data(checkout_info, manager, lines, requestor=None).get()
    line = checkout_line_info.line
    return _taxed(line.undiscounted_unit_price_amount, line.currency)


def checkout_shipping_price(
    *,
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
) -> TaxedMoney:
    fetch_checkout_data(checkout_info, manager, lines, requestor=None).get()
    checkout = checkout_info.checkout
    return _taxed(checkout.shipping_price_gross_amount, checkout.currency)


def calculate_checkout_total(
    *,
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
) -> TaxedMoney:
    fetch_checkout_data(checkout_info, manager, lines, requestor=None).get()
    return quantize_price(checkout_info.checkout.total, checkout_info.checkout.currency)


def calculate_checkout_total_with_gift_cards(
    manager: "PluginsManager",
    checkout_info: "CheckoutInfo",
    lines: "list[CheckoutLineInfo]",
) -> TaxedMoney:
    """Return the total without what the checkout's gift cards pay of it."""
    total = calculate_checkout_total(
        manager=manager, checkout_info=checkout_info, lines=lines
    )
    left = total.gross - checkout_info.checkout.get_total_gift_cards_balance()
    left = max(left, zero_money(left.currency))
    return quantize_price(TaxedMoney(net=left, gross=left), left.currency)


def fetch_checkout_data(
    checkout_info: "CheckoutInfo",
    manager: "PluginsManager",
    lines: "list[CheckoutLineInfo]",
    requestor: "User | None",
    force_update: bool = False,
    force_status_update: bool = False,
) -> "Promise[tuple[CheckoutInfo, list[CheckoutLineInfo]]]":
    """Note what the checkout costs now if that has expired, and how far it is paid."""
    checkout = checkout_info.checkout
    previous_expiration = checkout.price_expiration
    if force_update or previous_expiration <= timezone.now():
        _note_prices(checkout_info, lines)
    is_free_and_not_noted_so = (
        not checkout.total.gross
        and checkout.authorize_status != CheckoutAuthorizeStatus.FULL
        and bool(lines)
    )
    if (
        checkout.price_expiration != previous_expiration
        or force_status_update
        or is_free_and_not_noted_so
    ):
        left = checkout.total.gross - checkout.get_total_gift_cards_balance()
        update_checkout_payment_statuses(
            checkout=checkout,
            checkout_total_gross=max(left, zero_money(left.currency)),
            checkout_has_lines=bool(lines),
        )
    return Promise.resolve((checkout_info, lines))


def _note_prices(
    checkout_info: "CheckoutInfo", lines: "list[CheckoutLineInfo]"
) -> None:
    """Store the prices, unless another request has changed the checkout meanwhile."""
    checkout = checkout_info.checkout
    for info in lines:
        line = info.line
        line.undiscounted_unit_price_amount = info.undiscounted_unit_price.amount
    delivery = base_checkout_delivery_price(checkout_info, lines).amount
    total = quantize_price(checkout_total(checkout_info, lines), checkout.currency)
    checkout.shipping_price_net_amount = delivery
    checkout.shipping_price_gross_amount = delivery
    checkout.total_net_amount = checkout.total_gross_amount = total.amount
    checkout.price_expiration = timezone.now() + settings.CHECKOUT_PRICES_TTL
    with transaction.atomic():
        locked = checkout_qs_select_for_update().filter(token=checkout.token).first()
        if not locked or locked.last_change != checkout.last_change:
            return
        checkout.save(
            update_fields=[
                "shipping_price_net_amount",
                "shipping_price_gross_amount",
                "total_net_amount",
                "total_gross_amount",
                "price_expiration",
            ]
        )
        CheckoutLine.objects.bulk_update(
            [info.line for info in lines], ["undiscounted_unit_price_amount"]
        )


def _taxed(amount: object, currency: str) -> TaxedMoney:
    price = Money(amount, currency)
    return zero_taxed_money(currency) + quantize_price(price, currency)
