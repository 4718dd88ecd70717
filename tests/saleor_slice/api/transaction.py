"""Transactions (``saleor.graphql.payment.mutations.transaction``).

What only an app may say, the action and the customer's IP address, is not here: no
app can ask for anything.
"""

import uuid
from decimal import Decimal
from typing import Any

import graphene
from django.conf import settings
from django.core.exceptions import ValidationError
from graphql.error import GraphQLError
from saleor.app.models import App
from saleor.channel import TransactionFlowStrategy
from saleor.checkout.calculations import fetch_checkout_data
from saleor.checkout.fetch import fetch_checkout_info, fetch_checkout_lines
from saleor.checkout.models import Checkout
from saleor.checkout.utils import activate_payments, cancel_active_payments
from saleor.core.prices import quantize_price
from saleor.core.utils import get_client_ip
from saleor.order.models import Order
from saleor.payment import (
    FAILED_TRANSACTION_EVENTS,
    TransactionEventType,
    TransactionItemIdempotencyUniqueError,
)
from saleor.payment.error_codes import (
    PaymentGatewayConfigErrorCode,
    TransactionInitializeErrorCode,
    TransactionProcessErrorCode,
)
from saleor.payment.interface import PaymentGatewayData
from saleor.payment.models import TransactionEvent
from saleor.payment.utils import (
    get_final_session_statuses,
    handle_transaction_initialize_session,
    handle_transaction_process_session,
)
from saleor.plugins.manager import PluginsManager, get_plugins_manager

from . import errors, payment_types, types
from .mutation import BaseMutation, errors_of
from .scalars import JSON, PositiveDecimal
from .transaction_item import get_transaction_item

PaidFor = Checkout | Order


class PaymentGatewayConfig(graphene.ObjectType):
    id = graphene.String(required=True)
    data = JSON()
    errors = graphene.List(graphene.NonNull(errors.PaymentGatewayConfigError))


class PaymentGatewayToInitialize(graphene.InputObjectType):
    id = graphene.String(required=True)
    data = JSON()


class PaymentGatewayInitialize(BaseMutation):
    error_type = errors.PaymentGatewayInitializeError
    errors = errors_of(errors.PaymentGatewayInitializeError)
    gateway_configs = graphene.List(graphene.NonNull(PaymentGatewayConfig))

    class Arguments:
        id = graphene.ID(required=True)
        amount = PositiveDecimal()
        payment_gateways = types.list_of(PaymentGatewayToInitialize, required=False)

    @classmethod
    def perform(
        cls,
        info: Any,
        id: str,
        amount: Decimal | None = None,
        payment_gateways: list[dict[str, Any]] | None = None,
    ) -> "PaymentGatewayInitialize":
        manager = get_plugins_manager(allow_replica=False)
        paid_for = _what_to_pay_for(info, id, manager)
        asked = [
            PaymentGatewayData(app_identifier=gateway["id"], data=gateway.get("data"))
            for gateway in payment_gateways or []
        ]
        answers = manager.payment_gateway_initialize_session(
            _amount(paid_for, amount), asked, paid_for
        )
        by_identifier = {answer.app_identifier: answer for answer in answers}
        identifiers = [gateway.app_identifier for gateway in asked] or by_identifier
        return cls(
            gateway_configs=[
                _gateway_config(identifier, by_identifier.get(identifier))
                for identifier in identifiers
            ]
        )


def _gateway_config(
    identifier: str, answer: PaymentGatewayData | None
) -> PaymentGatewayConfig:
    if answer is None:
        error = (
            "Active app with `HANDLE_PAYMENT` permissions or app webhook not found.",
            PaymentGatewayConfigErrorCode.NOT_FOUND,
        )
    elif answer.error:
        error = (answer.error, PaymentGatewayConfigErrorCode.INVALID)
    else:
        return PaymentGatewayConfig(id=identifier, data=answer.data, errors=[])
    message, code = error
    return PaymentGatewayConfig(
        id=identifier,
        data=answer.data if answer else None,
        errors=[
            errors.PaymentGatewayConfigError(
                field="id", message=message, code=code.value
            )
        ],
    )


