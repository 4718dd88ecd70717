"""Asking a plugin to move money, and recording its answer (``saleor.payment.gateway``).

The payment's row is locked, inside a database transaction, while the plugin works.
"""

import functools
import logging
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..account.models import User
from ..app.models import App
from ..core.prices import quantize_price
from ..core.tracing import traced_atomic_transaction
from ..giftcard.const import (
    GIFT_CARD_PAYMENT_GATEWAY_ID,
    GIFT_CARD_PAYMENT_GATEWAY_NAME,
)
from ..order.events import (
    event_transaction_cancel_requested,
    event_transaction_charge_requested,
    event_transaction_refund_requested,
)
from . import GatewayError, PaymentError, TransactionAction, TransactionKind
from .interface import (
    GatewayResponse,
    PaymentData,
    PaymentGateway,
    RefundData,
    TransactionActionData,
)
from .models import Payment, Transaction, TransactionEvent, TransactionItem
from .utils import (
    clean_capture,
    create_failed_transaction_event,
    create_payment_information,
    gateway_postprocess,
    get_already_processed_transaction_or_create_new_transaction,
    recalculate_refundable_for_checkout,
    update_payment,
    validate_gateway_response,
)

if TYPE_CHECKING:
    from ..checkout.fetch import CheckoutInfo, CheckoutLineInfo
    from ..plugins.manager import PluginsManager

logger = logging.getLogger(__name__)

ERROR_MSG = "Oops! Something went wrong."
GENERIC_TRANSACTION_ERROR = "Transaction was unsuccessful."

Operation = Callable[..., Transaction]


def raise_payment_error(fn: Operation) -> Operation:
    """Turn a failed transaction into a PaymentError, after it was stored."""

    @functools.wraps(fn)
    def wrapped(*args: Any, **kwargs: Any) -> Transaction:
        txn = fn(*args, **kwargs)
        if not txn.is_success:
            raise PaymentError(txn.error or GENERIC_TRANSACTION_ERROR)
        return txn

    return wrapped


def require_active_payment(fn: Operation) -> Operation:
    @functools.wraps(fn)
    def wrapped(payment: Payment, *args: Any, **kwargs: Any) -> Transaction:
        if not payment.is_active:
            raise PaymentError("This payment is no longer active.")
        return fn(payment, *args, **kwargs)

    return wrapped


def with_locked_payment(fn: Operation) -> Operation:
    @functools.wraps(fn)
    def wrapped(payment: Payment, *args: Any, **kwargs: Any) -> Transaction:
        with traced_atomic_transaction():
            payment = Payment.objects.select_for_update().get(id=payment.id)
            return fn(payment, *args, **kwargs)

    return wrapped


def payment_postprocess(fn: Operation) -> Operation:
    @functools.wraps(fn)
    def wrapped(*args: Any, **kwargs: Any) -> Transaction:
        txn = fn(*args, **kwargs)
        gateway_postprocess(txn, txn.payment)
        return txn

    return wrapped


@raise_payment_error
@require_active_payment
@with_locked_payment
@payment_postprocess
def process_payment(
    payment: Payment,
    token: str,
    manager: "PluginsManager",
    channel_slug: str,
    customer_id: str | None = None,
    store_source: bool = False,
    additional_data: dict[str, Any] | None = None,
) -> Transaction:
    payment_data = create_payment_information(
        payment=payment,
        manager=manager,
        payment_token=token,
        customer_id=customer_id,
        store_source=store_source,
        additional_data=additional_data,
    )
    response, error = _ask(manager.process_payment, payment_data, channel_slug)
    return _record_charge(
        payment, TransactionKind.CAPTURE, payment_data, response, error
    )


@raise_payment_error
@require_active_payment
@with_locked_payment
@payment_postprocess
def confirm(
    payment: Payment,
    manager: "PluginsManager",
    channel_slug: str,
    additional_data: dict[str, Any] | None = None,
) -> Transaction:
    asked = payment.transactions.filter(
        kind=TransactionKind.ACTION_TO_CONFIRM, is_success=True
    ).last()
    payment_data = create_payment_information(
        payment=payment,
        manager=manager,
        payment_token=asked.token if asked else "",
        additional_data=additional_data,
    )
    response, error = _ask(manager.confirm_payment, payment_data, channel_slug)
    return _record_charge(
        payment, TransactionKind.CONFIRM, payment_data, response, error
    )


