"""From a payment to a plugin's question and from its answer to the records.

As in ``saleor.payment.utils``: first the older Payments API, then the Transactions
API. Gift cards are not here.
"""

import json
import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import graphene
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from ..account.models import User
from ..channel import TransactionFlowStrategy
from ..checkout.actions import (
    transaction_amounts_for_checkout_updated_without_price_recalculation,
    update_last_transaction_modified_at_for_checkout,
)
from ..checkout.calculations import checkout_line_unit_price
from ..checkout.fetch import fetch_checkout_info, fetch_checkout_lines
from ..checkout.models import Checkout
from ..checkout.payment_utils import update_refundable_for_checkout
from ..core.prices import quantize_price
from ..core.tracing import traced_atomic_transaction
from ..order import OrderStatus
from ..order.actions import order_transaction_updated
from ..order.fetch import fetch_order_info
from ..order.models import Order
from ..order.utils import refresh_order_status, updates_amounts_for_order
from . import (
    ChargeStatus,
    GatewayError,
    PaymentError,
    StorePaymentMethod,
    TransactionEventType,
    TransactionItemIdempotencyUniqueError,
    TransactionKind,
)
from ._session_response import (
    SessionResponse,
    UnusableResponse,
    parse_action_response,
    parse_session_response,
)
from .error_codes import PaymentErrorCode
from .interface import (
    AddressData,
    GatewayResponse,
    PaymentData,
    PaymentGatewayData,
    PaymentLineData,
    PaymentLinesData,
    PaymentMethodInfo,
    RefundData,
    StorePaymentMethodEnum,
    TransactionData,
    TransactionProcessActionData,
    TransactionSessionData,
)
from .lock_objects import (
    get_checkout_and_transaction_item_locked_for_update,
    get_order_and_transaction_item_locked_for_update,
)
from .models import Payment, Transaction, TransactionEvent, TransactionItem
from .transaction_item_calculations import recalculate_transaction_amounts

if TYPE_CHECKING:
    from ..account.models import Address
    from ..app.models import App
    from ..plugins.manager import PluginsManager

logger = logging.getLogger(__name__)

ALLOWED_GATEWAY_KINDS = {kind for kind, _ in TransactionKind.CHOICES}


def create_payment(
    gateway: str,
    total: Decimal,
    currency: str,
    email: str,
    customer_ip_address: str | None = None,
    payment_token: str | None = None,
    extra_data: dict[str, Any] | None = None,
    checkout: Checkout | None = None,
    return_url: str | None = None,
    store_payment_method: str = StorePaymentMethod.NONE,
    metadata: dict[str, str] | None = None,
) -> Payment:
    billing = checkout.billing_address
    if not billing:
        raise PaymentError(
            "Order does not have a billing address.",
            code=PaymentErrorCode.BILLING_ADDRESS_NOT_SET.value,
        )
    return Payment.objects.create(
        gateway=gateway,
        total=total,
        currency=currency,
        checkout=checkout,
        token=payment_token or "",
        customer_ip_address=customer_ip_address,
        extra_data=json.dumps(extra_data or {}),
        return_url=return_url,
        psp_reference="",
        store_payment_method=store_payment_method,
        metadata=metadata or {},
        billing_email=email,
        billing_first_name=billing.first_name,
        billing_last_name=billing.last_name,
        billing_company_name=billing.company_name,
        billing_address_1=billing.street_address_1,
        billing_address_2=billing.street_address_2,
        billing_city=billing.city,
        billing_postal_code=billing.postal_code,
        billing_country_code=billing.country,
        billing_country_area=billing.country_area,
    )