class TransactionInitialize(BaseMutation):
    error_type = errors.TransactionInitializeError
    errors = errors_of(errors.TransactionInitializeError)
    transaction = graphene.Field(payment_types.TransactionItem)
    transaction_event = graphene.Field(payment_types.TransactionEvent)
    data = JSON()

    class Arguments:
        id = graphene.ID(required=True)
        amount = PositiveDecimal()
        idempotency_key = graphene.String()
        payment_gateway = PaymentGatewayToInitialize(required=True)

    @classmethod
    def perform(
        cls,
        info: Any,
        id: str,
        payment_gateway: dict[str, Any],
        amount: Decimal | None = None,
        idempotency_key: str | None = None,
    ) -> "TransactionInitialize":
        manager = get_plugins_manager(allow_replica=False)
        paid_for = _what_to_pay_for(info, id, manager)
        if _is_locked(paid_for):
            raise _completion_in_progress("initialized")
        if idempotency_key == "":
            raise _error(
                "idempotency_key",
                "Cannot be provided as an empty string.",
                TransactionInitializeErrorCode.INVALID,
            )
        app = _active_app(payment_gateway["id"])
        if not app:
            raise _error(
                "payment_gateway",
                "App with provided identifier not found.",
                TransactionInitializeErrorCode.NOT_FOUND,
            )
        payment_ids = _deactivate_payments(paid_for)
        try:
            transaction, event, data = handle_transaction_initialize_session(
                source_object=paid_for,
                payment_gateway_data=PaymentGatewayData(
                    app_identifier=payment_gateway["id"],
                    data=payment_gateway.get("data"),
                ),
                amount=_amount(paid_for, amount),
                action=paid_for.channel.default_transaction_flow_strategy,
                customer_ip_address=get_client_ip(info.context),
                app=app,
                manager=manager,
                idempotency_key=idempotency_key or str(uuid.uuid4()),
            )
        except TransactionItemIdempotencyUniqueError as error:
            activate_payments(payment_ids)
            raise _error(
                "idempotency_key",
                "Different transaction with provided idempotency key already exists.",
                TransactionInitializeErrorCode.UNIQUE,
            ) from error
        return cls(transaction=transaction, transaction_event=event, data=data)


class TransactionProcess(BaseMutation):
    error_type = errors.TransactionProcessError
    errors = errors_of(errors.TransactionProcessError)
    transaction = graphene.Field(payment_types.TransactionItem)
    transaction_event = graphene.Field(payment_types.TransactionEvent)
    data = JSON()

    class Arguments:
        id = graphene.ID()
        token = graphene.UUID()
        data = JSON()

    @classmethod
    def perform(
        cls,
        info: Any,
        id: str | None = None,
        token: uuid.UUID | None = None,
        data: Any = None,
    ) -> "TransactionProcess":
        item = get_transaction_item(id, token)
        events = item.events.all()
        if processed := _already_processed(events):
            return cls(transaction=item, transaction_event=processed, data=None)
        request_event = _session_request(events)
        paid_for = item.checkout or item.order
        if not paid_for:
            raise _error(
                "id",
                "Transaction doesn't have attached order or checkout.",
                TransactionProcessErrorCode.INVALID,
            )
        if _is_locked(paid_for):
            raise _completion_in_progress("processed")
        app = _active_app(item.app_identifier)
        if not app:
            raise _error(
                "id",
                "Payment app attached to the transaction, doesn't exist.",
                TransactionProcessErrorCode.MISSING_PAYMENT_APP,
            )
        payment_ids = _deactivate_payments(paid_for)
        event, data_to_return = handle_transaction_process_session(
            transaction_item=item,
            source_object=paid_for,
            payment_gateway_data=PaymentGatewayData(
                app_identifier=app.identifier, data=data
            ),
            app=app,
            action=(
                TransactionFlowStrategy.AUTHORIZATION
                if request_event.type == TransactionEventType.AUTHORIZATION_REQUEST
                else TransactionFlowStrategy.CHARGE
            ),
            customer_ip_address=get_client_ip(info.context),
            manager=get_plugins_manager(allow_replica=False),
            request_event=request_event,
        )
        if event.type in FAILED_TRANSACTION_EVENTS:
            activate_payments(payment_ids)
        item.refresh_from_db()
        return cls(transaction=item, transaction_event=event, data=data_to_return)


