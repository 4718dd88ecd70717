"""Turning a paid checkout into an order (``saleor.checkout.complete_checkout``).

The phases, locks and errors of Saleor's two flows: with a payment, which is made
here, and with transactions, which have been paid before. Taxes are not here.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import graphene
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ..account.models import User
from ..channel import MarkAsPaidStrategy
from ..core.exceptions import GiftCardNotApplicable, InsufficientStock
from ..core.prices import quantize_price
from ..core.taxes import TaxError
from ..core.tracing import traced_atomic_transaction
from ..core.transactions import transaction_with_commit_on_errors
from ..core.utils.url import validate_storefront_url
from ..discount.models import NotApplicable, Voucher, VoucherCode
from ..discount.utils.voucher import (
    get_customer_email_for_voucher_usage,
    increase_voucher_usage,
    release_voucher_code_usage,
)
from ..order import OrderStatus
from ..order.actions import order_created
from ..order.fetch import fetch_order_info
from ..order.models import Order, OrderLine
from ..order.utils import add_gift_cards_to_order, updates_amounts_for_order
from ..payment import PaymentError, TransactionKind, gateway
from ..payment.models import Payment, Transaction
from ..payment.utils import fetch_customer_id, store_customer_id
from ..warehouse._stock import allocate_stock
from ..warehouse.availability import check_stock_and_preorder_quantity_bulk
from . import CheckoutAuthorizeStatus
from .calculations import (
    calculate_checkout_total,
    calculate_checkout_total_with_gift_cards,
    checkout_shipping_price,
    fetch_checkout_data,
)
from .checkout_cleaner import (
    _validate_gift_cards,
    clean_billing_address,
    clean_checkout_payment,
    clean_checkout_shipping,
)
from .error_codes import CheckoutErrorCode
from .fetch import (
    CheckoutInfo,
    CheckoutLineInfo,
    fetch_checkout_info,
    fetch_checkout_lines,
)
from .models import Checkout
from .utils import get_voucher_for_checkout_info

if TYPE_CHECKING:
    from ..plugins.manager import PluginsManager

Completion = tuple[Order | None, bool, dict[str, Any]]
"""The order if there is one, whether the customer must act, and the data for it."""


def complete_checkout(
    manager: "PluginsManager",
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
    payment_data: dict[Any, Any],
    store_source: bool,
    user: User | None,
    app: None,
    redirect_url: str | None = None,
    is_automatic_completion: bool = False,
) -> Completion:
    fetch_checkout_data(checkout_info, manager, lines, requestor=user).get()
    checkout = checkout_info.checkout
    is_transaction_flow = (
        checkout_info.channel.order_mark_as_paid_strategy
        == MarkAsPaidStrategy.TRANSACTION_FLOW
    )
    if (
        checkout.authorize_status == CheckoutAuthorizeStatus.FULL
        or (
            checkout.payment_transactions.exists()
            and not checkout.get_last_active_payment()
        )
        or checkout_info.channel.allow_unpaid_orders
        or (not checkout.total.gross and is_transaction_flow)
    ):
        order = complete_checkout_with_transaction(
            manager=manager,
            checkout_info=checkout_info,
            lines=lines,
            user=user,
            app=app,
            redirect_url=redirect_url,
            is_automatic_completion=is_automatic_completion,
        )
        return order, False, {}
    return complete_checkout_with_payment(
        manager=manager,
        checkout_pk=checkout.pk,
        payment_data=payment_data,
        store_source=store_source,
        user=user,
        app=app,
        redirect_url=redirect_url,
        is_automatic_completion=is_automatic_completion,
    )


def complete_checkout_with_transaction(
    manager: "PluginsManager",
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
    user: User | None,
    app: None,
    redirect_url: str | None = None,
    is_automatic_completion: bool = False,
) -> Order | None:
    _prepare_checkout_with_transactions(manager, checkout_info, lines, redirect_url)
    try:
        return create_order_from_checkout(
            checkout_info=checkout_info,
            manager=manager,
            user=user,
            app=app,
            is_automatic_completion=is_automatic_completion,
        )
    except NotApplicable as error:
        raise _voucher_error() from error
    except InsufficientStock as error:
        raise _insufficient_stock_error(error) from error
    except GiftCardNotApplicable as error:
        raise ValidationError(
            {"gift_cards": ValidationError(error.message, code=error.code)}
        ) from error


def _prepare_checkout_with_transactions(
    manager: "PluginsManager",
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
    redirect_url: str | None,
) -> None:
    clean_billing_address(checkout_info, CheckoutErrorCode)
    if (
        checkout_info.checkout.authorize_status != CheckoutAuthorizeStatus.FULL
        and not checkout_info.channel.allow_unpaid_orders
    ):
        raise ValidationError(
            {
                "id": ValidationError(
                    "The authorized amount doesn't cover the checkout's total amount.",
                    code=CheckoutErrorCode.CHECKOUT_NOT_FULLY_PAID.value,
                )
            }
        )
    if checkout_info.checkout.voucher_code and not checkout_info.voucher:
        raise _voucher_error()
    _validate_gift_cards(checkout_info.checkout)
    _prepare_checkout(checkout_info, lines, redirect_url)
    try:
        manager.preprocess_order_creation(checkout_info, lines)
    except TaxError as error:
        raise _tax_error(error) from error


def create_order_from_checkout(
    checkout_info: CheckoutInfo,
    manager: "PluginsManager",
    user: User | None,
    app: None,
    is_automatic_completion: bool = False,
) -> Order | None:
    """Make the order as the checkout is now, under its lock."""
    checkout_pk = checkout_info.checkout.pk
    voucher, code = checkout_info.voucher, None
    if voucher:
        with transaction.atomic():
            if not Checkout.objects.select_for_update().filter(pk=checkout_pk).first():
                return Order.objects.get_by_checkout_token(checkout_pk)
            _, code = _increase_voucher_code_usage(checkout_info)
    with transaction.atomic():
        checkout = Checkout.objects.select_for_update().filter(pk=checkout_pk).first()
        if not checkout:
            return Order.objects.get_by_checkout_token(checkout_pk)
        lines, _ = fetch_checkout_lines(checkout)
        checkout_info = fetch_checkout_info(
            checkout, lines, manager, voucher=voucher, voucher_code=code
        )
        if not lines:
            raise ValidationError(
                {
                    "lines": ValidationError(
                        "Cannot complete checkout without lines.",
                        code=CheckoutErrorCode.NO_LINES.value,
                    )
                }
            )
        _assign_checkout_user(user, checkout_info)
        try:
            order = _create_order(
                checkout_info=checkout_info,
                checkout_lines=lines,
                order_data=_order_data(manager, checkout_info, lines),
                with_transactions=True,
                user=user,
                manager=manager,
                is_automatic_completion=is_automatic_completion,
            )
        except (InsufficientStock, GiftCardNotApplicable):
            _complete_checkout_fail_handler(
                checkout_info, manager, voucher_code=code, voucher=voucher
            )
            raise
        checkout.delete()
        return order


def complete_checkout_with_payment(
    manager: "PluginsManager",
    checkout_pk: UUID,
    payment_data: dict[Any, Any],
    store_source: bool,
    user: User | None,
    app: None,
    redirect_url: str | None = None,
    is_automatic_completion: bool = False,
) -> Completion:
    """Check, pay, make the order: three transactions, each under the checkout's lock.

    Between them others may work, so each one reads the checkout anew. Where it is
    gone, another request has made the order, and that order is the answer.
    """
    with transaction_with_commit_on_errors():
        checkout = Checkout.objects.select_for_update().filter(pk=checkout_pk).first()
        if not checkout:
            return Order.objects.get_by_checkout_token(checkout_pk), False, {}
        checkout.completing_started_at = timezone.now()
        checkout.save(update_fields=["completing_started_at"])

        lines, _ = fetch_checkout_lines(checkout)
        checkout_info = fetch_checkout_info(checkout, lines, manager)
        _assign_checkout_user(user, checkout_info)
        payment, customer_id, order_data = complete_checkout_pre_payment_part(
            manager, checkout_info, lines, user, app, redirect_url=redirect_url
        )

    txn = None
    if payment:
        with transaction_with_commit_on_errors():
            if not Checkout.objects.select_for_update().filter(pk=checkout_pk).first():
                return Order.objects.get_by_checkout_token(checkout_pk), False, {}
            payment = Payment.objects.select_for_update().get(id=payment.id)
            txn = _process_payment(
                checkout_info=checkout_info,
                payment=payment,
                customer_id=customer_id,
                store_source=store_source,
                payment_data=payment_data,
                manager=manager,
                channel_slug=checkout_info.channel.slug,
            )
            # Another request may have replaced the payment while the gateway worked.
            payment.refresh_from_db()
            if not payment.is_active:
                _complete_checkout_fail_handler(
                    checkout_info,
                    manager,
                    voucher=order_data.get("voucher"),
                    payment=payment,
                )
                raise ValidationError(
                    f"The payment with pspReference: {payment.psp_reference} is "
                    "inactive.",
                    code=CheckoutErrorCode.INACTIVE_PAYMENT.value,
                )

    with transaction_with_commit_on_errors():
        checkout = Checkout.objects.select_for_update().filter(pk=checkout_pk).first()
        if not checkout:
            return Order.objects.get_by_checkout_token(checkout_pk), False, {}
        lines, _ = fetch_checkout_lines(checkout)
        checkout_info = fetch_checkout_info(
            checkout,
            lines,
            manager,
            voucher=checkout_info.voucher,
            voucher_code=checkout_info.voucher_code,
        )
        order, action_required, action_data = complete_checkout_post_payment_part(
            manager=manager,
            checkout_info=checkout_info,
            lines=lines,
            payment=payment,
            txn=txn,
            order_data=order_data,
            user=user,
            app=app,
            is_automatic_completion=is_automatic_completion,
        )
        if checkout.pk:
            checkout.completing_started_at = None
            checkout.save(update_fields=["completing_started_at"])
    return order, action_required, action_data


def _assign_checkout_user(user: User | None, checkout_info: CheckoutInfo) -> None:
    """Give a guest's checkout to the account that has its email address."""
    if user is None and not checkout_info.user:
        checkout_info.user = User.objects.filter(
            email=checkout_info.checkout.email, is_active=True
        ).first()