def create_payment_information(
    payment: Payment,
    payment_token: str | None = None,
    amount: Decimal | None = None,
    customer_id: str | None = None,
    store_source: bool = False,
    refund_data: RefundData | None = None,
    additional_data: dict[str, Any] | None = None,
    manager: "PluginsManager | None" = None,
) -> PaymentData:
    """Gather all that a plugin is told, from the checkout or else from the order."""
    order = payment.order
    source = payment.checkout or order
    billing = source.billing_address if source else None
    shipping = source.shipping_address if source else None
    user_id = source.user_id if source else None
    if payment.checkout:
        checkout_token = str(payment.checkout.token)
    else:
        checkout_token = order.checkout_token if order else ""
    return PaymentData(
        gateway=payment.gateway,
        token=payment_token,
        amount=amount or payment.total,
        currency=payment.currency,
        billing=_address_data(billing),
        shipping=_address_data(shipping),
        # The text "None" without an order, as in Saleor.
        order_id=str(order.pk if order else None),
        order_channel_slug=order.channel.slug if order else None,
        payment_id=payment.pk,
        graphql_payment_id=graphene.Node.to_global_id("Payment", payment.pk),
        customer_ip_address=payment.customer_ip_address,
        customer_id=customer_id,
        customer_email=source.get_customer_email() if source else payment.billing_email,
        reuse_source=store_source,
        data=additional_data or {},
        graphql_customer_id=(
            graphene.Node.to_global_id("User", user_id) if user_id else None
        ),
        store_payment_method=StorePaymentMethodEnum[
            payment.store_payment_method.upper()
        ],
        checkout_token=checkout_token,
        payment_metadata=payment.metadata,
        psp_reference=payment.psp_reference,
        refund_data=refund_data,
        transactions=generate_transactions_data(payment),
        _resolve_lines_data=lambda: create_payment_lines_information(payment, manager),
    )


def _address_data(address: "Address | None") -> AddressData | None:
    return AddressData(**address.as_data()) if address else None


def generate_transactions_data(payment: Payment) -> list[TransactionData]:
    return [
        TransactionData(
            token=txn.token,
            is_success=txn.is_success,
            kind=txn.kind,
            gateway_response=txn.gateway_response,
            amount={
                "amount": str(quantize_price(txn.amount, txn.currency)),
                "currency": txn.currency,
            },
        )
        for txn in payment.transactions.all()
    ]


def create_payment_lines_information(
    payment: Payment, manager: "PluginsManager"
) -> PaymentLinesData:
    if payment.checkout:
        lines = _checkout_lines(payment.checkout, manager)
    elif payment.order:
        lines = _order_lines(payment.order)
    else:
        lines = []
    return PaymentLinesData(
        shipping_amount=Decimal("0.00"), voucher_amount=Decimal("0.00"), lines=lines
    )


def _checkout_lines(
    checkout: Checkout, manager: "PluginsManager"
) -> list[PaymentLineData]:
    lines, _ = fetch_checkout_lines(checkout)
    checkout_info = fetch_checkout_info(checkout, lines, manager)
    return [
        PaymentLineData(
            amount=checkout_line_unit_price(
                manager=manager,
                checkout_info=checkout_info,
                lines=lines,
                checkout_line_info=info,
            ).gross.amount,
            variant_id=info.variant.pk,
            product_name=f"{info.variant.product.name}, {info.variant.name}",
            product_sku=info.variant.sku,
            quantity=info.line.quantity,
        )
        for info in lines
    ]


def _order_lines(order: Order) -> list[PaymentLineData]:
    return [
        PaymentLineData(
            amount=line.unit_price_gross_amount,
            variant_id=line.variant_id,
            product_name=f"{line.product_name}, {line.variant_name}",
            product_sku=line.product_sku,
            quantity=line.quantity,
        )
        for line in order.lines.exclude(variant=None)
    ]


def create_transaction(
    payment: Payment,
    *,
    kind: str,
    payment_information: PaymentData | None,
    action_required: bool = False,
    gateway_response: GatewayResponse | None = None,
    error_msg: str | None = None,
    is_success: bool = False,
) -> Transaction:
    """Record a gateway's answer, or that it gave none that could be used."""
    if not gateway_response:
        if not payment_information:
            raise ValueError("Payment information is required to create a transaction.")
        gateway_response = GatewayResponse(
            kind=kind,
            action_required=False,
            transaction_id=payment_information.token or "",
            is_success=is_success,
            amount=payment_information.amount,
            currency=payment_information.currency,
            error=error_msg,
            raw_response={},
        )
    return Transaction.objects.create(
        payment=payment,
        action_required=action_required,
        kind=gateway_response.kind,
        token=gateway_response.transaction_id,
        is_success=gateway_response.is_success,
        amount=gateway_response.amount,
        currency=gateway_response.currency,
        error=gateway_response.error,
        customer_id=gateway_response.customer_id,
        gateway_response=gateway_response.raw_response or {},
        action_required_data=gateway_response.action_required_data or {},
    )