def _already_processed(events: Any) -> TransactionEvent | None:
    return next(
        (
            event
            for event in events
            if event.type in get_final_session_statuses()
            and event.include_in_calculations
        ),
        None,
    )


def _session_request(events: Any) -> TransactionEvent:
    for event in events:
        if (
            event.type
            in (
                TransactionEventType.AUTHORIZATION_REQUEST,
                TransactionEventType.CHARGE_REQUEST,
            )
            and not event.include_in_calculations
        ):
            return event
    raise _error(
        "id",
        "Missing call of `transactionInitialize` mutation.",
        TransactionProcessErrorCode.INVALID,
    )


def _what_to_pay_for(info: Any, global_id: str, manager: PluginsManager) -> PaidFor:
    """Return the checkout, with today's prices, or the order."""
    try:
        type_name, pk = graphene.Node.from_global_id(global_id)
    except ValueError as error:
        raise GraphQLError(f"Invalid ID: {global_id}.") from error
    models = {"Checkout": Checkout, "Order": Order}
    if type_name not in models:
        raise _error(
            "id",
            f"Invalid ID: {global_id}. Expected one of: Checkout, Order, received: "
            f"{type_name}.",
            TransactionInitializeErrorCode.INVALID,
        )
    try:
        paid_for = models[type_name].objects.filter(pk=uuid.UUID(pk)).first()
    except ValueError as error:
        raise GraphQLError(f"Invalid ID: {global_id}.") from error
    if not paid_for:
        raise _error(
            "id",
            "`Order` or `Checkout` not found.",
            TransactionInitializeErrorCode.NOT_FOUND,
        )
    if isinstance(paid_for, Checkout):
        lines, _ = fetch_checkout_lines(paid_for)
        checkout_info = fetch_checkout_info(paid_for, lines, manager)
        fetch_checkout_data(
            checkout_info, manager, lines, requestor=info.context.user
        ).get()
    if paid_for.payment_transactions.count() >= settings.TRANSACTION_ITEMS_LIMIT:
        raise _error(
            "id",
            f"{type_name} transactions limit of {settings.TRANSACTION_ITEMS_LIMIT} "
            "reached.",
            TransactionInitializeErrorCode.INVALID,
        )
    return paid_for


def _amount(paid_for: PaidFor, asked: Decimal | None) -> Decimal:
    """Return what is asked for, or else what is left to pay."""
    if asked is not None:
        return quantize_price(asked, paid_for.currency)
    left = paid_for.total_gross_amount
    for item in paid_for.payment_transactions.all():
        left -= max(item.authorized_value, item.charged_value)
        left -= item.authorize_pending_value + item.charge_pending_value
    return quantize_price(max(left, Decimal(0)), paid_for.currency)


def _active_app(identifier: str | None) -> App | None:
    return App.objects.filter(
        identifier=identifier, removed_at__isnull=True, is_active=True
    ).first()


def _is_locked(paid_for: PaidFor) -> bool:
    return isinstance(paid_for, Checkout) and paid_for.is_checkout_locked()


def _deactivate_payments(paid_for: PaidFor) -> list[int]:
    """Let a checkout be paid in one of the two ways only."""
    return cancel_active_payments(paid_for) if isinstance(paid_for, Checkout) else []


def _completion_in_progress(what_cannot_be_done: str) -> ValidationError:
    return _error(
        "id",
        f"Transaction cannot be {what_cannot_be_done} - the checkout completion is "
        "currently in progress. Please wait until the process is finished "
        f"(max {settings.CHECKOUT_COMPLETION_LOCK_TIME} seconds).",
        TransactionInitializeErrorCode.CHECKOUT_COMPLETION_IN_PROGRESS,
    )


def _error(field: str, message: str, code: Any) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code.value)})