@payment_postprocess
@raise_payment_error
@require_active_payment
@with_locked_payment
@payment_postprocess
def capture(
    payment: Payment,
    manager: "PluginsManager",
    channel_slug: str,
    amount: Decimal | None = None,
    customer_id: str | None = None,
    store_source: bool = False,
) -> Transaction:
    if amount is None:
        amount = payment.get_charge_amount()
    clean_capture(payment, Decimal(amount))
    payment_data = create_payment_information(
        payment=payment,
        manager=manager,
        payment_token=_get_past_transaction_token(payment, TransactionKind.AUTH),
        amount=amount,
        customer_id=customer_id,
        store_source=store_source,
    )
    response, error = _ask(manager.capture_payment, payment_data, channel_slug)
    return _record_charge(
        payment, TransactionKind.CAPTURE, payment_data, response, error
    )


@raise_payment_error
@with_locked_payment
@payment_postprocess
def refund(
    payment: Payment,
    manager: "PluginsManager",
    channel_slug: str,
    amount: Decimal | None = None,
    refund_data: RefundData | None = None,
) -> Transaction:
    if amount is None:
        amount = payment.captured_amount
    if amount <= 0:
        raise PaymentError("Amount should be a positive number.")
    if amount > payment.captured_amount:
        raise PaymentError("Cannot refund more than captured.")
    if not payment.can_refund():
        raise PaymentError("This payment cannot be refunded.")
    payment_data = create_payment_information(
        payment=payment,
        manager=manager,
        payment_token=_get_past_transaction_token(payment, TransactionKind.CAPTURE),
        amount=amount,
        refund_data=refund_data,
    )
    response, error = _ask(manager.refund_payment, payment_data, channel_slug)
    return get_already_processed_transaction_or_create_new_transaction(
        payment=payment,
        kind=TransactionKind.REFUND,
        payment_information=payment_data,
        error_msg=error,
        gateway_response=response,
    )


@raise_payment_error
@with_locked_payment
@payment_postprocess
def void(payment: Payment, manager: "PluginsManager", channel_slug: str) -> Transaction:
    payment_data = create_payment_information(
        payment=payment,
        manager=manager,
        payment_token=_get_past_transaction_token(payment, TransactionKind.AUTH),
    )
    response, error = _ask(manager.void_payment, payment_data, channel_slug)
    return get_already_processed_transaction_or_create_new_transaction(
        payment=payment,
        kind=TransactionKind.VOID,
        payment_information=payment_data,
        error_msg=error,
        gateway_response=response,
    )


def _ask(
    hook: Callable[..., GatewayResponse], payment_data: PaymentData, channel_slug: str
) -> tuple[GatewayResponse | None, str | None]:
    """Return the plugin's answer, or the sentence for one that it failed to give.

    Any other exception than PaymentError passes through and breaks the mutation.
    """
    try:
        response = hook(payment_data.gateway, payment_data, channel_slug=channel_slug)
        validate_gateway_response(response)
    except GatewayError:
        logger.exception("Gateway response validation failed!")
        return None, ERROR_MSG
    except PaymentError:
        logger.exception("Error encountered while executing payment gateway.")
        return None, ERROR_MSG
    return response, None


def _record_charge(
    payment: Payment,
    kind: str,
    payment_data: PaymentData,
    response: GatewayResponse | None,
    error: str | None,
) -> Transaction:
    if response:
        update_payment(payment, response)
    return get_already_processed_transaction_or_create_new_transaction(
        payment=payment,
        kind=kind,
        payment_information=payment_data,
        action_required=response is not None and response.action_required,
        gateway_response=response,
        error_msg=error,
    )


def _get_past_transaction_token(payment: Payment, kind: str) -> str:
    txn = payment.transactions.filter(kind=kind, is_success=True).last()
    if txn is None:
        raise PaymentError(f"Cannot find successful {kind} transaction.")
    return txn.token


def payment_refund_or_void(
    payment: Payment | None,
    manager: "PluginsManager",
    channel_slug: str | None,
    transaction_id: str | None = None,
) -> None:
    """Give the money back in whichever way it still can be, unless it was already."""
    if payment is None:
        return
    if payment.can_refund():
        ongoing = _get_success_transaction(
            TransactionKind.REFUND_ONGOING, payment, transaction_id
        )
        if not ongoing or ongoing.amount < payment.captured_amount:
            refund(payment, manager, channel_slug=channel_slug)
    elif payment.can_void() and not _get_success_transaction(
        TransactionKind.VOID, payment, transaction_id
    ):
        void(payment, manager, channel_slug=channel_slug)