def get_already_processed_transaction(
    payment: Payment, gateway_response: GatewayResponse
) -> Transaction | None:
    return payment.transactions.filter(
        is_success=gateway_response.is_success,
        action_required=gateway_response.action_required,
        token=gateway_response.transaction_id,
        kind=gateway_response.kind,
        amount=gateway_response.amount,
        currency=gateway_response.currency,
    ).last()


def get_already_processed_transaction_or_create_new_transaction(
    payment: Payment,
    kind: str,
    payment_information: PaymentData,
    action_required: bool = False,
    gateway_response: GatewayResponse | None = None,
    error_msg: str | None = None,
) -> Transaction:
    if gateway_response and gateway_response.transaction_already_processed:
        txn = get_already_processed_transaction(payment, gateway_response)
        if txn:
            return txn
    return create_transaction(
        payment,
        kind=kind,
        payment_information=payment_information,
        action_required=action_required,
        gateway_response=gateway_response,
        error_msg=error_msg,
    )


def clean_capture(payment: Payment, amount: Decimal) -> None:
    if amount <= 0:
        raise PaymentError("Amount should be a positive number.")
    if not payment.can_capture():
        raise PaymentError("This payment cannot be captured.")
    if amount > payment.get_charge_amount():
        raise PaymentError("Unable to charge more than un-captured amount.")


def validate_gateway_response(response: GatewayResponse) -> None:
    if not isinstance(response, GatewayResponse):
        raise GatewayError("Gateway needs to return a GatewayResponse obj")
    if response.kind not in ALLOWED_GATEWAY_KINDS:
        raise GatewayError(
            f"Gateway response kind must be one of {sorted(ALLOWED_GATEWAY_KINDS)}"
        )
    try:
        json.dumps(response.raw_response, cls=DjangoJSONEncoder)
    except (TypeError, ValueError) as error:
        raise GatewayError("Gateway response needs to be json serializable") from error


@traced_atomic_transaction()
def gateway_postprocess(transaction: Transaction, payment: Payment) -> None:
    """Let the payment follow a successful transaction, once."""
    if not transaction.is_success or transaction.already_processed:
        return
    if transaction.action_required:
        payment.to_confirm = True
        payment.save(update_fields=["to_confirm"])
        return
    changed_fields = []
    if payment.to_confirm:
        payment.to_confirm = False
        changed_fields.append("to_confirm")
    update_payment_charge_status(payment, transaction, changed_fields)


def update_payment_charge_status(
    payment: Payment, transaction: Transaction, changed_fields: list[str] | None = None
) -> None:
    changed_fields = changed_fields or []
    match transaction.kind:
        case TransactionKind.CAPTURE | TransactionKind.REFUND_REVERSED:
            # Saleor leaves is_active out of the saved fields: a capture of an
            # inactive payment shows on the object in hand, not in the database.
            payment.is_active = True
            payment.captured_amount += transaction.amount
            payment.charge_status = (
                ChargeStatus.FULLY_CHARGED
                if payment.get_charge_amount() <= 0
                else ChargeStatus.PARTIALLY_CHARGED
            )
            changed_fields += ["charge_status", "captured_amount", "modified_at"]
        case TransactionKind.VOID:
            payment.is_active = False
            changed_fields += ["is_active", "modified_at"]
        case TransactionKind.REFUND:
            payment.captured_amount -= transaction.amount
            payment.charge_status = ChargeStatus.PARTIALLY_REFUNDED
            if payment.captured_amount <= 0:
                payment.captured_amount = Decimal("0.0")
                payment.charge_status = ChargeStatus.FULLY_REFUNDED
                payment.is_active = False
            changed_fields += [
                "captured_amount",
                "modified_at",
                "charge_status",
                "is_active",
            ]
        case TransactionKind.PENDING:
            payment.charge_status = ChargeStatus.PENDING
            changed_fields.append("charge_status")
        case TransactionKind.CANCEL:
            payment.charge_status = ChargeStatus.CANCELLED
            payment.is_active = False
            changed_fields += ["charge_status", "is_active"]
    if changed_fields:
        payment.save(update_fields=changed_fields)
    transaction.already_processed = True
    transaction.save(update_fields=["already_processed"])
    if "captured_amount" in changed_fields and payment.order_id:
        updates_amounts_for_order(payment.order)


