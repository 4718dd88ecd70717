"""From a payment to a plugin's question and from its answer to the records.

As in ``saleor.payment.utils``; gift cards and the Transactions API are not here.
"""

import json
import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import graphene
from django.core.serializers.json import DjangoJSONEncoder

from ..account.models import User
from ..checkout.calculations import checkout_line_unit_price
from ..checkout.fetch import fetch_checkout_info, fetch_checkout_lines
from ..checkout.models import Checkout
from ..core.prices import quantize_price
from ..core.tracing import traced_atomic_transaction
from ..order.models import Order
from ..order.utils import updates_amounts_for_order
from . import (
    ChargeStatus,
    GatewayError,
    PaymentError,
    StorePaymentMethod,
    TransactionKind,
)
from .error_codes import PaymentErrorCode
from .interface import (
    AddressData,
    GatewayResponse,
    PaymentData,
    PaymentLineData,
    PaymentLinesData,
    PaymentMethodInfo,
    RefundData,
    StorePaymentMethodEnum,
    TransactionData,
)
from .models import Payment, Transaction

if TYPE_CHECKING:
    from ..account.models import Address
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
