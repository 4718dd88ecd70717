"""What a charge pays for: how much it costs now, and whether it can become an order."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from django.core.exceptions import ValidationError
from saleor.account.forms import get_address_form
from saleor.account.models import Address
from saleor.checkout.checkout_cleaner import validate_checkout
from saleor.checkout.fetch import (
    CheckoutInfo,
    CheckoutLineInfo,
    fetch_checkout_info,
    fetch_checkout_lines,
)
from saleor.checkout.models import Checkout
from saleor.core.exceptions import GiftCardNotApplicable, InsufficientStock
from saleor.core.prices import quantize_price
from saleor.discount.models import NotApplicable
from saleor.discount.utils.voucher import validate_voucher_for_checkout
from saleor.order import OrderStatus
from saleor.order.models import Order
from saleor.plugins.manager import PluginsManager, get_plugins_manager

from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal
from dgspay_plugin.saleor_versions import (
    check_stock,
    refresh_deliveries,
    refresh_prices,
)

# Codes of saleor/checkout/error_codes.py.
MESSAGE_OF_CODE = {
    "billing_address_not_set": CustomerMessage.BILLING_ADDRESS_NEEDED,
    "channel_inactive": CustomerMessage.CHANNEL_CLOSED,
    "email_not_set": CustomerMessage.EMAIL_NEEDED,
    "gift_card_not_applicable": CustomerMessage.GIFT_CARD_NOT_APPLICABLE,
    "insufficient_stock": CustomerMessage.OUT_OF_STOCK,
    "invalid_shipping_method": CustomerMessage.DELIVERY_METHOD_NOT_AVAILABLE,
    "no_lines": CustomerMessage.NOTHING_IN_ORDER,
    "shipping_address_not_set": CustomerMessage.SHIPPING_ADDRESS_NEEDED,
    "shipping_method_not_set": CustomerMessage.DELIVERY_METHOD_NEEDED,
    "tax_error": CustomerMessage.TAXES_UNAVAILABLE,
    "unavailable_variant_in_channel": CustomerMessage.NOT_FOR_SALE,
    "voucher_not_applicable": CustomerMessage.VOUCHER_NOT_APPLICABLE,
}
ORDERS_NOT_PAYABLE = (OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.DRAFT)


@dataclass(frozen=True)
class Goods:
    """The checkout or order that a charge pays for, as it is now."""

    total: Money
    """What all charges together may take: the gross total, less gift cards."""
    obstacle: Refusal | None = None
    """Why it cannot become an order, or an order cannot be paid. None if it can."""


# Saleor's validation calls each plugin's ``preprocess_order_creation``, this one's too.
_looking: ContextVar[bool] = ContextVar("dgspay_looking", default=False)


def is_only_looking() -> bool:
    """Whether Saleor is asked to validate a checkout, and nobody has pressed Pay."""
    return _looking.get()


@contextmanager
def _only_looking() -> Iterator[None]:
    token = _looking.set(True)
    try:
        yield
    finally:
        _looking.reset(token)


def goods_of(source: Checkout | Order) -> Goods:
    """Look at a checkout or an order, which has to be locked."""
    if isinstance(source, Order):
        return _goods_of_order(source)
    return goods_of_checkout(source)


def goods_of_checkout(checkout: Checkout) -> Goods:
    """Ask Saleor's own validation whether a checkout can become an order now.

    These are the checks that checkoutComplete makes before a payment
    (saleor/graphql/checkout/mutations/checkout_complete.py and
    saleor/checkout/complete_checkout.py). By the Transactions API Saleor makes them
    only after it.
    """
    manager = get_plugins_manager(allow_replica=False)
    lines, unavailable_variants = fetch_checkout_lines(checkout)
    info = fetch_checkout_info(checkout, lines, manager)
    refresh_deliveries(info)
    refresh_prices(info, lines, manager)
    checkout = info.checkout
    gift_cards = checkout.get_total_gift_cards_balance()
    due = max(checkout.total.gross - gift_cards, 0 * gift_cards)
    return Goods(
        rounded(due.amount, checkout.currency),
        _obstacle(info, lines, unavailable_variants, manager),
    )


def rounded(amount: Decimal, currency: str) -> Money:
    """An amount as Saleor asks for it: in the steps of its currency."""
    return Money(quantize_price(amount, currency), currency)


def _goods_of_order(order: Order) -> Goods:
    obstacle = None
    if order.status in ORDERS_NOT_PAYABLE:
        obstacle = Refusal(
            CustomerMessage.ORDER_NOT_PAYABLE,
            f"Order {order.number} is {order.status}.",
        )
    return Goods(rounded(order.total_gross_amount, order.currency), obstacle)


def _obstacle(
    info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
    unavailable_variants: Iterable[int],
    manager: PluginsManager,
) -> Refusal | None:
    try:
        with _only_looking():
            validate_checkout(info, lines, unavailable_variants, manager)
        _refuse_tax_error(info.checkout)
        _refuse_incomplete_addresses(info, lines)
        _refuse_voucher_not_applicable(info, lines, manager)
        check_stock(info, lines)
    except Refusal as refusal:
        return refusal
    except ValidationError as error:
        return Refusal(_message_of(error), "; ".join(error.messages))
    except NotApplicable as error:
        return Refusal(CustomerMessage.VOUCHER_NOT_APPLICABLE, str(error))
    except GiftCardNotApplicable as error:
        return Refusal(CustomerMessage.GIFT_CARD_NOT_APPLICABLE, str(error))
    except InsufficientStock as error:
        return Refusal(CustomerMessage.OUT_OF_STOCK, str(error))
    return None


def _refuse_tax_error(checkout: Checkout) -> None:
    if checkout.tax_error is not None:
        raise Refusal(
            CustomerMessage.TAXES_UNAVAILABLE,
            "The tax app gave an invalid answer for this checkout.",
        )


def _refuse_incomplete_addresses(
    info: CheckoutInfo, lines: list[CheckoutLineInfo]
) -> None:
    if any(line.product_type.is_shipping_required for line in lines):
        _refuse_incomplete_address(
            info.shipping_address, CustomerMessage.SHIPPING_ADDRESS_INCOMPLETE
        )
    _refuse_incomplete_address(
        info.billing_address, CustomerMessage.BILLING_ADDRESS_INCOMPLETE
    )


def _refuse_incomplete_address(
    address: Address | None, message: CustomerMessage
) -> None:
    if address is None or address.validation_skipped:
        return
    data = address.as_data()
    form = get_address_form(data, data["country"])
    if not form.is_valid():
        # The values are the customer's own.
        raise Refusal(message, f"Saleor does not accept {', '.join(form.errors)}.")


def _refuse_voucher_not_applicable(
    info: CheckoutInfo, lines: list[CheckoutLineInfo], manager: PluginsManager
) -> None:
    if info.voucher and not info.checkout.is_voucher_usage_increased:
        validate_voucher_for_checkout(manager, info.voucher, info, lines)


def _message_of(error: ValidationError) -> CustomerMessage:
    errors = (
        chain.from_iterable(error.error_dict.values())
        if hasattr(error, "error_dict")
        else error.error_list
    )
    codes = (MESSAGE_OF_CODE.get(problem.code) for problem in errors)
    return next(filter(None, codes), CustomerMessage.ORDER_NOT_POSSIBLE)