def update_payment(payment: Payment, gateway_response: GatewayResponse) -> None:
    """Note on the payment what the gateway said of it: reference and card."""
    changed_fields = []
    if gateway_response.psp_reference:
        payment.psp_reference = gateway_response.psp_reference
        changed_fields.append("psp_reference")
    update_payment_method_details(
        payment, gateway_response.payment_method_info, changed_fields
    )
    if changed_fields:
        payment.save(update_fields=changed_fields)


def update_payment_method_details(
    payment: Payment,
    payment_method_info: PaymentMethodInfo | None,
    changed_fields: list[str],
) -> None:
    if not payment_method_info:
        return
    details = {
        "cc_brand": payment_method_info.brand,
        "cc_last_digits": payment_method_info.last_4,
        "cc_exp_year": payment_method_info.exp_year,
        "cc_exp_month": payment_method_info.exp_month,
        "payment_method_type": payment_method_info.type,
    }
    for name, value in details.items():
        if value:
            setattr(payment, name, value)
            changed_fields.append(name)


def get_channel_slug_from_payment(payment: Payment) -> str | None:
    source = payment.checkout or payment.order
    return source.channel.slug if source else None


def try_void_or_refund_inactive_payment(
    payment: Payment, transaction: Transaction, manager: "PluginsManager"
) -> None:
    """Give back what was captured for a payment that another one replaced."""
    from .gateway import payment_refund_or_void

    if not transaction.is_success:
        return
    if not transaction.already_processed:
        update_payment_charge_status(payment, transaction)
    channel_slug = get_channel_slug_from_payment(payment)
    try:
        payment_refund_or_void(payment, manager, channel_slug=channel_slug)
    except PaymentError:
        logger.exception(
            "Unable to void/refund an inactive payment %s, %s.",
            payment.id,
            payment.psp_reference,
        )


def fetch_customer_id(user: User, gateway: str) -> str | None:
    return user.get_value_from_private_metadata(
        prepare_key_for_gateway_customer_id(gateway)
    )


def store_customer_id(user: User, gateway: str, customer_id: str) -> None:
    user.store_value_in_private_metadata(
        {prepare_key_for_gateway_customer_id(gateway): customer_id}
    )
    user.save(update_fields=["private_metadata"])


def prepare_key_for_gateway_customer_id(gateway_name: str) -> str:
    return f"{gateway_name.strip().upper()}.customer_id"


def get_final_session_statuses() -> list[str]:
    return [
        TransactionEventType.AUTHORIZATION_FAILURE,
        TransactionEventType.AUTHORIZATION_SUCCESS,
        TransactionEventType.AUTHORIZATION_REQUEST,
        TransactionEventType.CHARGE_FAILURE,
        TransactionEventType.CHARGE_SUCCESS,
        TransactionEventType.CHARGE_REQUEST,
    ]