def complete_checkout_pre_payment_part(
    manager: "PluginsManager",
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
    user: User | None,
    app: None,
    redirect_url: str | None = None,
) -> tuple[Payment | None, str | None, dict[str, Any]]:
    """Return the payment, the gateway's customer id, and the future order's data."""
    fetch_checkout_data(checkout_info, manager, lines, requestor=user).get()
    payment = checkout_info.checkout.get_last_active_payment()
    try:
        _prepare_checkout_with_payment(
            manager, checkout_info, lines, redirect_url, payment
        )
        order_data = _get_order_data(manager, checkout_info, lines)
    except ValidationError:
        _complete_checkout_fail_handler(checkout_info, manager, payment=payment)
        raise
    customer_id = fetch_customer_id(user, payment.gateway) if payment and user else None
    return payment, customer_id, order_data


def _prepare_checkout_with_payment(
    manager: "PluginsManager",
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
    redirect_url: str | None,
    payment: Payment | None,
) -> None:
    clean_checkout_payment(
        manager, checkout_info, lines, CheckoutErrorCode, last_payment=payment
    )
    _prepare_checkout(checkout_info, lines, redirect_url)


def _prepare_checkout(
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
    redirect_url: str | None,
) -> None:
    clean_checkout_shipping(checkout_info, lines, CheckoutErrorCode)
    if not checkout_info.channel.is_active:
        raise ValidationError(
            {
                "channel": ValidationError(
                    "Cannot complete checkout with inactive channel.",
                    code=CheckoutErrorCode.CHANNEL_INACTIVE.value,
                )
            }
        )
    if redirect_url:
        try:
            validate_storefront_url(redirect_url)
        except ValidationError as error:
            raise ValidationError({"redirect_url": error}) from error
        checkout_info.checkout.redirect_url = redirect_url
        checkout_info.checkout.save(update_fields=["redirect_url", "last_change"])