def _get_success_transaction(
    kind: str, payment: Payment, transaction_id: str | None
) -> Transaction | None:
    if not transaction_id:
        try:
            transaction_id = _get_past_transaction_token(payment, kind)
        except PaymentError:
            return None
    return payment.transactions.filter(
        token=transaction_id, action_required=False, is_success=True, kind=kind
    ).last()


def get_payment_gateways(
    manager: "PluginsManager",
    currency: str | None = None,
    checkout_info: "CheckoutInfo | None" = None,
    checkout_lines: "list[CheckoutLineInfo] | None" = None,
    channel_slug: str | None = None,
    active_only: bool = True,
) -> list[PaymentGateway]:
    gateways = manager.list_payment_gateways(
        currency=currency,
        checkout_info=checkout_info,
        checkout_lines=checkout_lines,
        channel_slug=channel_slug,
        active_only=active_only,
    )
    if currency:
        # Saleor offers its gift cards as one more gateway, and a storefront must
        # find its way past it.
        gateways.append(
            PaymentGateway(
                id=GIFT_CARD_PAYMENT_GATEWAY_ID,
                name=GIFT_CARD_PAYMENT_GATEWAY_NAME,
                currencies=[currency],
                config=[],
            )
        )
    return gateways


def request_charge_action(
    transaction: TransactionItem,
    manager: "PluginsManager",
    charge_value: Decimal | None,
    request_event: TransactionEvent,
    channel_slug: str,
    user: User | None,
    app: None,
) -> None:
    if charge_value is None:
        charge_value = transaction.authorized_value
    _request_payment_action(
        _action_data(
            transaction, TransactionAction.CHARGE, charge_value, request_event
        ),
        manager,
        channel_slug,
        manager.transaction_charge_requested,
    )
    if transaction.order_id:
        event_transaction_charge_requested(
            order_id=transaction.order_id,
            reference=transaction.psp_reference or "",
            amount=quantize_price(charge_value, transaction.currency),
            user=user,
            app=app,
        )


def request_refund_action(
    transaction: TransactionItem,
    manager: "PluginsManager",
    refund_value: Decimal | None,
    request_event: TransactionEvent,
    channel_slug: str,
    user: User | None,
    app: None,
) -> None:
    if refund_value is None:
        refund_value = transaction.charged_value
    _request_payment_action(
        _action_data(
            transaction, TransactionAction.REFUND, refund_value, request_event
        ),
        manager,
        channel_slug,
        manager.transaction_refund_requested,
    )
    if transaction.order_id:
        event_transaction_refund_requested(
            order_id=transaction.order_id,
            reference=transaction.psp_reference or "",
            amount=quantize_price(refund_value, transaction.currency),
            user=user,
            app=app,
        )


def request_cancelation_action(
    transaction: TransactionItem,
    manager: "PluginsManager",
    cancel_value: Decimal | None,
    request_event: TransactionEvent,
    channel_slug: str,
    user: User | None,
    app: None,
    action: str,
) -> None:
    if cancel_value is None:
        cancel_value = transaction.authorized_value
    _request_payment_action(
        _action_data(transaction, action, cancel_value, request_event),
        manager,
        channel_slug,
        manager.transaction_cancelation_requested,
    )
    if transaction.order_id:
        event_transaction_cancel_requested(
            order_id=transaction.order_id,
            reference=transaction.psp_reference or "",
            user=user,
            app=app,
        )


def _action_data(
    transaction: TransactionItem,
    action_type: str,
    action_value: Decimal,
    request_event: TransactionEvent,
) -> TransactionActionData:
    owner = App.objects.filter(
        identifier=transaction.app_identifier, removed_at__isnull=True, is_active=True
    ).first()
    return TransactionActionData(
        transaction=transaction,
        action_type=action_type,
        action_value=action_value,
        event=request_event,
        transaction_app_owner=owner,
    )


def _request_payment_action(
    data: TransactionActionData,
    manager: "PluginsManager",
    channel_slug: str,
    request: Callable[[TransactionActionData, str], None],
) -> None:
    if not manager.is_event_active_for_any_plugin(request.__name__, channel_slug):
        recalculate_refundable_for_checkout(data.transaction, data.event)
        cause = "No app or plugin is configured to handle payment action requests."
        create_failed_transaction_event(data.event, cause=cause)
        raise PaymentError(cause)
    request(data, channel_slug)