def handle_transaction_initialize_session(
    source_object: Checkout | Order,
    payment_gateway_data: PaymentGatewayData,
    amount: Decimal,
    action: str,
    customer_ip_address: str | None,
    app: "App",
    manager: "PluginsManager",
    idempotency_key: str,
) -> tuple[TransactionItem, TransactionEvent, Any]:
    """Return the transaction, the event of the gateway's answer, and its data.

    The same key finds the transaction and the request of before; the gateway is asked
    again nevertheless.
    """
    is_checkout = isinstance(source_object, Checkout)
    paid_for = {
        "checkout_id": source_object.pk if is_checkout else None,
        "order_id": None if is_checkout else source_object.pk,
    }
    try:
        transaction_item, _ = TransactionItem.objects.get_or_create(
            idempotency_key=idempotency_key,
            **paid_for,
            defaults={
                "currency": source_object.currency,
                "app": app,
                "app_identifier": app.identifier,
            },
        )
        request_event, _ = TransactionEvent.objects.get_or_create(
            idempotency_key=idempotency_key,
            transaction=transaction_item,
            type=(
                TransactionEventType.CHARGE_REQUEST
                if action == TransactionFlowStrategy.CHARGE
                else TransactionEventType.AUTHORIZATION_REQUEST
            ),
            currency=transaction_item.currency,
            amount_value=amount,
        )
    except IntegrityError as error:
        raise TransactionItemIdempotencyUniqueError from error
    result = manager.transaction_initialize_session(
        TransactionSessionData(
            transaction=transaction_item,
            source_object=source_object,
            payment_gateway_data=payment_gateway_data,
            action=TransactionProcessActionData(
                action_type=action, currency=source_object.currency, amount=amount
            ),
            customer_ip_address=customer_ip_address,
            idempotency_key=idempotency_key,
        )
    )
    response = result.response if result else None
    event = create_transaction_event_for_transaction_session(
        request_event, app, manager, transaction_webhook_response=response
    )
    return event.transaction, event, response.get("data") if response else None


def handle_transaction_process_session(
    transaction_item: TransactionItem,
    source_object: Checkout | Order,
    payment_gateway_data: PaymentGatewayData,
    action: str,
    app: "App",
    customer_ip_address: str | None,
    manager: "PluginsManager",
    request_event: TransactionEvent,
) -> tuple[TransactionEvent, Any]:
    result = manager.transaction_process_session(
        TransactionSessionData(
            transaction=transaction_item,
            source_object=source_object,
            payment_gateway_data=payment_gateway_data,
            action=TransactionProcessActionData(
                action_type=action,
                currency=source_object.currency,
                amount=request_event.amount_value,
            ),
            customer_ip_address=customer_ip_address,
        )
    )
    response = result.response if result else None
    event = create_transaction_event_for_transaction_session(
        request_event, app, manager, transaction_webhook_response=response
    )
    return event, response.get("data") if response else None


def create_transaction_event_for_transaction_session(
    request_event: TransactionEvent,
    app: "App | None",
    manager: "PluginsManager",
    transaction_webhook_response: dict[str, Any] | None = None,
) -> TransactionEvent:
    """Record a gateway's answer, and let the checkout or the order follow it.

    An answer that is pending changes the request itself, any other is an event of
    its own.
    """
    try:
        response = parse_session_response(transaction_webhook_response)
        if response.result in (
            TransactionEventType.AUTHORIZATION_REQUEST,
            TransactionEventType.CHARGE_REQUEST,
        ):
            event = _make_pending(request_event, response, app)
        else:
            event = _create_event_from_response(response, app, request_event)
            request_event.psp_reference = event.psp_reference
            request_event.save(update_fields=["psp_reference"])
    except UnusableResponse as error:
        return create_failed_transaction_event(request_event, cause=str(error))

    item = event.transaction
    if event.type in (
        TransactionEventType.AUTHORIZATION_REQUEST,
        TransactionEventType.AUTHORIZATION_SUCCESS,
        TransactionEventType.CHARGE_REQUEST,
        TransactionEventType.CHARGE_SUCCESS,
    ):
        previous = {
            "previous_authorized_value": item.authorized_value,
            "previous_charged_value": item.charged_value,
            "previous_refunded_value": item.refunded_value,
        }
        item.psp_reference = event.psp_reference
        if response.actions is not None:
            item.available_actions = sorted(set(response.actions))
        item.save(update_fields=["psp_reference", "available_actions"])
        recalculate_transaction_amounts(item)
        process_order_or_checkout_with_transaction(item, manager, None, app, **previous)
    elif event.psp_reference and item.psp_reference != event.psp_reference:
        item.psp_reference = event.psp_reference
        item.save(update_fields=["psp_reference", "modified_at"])
        if item.checkout:
            update_last_transaction_modified_at_for_checkout(item.checkout, item)
    return event