def _get_order_data(
    manager: "PluginsManager",
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
) -> dict[str, Any]:
    """Fix what the order will say, before the customer pays for just that."""
    try:
        return _prepare_order_data(
            manager=manager, checkout_info=checkout_info, lines=lines
        )
    except InsufficientStock as error:
        raise _insufficient_stock_error(error) from error
    except NotApplicable as error:
        raise ValidationError(
            "Voucher not applicable",
            code=CheckoutErrorCode.VOUCHER_NOT_APPLICABLE.value,
        ) from error
    except GiftCardNotApplicable as error:
        raise ValidationError(error.message, code=error.code) from error
    except TaxError as error:
        raise _tax_error(error) from error


def _prepare_order_data(
    *,
    manager: "PluginsManager",
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
) -> dict[str, Any]:
    order_data = _order_data(manager, checkout_info, lines)
    _validate_gift_cards(checkout_info.checkout)
    voucher, code = _increase_voucher_code_usage(checkout_info)
    if checkout_info.checkout.voucher_code and not code:
        raise NotApplicable("Voucher expired in meantime. Order placement aborted.")
    try:
        manager.preprocess_order_creation(checkout_info, lines)
    except TaxError:
        _release_checkout_voucher_usage(checkout_info, code, voucher)
        raise
    return order_data