def _make_pending(
    request_event: TransactionEvent, response: SessionResponse, app: "App | None"
) -> TransactionEvent:
    request_event.type = response.result
    request_event.amount_value = response.amount or request_event.amount_value
    request_event.psp_reference = response.psp_reference
    request_event.include_in_calculations = True
    request_event.created_at = response.time
    request_event.app = app
    request_event.message = response.message
    request_event.external_url = response.external_url
    request_event.save()
    return request_event


def _create_event_from_response(
    response: SessionResponse, app: "App | None", request_event: TransactionEvent
) -> TransactionEvent:
    """Create the event, or return the same one that is already there."""
    amount = response.amount or request_event.amount_value
    with transaction.atomic():
        TransactionItem.objects.select_for_update().get(pk=request_event.transaction_id)
        if not response.result.endswith("_action_required"):
            same = TransactionEvent.objects.filter(
                transaction_id=request_event.transaction_id,
                psp_reference=response.psp_reference,
                type=response.result,
            ).first()
            if same and same.amount_value != amount:
                raise UnusableResponse(
                    "The transaction with provided `pspReference` and `type` already "
                    "exists with different amount."
                )
            if same:
                return same
        return TransactionEvent.objects.create(
            psp_reference=response.psp_reference,
            created_at=response.time,
            type=response.result,
            amount_value=amount,
            external_url=response.external_url,
            currency=request_event.currency,
            transaction_id=request_event.transaction_id,
            message=response.message,
            app_identifier=app.identifier if app else None,
            app=app,
            include_in_calculations=True,
        )


def create_transaction_event_from_request_and_webhook_response(
    request_event: TransactionEvent,
    app: "App | None",
    transaction_webhook_response: dict[str, Any] | None = None,
) -> TransactionEvent:
    """Record an app's answer to what staff asked for, and what follows of it."""
    from ..plugins.manager import get_plugins_manager

    item = request_event.transaction
    try:
        response = parse_action_response(
            transaction_webhook_response, request_event.type
        )
        if response.psp_reference is not None:
            request_event.psp_reference = response.psp_reference
            request_event.include_in_calculations = True
            request_event.save(
                update_fields=["psp_reference", "include_in_calculations"]
            )
        event = _create_event_from_response(response, app, request_event)
    except UnusableResponse as error:
        recalculate_refundable_for_checkout(item, request_event)
        return create_failed_transaction_event(request_event, cause=str(error))

    previous = {
        "previous_authorized_value": item.authorized_value,
        "previous_charged_value": item.charged_value,
        "previous_refunded_value": item.refunded_value,
    }
    recalculate_transaction_amounts(item)
    if response.actions is not None:
        item.available_actions = sorted(set(response.actions))
        item.save(update_fields=["available_actions"])
    manager = get_plugins_manager(allow_replica=True)
    if item.checkout:
        recalculate_refundable_for_checkout(item, request_event, event)
        transaction_amounts_for_checkout_updated_without_price_recalculation(
            item, item.checkout, manager, None, app
        )
    elif item.order:
        updates_amounts_for_order(item.order)
        order_transaction_updated(
            order_info=fetch_order_info(item.order),
            transaction_item=item,
            manager=manager,
            user=None,
            app=app,
            **previous,
        )
    return event


def create_failed_transaction_event(
    event: TransactionEvent, cause: str
) -> TransactionEvent:
    """Note why what was requested failed; it does not count for the amounts."""
    return TransactionEvent.objects.create(
        type=get_failed_transaction_event_type_for_request_event(event) or event.type,
        amount_value=event.amount_value,
        currency=event.currency,
        transaction_id=event.transaction_id,
        message=cause,
        include_in_calculations=False,
        psp_reference=event.psp_reference,
    )


def get_failed_transaction_event_type_for_request_event(
    request_event: TransactionEvent,
) -> str | None:
    return {
        TransactionEventType.AUTHORIZATION_REQUEST: (
            TransactionEventType.AUTHORIZATION_FAILURE
        ),
        TransactionEventType.CHARGE_REQUEST: TransactionEventType.CHARGE_FAILURE,
        TransactionEventType.REFUND_REQUEST: TransactionEventType.REFUND_FAILURE,
        TransactionEventType.CANCEL_REQUEST: TransactionEventType.CANCEL_FAILURE,
    }.get(request_event.type)


def process_order_or_checkout_with_transaction(
    transaction: TransactionItem,
    manager: "PluginsManager",
    user: User | None,
    app: "App | None",
    previous_authorized_value: Decimal = Decimal(0),
    previous_charged_value: Decimal = Decimal(0),
    previous_refunded_value: Decimal = Decimal(0),
) -> None:
    """Let what is paid for follow the amounts of its transaction."""
    checkout_deleted = False
    if transaction.checkout_id:
        with traced_atomic_transaction():
            checkout, transaction = get_checkout_and_transaction_item_locked_for_update(
                transaction.checkout_id, transaction.pk
            )
            if checkout and transaction.checkout_id:
                transaction_amounts_for_checkout_updated_without_price_recalculation(
                    transaction, checkout, manager, user, app
                )
            else:
                checkout_deleted = True
    if transaction.order_id or checkout_deleted:
        process_order_with_transaction(
            transaction,
            manager,
            user,
            app,
            previous_authorized_value,
            previous_charged_value,
            previous_refunded_value,
        )


def process_order_with_transaction(
    transaction: TransactionItem,
    manager: "PluginsManager",
    user: User | None,
    app: "App | None",
    previous_authorized_value: Decimal = Decimal(0),
    previous_charged_value: Decimal = Decimal(0),
    previous_refunded_value: Decimal = Decimal(0),
) -> None:
    with traced_atomic_transaction():
        order, transaction = get_order_and_transaction_item_locked_for_update(
            transaction.order_id, transaction.pk
        )
        updates_amounts_for_order(order, save=False)
        if (
            order.channel.automatically_confirm_all_new_orders
            and order.status == OrderStatus.UNCONFIRMED
        ):
            refresh_order_status(order)
        order.save()
    order_transaction_updated(
        order_info=fetch_order_info(order),
        transaction_item=transaction,
        manager=manager,
        user=user,
        app=app,
        previous_authorized_value=previous_authorized_value,
        previous_charged_value=previous_charged_value,
        previous_refunded_value=previous_refunded_value,
    )


def recalculate_refundable_for_checkout(
    transaction_item: TransactionItem,
    request_event: TransactionEvent,
    response_event: TransactionEvent | None = None,
) -> None:
    """Note whether the last refund or cancelation succeeded, and what follows of it."""
    succeeded = _last_refund_success(request_event, response_event)
    if succeeded is not None:
        transaction_item.last_refund_success = succeeded
        transaction_item.save(update_fields=["last_refund_success"])
    if transaction_item.checkout_id:
        update_refundable_for_checkout(transaction_item.checkout_id)


def _last_refund_success(
    request_event: TransactionEvent, response_event: TransactionEvent | None
) -> bool | None:
    """Return None where the events tell nothing of a refund or a cancelation."""
    match response_event.type if response_event else request_event.type:
        case TransactionEventType.REFUND_SUCCESS | TransactionEventType.CANCEL_SUCCESS:
            return True
        case TransactionEventType.REFUND_FAILURE | TransactionEventType.CANCEL_FAILURE:
            return False
        case TransactionEventType.REFUND_REQUEST | TransactionEventType.CANCEL_REQUEST:
            return None if response_event else request_event.include_in_calculations
    return None