def _order_data(
    manager: "PluginsManager",
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
) -> dict[str, Any]:
    delivery = checkout_info.get_delivery_method_info()
    check_stock_and_preorder_quantity_bulk(
        [info.variant for info in lines],
        checkout_info.get_country(),
        [info.line.quantity for info in lines],
        checkout_info.channel.slug,
        global_quantity_limit=None,
        delivery_method_info=delivery,
        existing_lines=lines,
        replace=True,
        check_reservations=True,
        include_shipping_zones=False,
    )
    checkout = checkout_info.checkout
    total = calculate_checkout_total_with_gift_cards(manager, checkout_info, lines)
    before_gift_cards = calculate_checkout_total(
        manager=manager, checkout_info=checkout_info, lines=lines
    )
    shipping = checkout_shipping_price(
        manager=manager, checkout_info=checkout_info, lines=lines
    )
    shipping_address = checkout_info.shipping_address
    voucher_code = checkout_info.voucher_code
    return {
        "user": checkout_info.user,
        "user_email": checkout_info.get_customer_email(),
        "billing_address": checkout_info.billing_address.get_copy(),
        "shipping_address": shipping_address and shipping_address.get_copy(),
        "shipping_method_name": (
            delivery.delivery_method.name if delivery.delivery_method else None
        ),
        "shipping_price_net_amount": shipping.net.amount,
        "shipping_price_gross_amount": shipping.gross.amount,
        "language_code": checkout.language_code,
        "currency": checkout.currency,
        "total_net_amount": total.net.amount,
        "total_gross_amount": total.gross.amount,
        "total_price_left": before_gift_cards.gross,
        "voucher": checkout_info.voucher,
        "voucher_code": voucher_code.code if voucher_code else None,
        "lines_count": len(lines),
        "lines": [_order_line(info) for info in lines],
    }


def _increase_voucher_code_usage(
    checkout_info: CheckoutInfo,
) -> tuple[Voucher | None, VoucherCode | None]:
    """Count the use of the voucher, once for each checkout."""
    voucher, code = get_voucher_for_checkout_info(checkout_info, with_lock=True)
    checkout = checkout_info.checkout
    if voucher and code and not checkout.is_voucher_usage_increased:
        with traced_atomic_transaction():
            customer_email = get_customer_email_for_voucher_usage(checkout_info)
            increase_voucher_usage(voucher, code, customer_email)
            checkout.is_voucher_usage_increased = True
            checkout.save(update_fields=["is_voucher_usage_increased"])
    return voucher, code


def _release_checkout_voucher_usage(
    checkout_info: CheckoutInfo, code: VoucherCode | None, voucher: Voucher | None
) -> None:
    checkout = checkout_info.checkout
    if checkout.is_voucher_usage_increased:
        checkout.is_voucher_usage_increased = False
        checkout.save(update_fields=["is_voucher_usage_increased"])
        release_voucher_code_usage(
            code, voucher, get_customer_email_for_voucher_usage(checkout_info)
        )


def _order_line(info: CheckoutLineInfo) -> OrderLine:
    currency = info.line.currency
    return OrderLine(
        variant=info.variant,
        product_name=info.variant.product.name,
        variant_name=info.variant.name,
        product_sku=info.variant.sku,
        quantity=info.line.quantity,
        currency=currency,
        unit_price_gross_amount=quantize_price(
            info.line.undiscounted_unit_price_amount, currency
        ),
    )


def _process_payment(
    checkout_info: CheckoutInfo,
    payment: Payment,
    customer_id: str | None,
    store_source: bool,
    payment_data: dict[Any, Any],
    manager: "PluginsManager",
    channel_slug: str,
) -> Transaction:
    try:
        if payment.to_confirm:
            txn = gateway.confirm(
                payment,
                manager,
                additional_data=payment_data,
                channel_slug=channel_slug,
            )
        else:
            txn = gateway.process_payment(
                payment=payment,
                token=payment.token,
                manager=manager,
                customer_id=customer_id,
                store_source=store_source,
                additional_data=payment_data,
                channel_slug=channel_slug,
            )
        payment.refresh_from_db()
    except PaymentError as error:
        _complete_checkout_fail_handler(checkout_info, manager)
        raise ValidationError(
            str(error), code=CheckoutErrorCode.PAYMENT_ERROR.value
        ) from error
    return txn


def complete_checkout_post_payment_part(
    manager: "PluginsManager",
    checkout_info: CheckoutInfo,
    lines: list[CheckoutLineInfo],
    payment: Payment | None,
    txn: Transaction | None,
    order_data: dict[str, Any],
    user: User | None,
    app: None,
    is_automatic_completion: bool = False,
) -> Completion:
    if payment and txn:
        if txn.customer_id and user:
            store_customer_id(user, payment.gateway, txn.customer_id)
        if txn.action_required:
            _release_checkout_voucher_usage(
                checkout_info, checkout_info.voucher_code, checkout_info.voucher
            )
            return None, True, txn.action_required_data
    if payment and _is_refund_ongoing(payment):
        return None, False, {}
    try:
        order = _create_order(
            checkout_info=checkout_info,
            checkout_lines=lines,
            order_data=order_data,
            with_transactions=False,
            user=user,
            manager=manager,
            is_automatic_completion=is_automatic_completion,
        )
    except InsufficientStock as error:
        # The refund may fail with a PaymentError, which then is what breaks the
        # mutation; so it is in Saleor.
        _complete_checkout_fail_handler(
            checkout_info,
            manager,
            voucher_code=checkout_info.voucher_code,
            voucher=checkout_info.voucher,
            payment=payment,
        )
        raise _insufficient_stock_error(error) from error
    checkout_info.checkout.delete()
    return order, False, {}


def _is_refund_ongoing(payment: Payment) -> bool:
    return payment.transactions.filter(
        kind=TransactionKind.REFUND_ONGOING, is_success=True
    ).exists()


@traced_atomic_transaction()
def _create_order(
    *,
    checkout_info: CheckoutInfo,
    checkout_lines: list[CheckoutLineInfo],
    order_data: dict[str, Any],
    with_transactions: bool,
    user: User | None,
    manager: "PluginsManager",
    is_automatic_completion: bool,
) -> Order:
    """Make the order, or nothing of it where the stock does not suffice."""
    checkout = checkout_info.checkout
    if order := Order.objects.get_by_checkout_token(checkout.token):
        return order
    order_lines = order_data.pop("lines")
    total_price_left = order_data.pop("total_price_left")
    # An order that nobody has tried to pay waits for staff, or for its payment.
    is_confirmed = not with_transactions or checkout.payment_transactions.exists()
    order = Order.objects.create(
        **order_data,
        checkout_token=str(checkout.token),
        redirect_url=checkout.redirect_url,
        channel=checkout_info.channel,
        status=(
            OrderStatus.UNFULFILLED
            if is_confirmed
            and checkout_info.channel.automatically_confirm_all_new_orders
            else OrderStatus.UNCONFIRMED
        ),
    )
    for line in order_lines:
        line.order = order
    OrderLine.objects.bulk_create(order_lines)
    allocate_stock((info.variant, info.line.quantity) for info in checkout_lines)
    add_gift_cards_to_order(checkout_info, order, total_price_left, user, None)
    checkout.payments.update(order=order)
    if with_transactions:
        checkout.payment_transactions.update(order=order, checkout=None)
    updates_amounts_for_order(order)

    order_info = fetch_order_info(order)
    transaction.on_commit(
        lambda: order_created(
            order_info, user, None, manager, automatic=is_automatic_completion
        )
    )
    return order


def _insufficient_stock_error(error: InsufficientStock) -> ValidationError:
    variants = ", ".join(str(item.variant) for item in error.items)
    return ValidationError(
        f"Insufficient product stock: {variants}",
        code=error.code.value,
        params={
            "variants": [
                graphene.Node.to_global_id("ProductVariant", item.variant.pk)
                for item in error.items
            ]
        },
    )


def _voucher_error() -> ValidationError:
    return ValidationError(
        {
            "voucher_code": ValidationError(
                "Voucher not applicable",
                code=CheckoutErrorCode.VOUCHER_NOT_APPLICABLE.value,
            )
        }
    )


def _tax_error(error: TaxError) -> ValidationError:
    return ValidationError(
        f"Unable to calculate taxes - {error}", code=CheckoutErrorCode.TAX_ERROR.value
    )


def _complete_checkout_fail_handler(
    checkout_info: CheckoutInfo,
    manager: "PluginsManager",
    *,
    voucher_code: VoucherCode | None = None,
    voucher: Voucher | None = None,
    payment: Payment | None = None,
) -> None:
    """Let go of the checkout and the voucher, and give back what the payment took."""
    checkout = checkout_info.checkout
    if checkout.completing_started_at is not None:
        checkout.completing_started_at = None
        checkout.save(update_fields=["completing_started_at"])
    if voucher:
        _release_checkout_voucher_usage(checkout_info, voucher_code, voucher)
    if payment:
        gateway.payment_refund_or_void(
            payment, manager, channel_slug=checkout_info.channel.slug
        )
