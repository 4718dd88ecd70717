"""The objects that queries and mutations return, as far as a checkout reads them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import graphene
from babel import Locale
from django.db import models
from prices import Money as PricesMoney
from prices import TaxedMoney as PricesTaxedMoney
from saleor.account import models as account_models
from saleor.channel import models as channel_models
from saleor.checkout import models as checkout_models
from saleor.checkout.calculations import (
    calculate_checkout_total_with_gift_cards,
    checkout_line_unit_price,
    checkout_shipping_price,
    fetch_checkout_data,
)
from saleor.checkout.delivery_context import get_or_fetch_checkout_deliveries
from saleor.checkout.fetch import (
    CheckoutInfo,
    fetch_checkout_info,
    fetch_checkout_lines,
)
from saleor.core.prices import quantize_price
from saleor.discount import models as discount_models
from saleor.giftcard import models as giftcard_models
from saleor.order import models as order_models
from saleor.payment import ChargeStatus
from saleor.payment import models as payment_models
from saleor.payment.gateway import get_payment_gateways
from saleor.payment.interface import PaymentGateway as PaymentGatewayData
from saleor.permission.enums import (
    ChannelPermissions,
    CheckoutPermissions,
    GiftcardPermissions,
    OrderPermissions,
    PaymentPermissions,
)
from saleor.plugins.base_plugin import BasePlugin, ConfigurationTypeField
from saleor.plugins.manager import PluginsManager, get_plugins_manager
from saleor.product import models as product_models
from saleor.shipping.interface import ShippingMethodData

from .access import requires
from .connection import connection_of
from .enums import (
    CheckoutAuthorizeStatusEnum,
    CheckoutChargeStatusEnum,
    ConfigurationTypeFieldEnum,
    LanguageCodeEnum,
    OrderAction,
    OrderActions,
    OrderAuthorizeStatusEnum,
    OrderChargeStatusEnum,
    OrderEventsEnum,
    OrderStatusEnum,
    PaymentChargeStatusEnum,
    TransactionActionEnum,
    TransactionEventTypeEnum,
    TransactionFlowStrategyEnum,
    TransactionKindEnum,
)
from .scalars import JSONString, Minute


def list_of(of_type: Any, required: bool = True) -> graphene.List:
    return graphene.List(graphene.NonNull(of_type), required=required)


class Node(graphene.ObjectType):
    """A record that has a global id."""

    class Meta:
        abstract = True

    id = graphene.ID(required=True)

    def resolve_id(root: models.Model, info: Any) -> str:
        return graphene.Node.to_global_id(info.parent_type.name, root.pk)


class Money(graphene.ObjectType):
    currency = graphene.String(required=True)
    amount = graphene.Float(required=True)

    def resolve_amount(root: PricesMoney, info: Any) -> Decimal:
        return quantize_price(root.amount, root.currency)


class TaxedMoney(graphene.ObjectType):
    currency = graphene.String(required=True)
    gross = graphene.Field(Money, required=True)
    net = graphene.Field(Money, required=True)


class User(Node):
    email = graphene.String(required=True)
    is_staff = graphene.Boolean(required=True)


class CountryDisplay(graphene.ObjectType):
    code = graphene.String(required=True)
    country = graphene.String(required=True)


class Address(Node):
    first_name = graphene.String(required=True)
    last_name = graphene.String(required=True)
    street_address_1 = graphene.String(required=True)
    street_address_2 = graphene.String(required=True)
    city = graphene.String(required=True)
    postal_code = graphene.String(required=True)
    country_area = graphene.String(required=True)
    country = graphene.Field(CountryDisplay, required=True)
    phone = graphene.String()

    def resolve_country(root: account_models.Address, info: Any) -> CountryDisplay:
        return CountryDisplay(root.country, Locale("en").territories[root.country])


class CheckoutSettings(graphene.ObjectType):
    automatically_complete_fully_paid_checkouts = graphene.Boolean(required=True)
    automatic_completion_delay = Minute()
    automatic_completion_cut_off_date = graphene.DateTime()


class OrderSettings(graphene.ObjectType):
    automatically_confirm_all_new_orders = graphene.Boolean(required=True)
    allow_unpaid_orders = graphene.Boolean(required=True)


class PaymentSettings(graphene.ObjectType):
    default_transaction_flow_strategy = TransactionFlowStrategyEnum(required=True)


class Channel(Node):
    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    is_active = graphene.Boolean(required=True)
    currency_code = graphene.String(required=True)
    checkout_settings = graphene.Field(CheckoutSettings, required=True)
    order_settings = graphene.Field(OrderSettings, required=True)
    payment_settings = graphene.Field(PaymentSettings, required=True)

    @requires(ChannelPermissions.MANAGE_CHANNELS, CheckoutPermissions.MANAGE_CHECKOUTS)
    def resolve_checkout_settings(
        root: channel_models.Channel, info: Any
    ) -> channel_models.Channel:
        return root

    @requires(ChannelPermissions.MANAGE_CHANNELS, OrderPermissions.MANAGE_ORDERS)
    def resolve_order_settings(
        root: channel_models.Channel, info: Any
    ) -> channel_models.Channel:
        return root

    @requires(ChannelPermissions.MANAGE_CHANNELS, PaymentPermissions.HANDLE_PAYMENTS)
    def resolve_payment_settings(
        root: channel_models.Channel, info: Any
    ) -> channel_models.Channel:
        return root


class Warehouse(Node):
    name = graphene.String(required=True)
    slug = graphene.String(required=True)


class Stock(Node):
    warehouse = graphene.Field(Warehouse, required=True)
    quantity = graphene.Int(required=True)
    quantity_allocated = graphene.Int(required=True)


class Product(Node):
    name = graphene.String(required=True)
    slug = graphene.String(required=True)


class ProductVariant(Node):
    name = graphene.String(required=True)
    sku = graphene.String()
    product = graphene.Field(Product, required=True)
    stocks = list_of(Stock, required=False)

    def resolve_stocks(
        root: product_models.ProductVariant, info: Any
    ) -> Iterable[models.Model]:
        return root.stocks.all()


class ShippingMethod(graphene.ObjectType):
    id = graphene.ID(required=True)
    name = graphene.String(required=True)
    active = graphene.Boolean(required=True)
    price = graphene.Field(Money, required=True)

    def resolve_id(root: ShippingMethodData, info: Any) -> str:
        return root.graphql_id


class DeliveryMethod(graphene.Union):
    class Meta:
        types = (Warehouse, ShippingMethod)

    @classmethod
    def resolve_type(
        cls, instance: ShippingMethodData, info: Any
    ) -> type[graphene.ObjectType]:
        return ShippingMethod


class Voucher(Node):
    name = graphene.String()
    code = graphene.String()

    def resolve_code(root: discount_models.Voucher, info: Any) -> str:
        return root.codes.last().code


class GiftCard(Node):
    code = graphene.String(required=True)
    display_code = graphene.String(required=True)
    is_active = graphene.Boolean(required=True)
    current_balance = graphene.Field(Money, required=True)

    @requires(GiftcardPermissions.MANAGE_GIFT_CARD)
    def resolve_code(root: giftcard_models.GiftCard, info: Any) -> str:
        return root.code

    def resolve_display_code(root: giftcard_models.GiftCard, info: Any) -> str:
        return root.code[-4:]

    def resolve_current_balance(
        root: giftcard_models.GiftCard, info: Any
    ) -> PricesMoney:
        return PricesMoney(root.current_balance_amount, root.currency)


class GatewayConfigLine(graphene.ObjectType):
    field = graphene.String(required=True)
    value = graphene.String()


class PaymentGateway(graphene.ObjectType):
    id = graphene.ID(required=True)
    name = graphene.String(required=True)
    config = list_of(GatewayConfigLine)
    currencies = list_of(graphene.String)


class CheckoutLine(Node):
    variant = graphene.Field(ProductVariant, required=True)
    quantity = graphene.Int(required=True)
    unit_price = graphene.Field(TaxedMoney, required=True)
    total_price = graphene.Field(TaxedMoney, required=True)

    def resolve_unit_price(
        root: checkout_models.CheckoutLine, info: Any
    ) -> PricesTaxedMoney:
        checkout_info = checkout_info_of(root.checkout)
        return checkout_line_unit_price(
            manager=checkout_info.manager,
            checkout_info=checkout_info,
            lines=checkout_info.lines,
            checkout_line_info=next(
                line_info
                for line_info in checkout_info.lines
                if line_info.line.pk == root.pk
            ),
        )

    def resolve_total_price(
        root: checkout_models.CheckoutLine, info: Any
    ) -> PricesTaxedMoney:
        return CheckoutLine.resolve_unit_price(root, info) * root.quantity


class Checkout(Node):
    token = graphene.UUID(required=True)
    email = graphene.String()
    channel = graphene.Field(Channel, required=True)
    billing_address = graphene.Field(Address)
    shipping_address = graphene.Field(Address)
    language_code = LanguageCodeEnum(required=True)
    is_shipping_required = graphene.Boolean(required=True)
    delivery_method = graphene.Field(DeliveryMethod)
    shipping_methods = list_of(ShippingMethod)
    available_shipping_methods = list_of(ShippingMethod)
    shipping_price = graphene.Field(TaxedMoney, required=True)
    gift_cards = list_of(GiftCard)
    voucher_code = graphene.String()
    discount = graphene.Field(Money)
    lines = list_of(CheckoutLine)
    total_price = graphene.Field(TaxedMoney, required=True)
    total_balance = graphene.Field(Money, required=True)
    available_payment_gateways = list_of(PaymentGateway)
    authorize_status = CheckoutAuthorizeStatusEnum(required=True)
    charge_status = CheckoutChargeStatusEnum(required=True)
    transactions = graphene.List(graphene.NonNull(lambda: TransactionItem))

    def resolve_is_shipping_required(root: checkout_models.Checkout, info: Any) -> bool:
        return root.is_shipping_required()

    def resolve_delivery_method(
        root: checkout_models.Checkout, info: Any
    ) -> ShippingMethodData | None:
        return checkout_info_of(root).get_delivery_method_info().delivery_method

    def resolve_shipping_methods(
        root: checkout_models.Checkout, info: Any
    ) -> list[ShippingMethodData]:
        deliveries = get_or_fetch_checkout_deliveries(
            checkout_info_of(root), requestor=info.context.user
        ).get()
        return [
            ShippingMethodData(
                id=delivery.shipping_method_id,
                name=delivery.name,
                price=PricesMoney(delivery.price_amount, delivery.currency),
            )
            for delivery in deliveries
        ]

    def resolve_available_shipping_methods(
        root: checkout_models.Checkout, info: Any
    ) -> list[ShippingMethodData]:
        return Checkout.resolve_shipping_methods(root, info)

    def resolve_shipping_price(
        root: checkout_models.Checkout, info: Any
    ) -> PricesTaxedMoney:
        checkout_info = checkout_info_of(root)
        return checkout_shipping_price(
            manager=checkout_info.manager,
            checkout_info=checkout_info,
            lines=checkout_info.lines,
        )

    def resolve_gift_cards(
        root: checkout_models.Checkout, info: Any
    ) -> Iterable[models.Model]:
        return root.gift_cards.all()

    def resolve_lines(
        root: checkout_models.Checkout, info: Any
    ) -> Iterable[models.Model]:
        return root.lines.all()

    def resolve_total_price(
        root: checkout_models.Checkout, info: Any
    ) -> PricesTaxedMoney:
        checkout_info = checkout_info_of(root)
        return calculate_checkout_total_with_gift_cards(
            checkout_info.manager, checkout_info, checkout_info.lines
        )

    def resolve_total_balance(root: checkout_models.Checkout, info: Any) -> PricesMoney:
        return _balance(root, Checkout.resolve_total_price(root, info).gross)

    def resolve_available_payment_gateways(
        root: checkout_models.Checkout, info: Any
    ) -> list[PaymentGatewayData]:
        checkout_info = checkout_info_of(root)
        return get_payment_gateways(
            manager=checkout_info.manager,
            currency=root.currency,
            checkout_info=checkout_info,
            checkout_lines=checkout_info.lines,
        )

    def resolve_authorize_status(root: checkout_models.Checkout, info: Any) -> str:
        return _up_to_date(root, info).authorize_status

    def resolve_charge_status(root: checkout_models.Checkout, info: Any) -> str:
        return _up_to_date(root, info).charge_status

    @requires(CheckoutPermissions.MANAGE_CHECKOUTS, PaymentPermissions.HANDLE_PAYMENTS)
    def resolve_transactions(
        root: checkout_models.Checkout, info: Any
    ) -> Iterable[models.Model]:
        return root.payment_transactions.all()


def _up_to_date(checkout: checkout_models.Checkout, info: Any) -> Any:
    checkout_info = checkout_info_of(checkout)
    fetch_checkout_data(
        checkout_info,
        checkout_info.manager,
        checkout_info.lines,
        requestor=info.context.user,
    ).get()
    return checkout_info.checkout


def checkout_info_of(checkout: checkout_models.Checkout) -> CheckoutInfo:
    lines, _ = fetch_checkout_lines(checkout)
    manager = get_plugins_manager(allow_replica=False)
    return fetch_checkout_info(checkout, lines, manager)


class Transaction(Node):
    created = graphene.DateTime(required=True)
    token = graphene.String(required=True)
    kind = TransactionKindEnum(required=True)
    is_success = graphene.Boolean(required=True)
    error = graphene.String()
    gateway_response = JSONString(required=True)
    amount = graphene.Field(Money)

    def resolve_created(root: payment_models.Transaction, info: Any) -> Any:
        return root.created_at

    def resolve_amount(root: payment_models.Transaction, info: Any) -> PricesMoney:
        return root.get_amount()


class Payment(Node):
    gateway = graphene.String(required=True)
    is_active = graphene.Boolean(required=True)
    created = graphene.DateTime(required=True)
    modified = graphene.DateTime(required=True)
    token = graphene.String(required=True)
    psp_reference = graphene.String()
    payment_method_type = graphene.String(required=True)
    charge_status = PaymentChargeStatusEnum(required=True)
    total = graphene.Field(Money)
    captured_amount = graphene.Field(Money)
    checkout = graphene.Field(Checkout)
    order = graphene.Field(lambda: Order)
    actions = list_of(OrderAction)
    transactions = list_of(Transaction, required=False)

    def resolve_created(root: payment_models.Payment, info: Any) -> Any:
        return root.created_at

    def resolve_modified(root: payment_models.Payment, info: Any) -> Any:
        return root.modified_at

    def resolve_total(root: payment_models.Payment, info: Any) -> PricesMoney:
        return root.get_total()

    def resolve_captured_amount(root: payment_models.Payment, info: Any) -> PricesMoney:
        return root.get_captured_amount()

    @requires(OrderPermissions.MANAGE_ORDERS)
    def resolve_actions(root: payment_models.Payment, info: Any) -> list[str]:
        possible = {
            OrderActions.CAPTURE: root.can_capture(),
            OrderActions.REFUND: root.can_refund(),
            OrderActions.VOID: root.can_void(),
        }
        return [action.value for action, can in possible.items() if can]

    @requires(OrderPermissions.MANAGE_ORDERS)
    def resolve_transactions(
        root: payment_models.Payment, info: Any
    ) -> Iterable[models.Model]:
        return root.transactions.all()


class TransactionEvent(Node):
    created_at = graphene.DateTime(required=True)
    type = TransactionEventTypeEnum()
    psp_reference = graphene.String(required=True)
    message = graphene.String(required=True)
    external_url = graphene.String(required=True)
    amount = graphene.Field(Money, required=True)
    idempotency_key = graphene.String()

    def resolve_psp_reference(root: payment_models.TransactionEvent, info: Any) -> str:
        return root.psp_reference or ""

    def resolve_message(root: payment_models.TransactionEvent, info: Any) -> str:
        return root.message or ""

    def resolve_external_url(root: payment_models.TransactionEvent, info: Any) -> str:
        return root.external_url or ""


def _amount(attribute: str) -> graphene.Field:
    """Make the field of an amount, which has another name in the database."""
    return graphene.Field(
        Money, required=True, resolver=lambda root, info: getattr(root, attribute)
    )


class TransactionItem(Node):
    token = graphene.UUID(required=True)
    created_at = graphene.DateTime(required=True)
    modified_at = graphene.DateTime(required=True)
    name = graphene.String(required=True)
    message = graphene.String(required=True)
    psp_reference = graphene.String(required=True)
    external_url = graphene.String(required=True)
    actions = list_of(TransactionActionEnum)
    authorized_amount = _amount("amount_authorized")
    authorize_pending_amount = _amount("amount_authorize_pending")
    charged_amount = _amount("amount_charged")
    charge_pending_amount = _amount("amount_charge_pending")
    refunded_amount = _amount("amount_refunded")
    refund_pending_amount = _amount("amount_refund_pending")
    canceled_amount = _amount("amount_canceled")
    cancel_pending_amount = _amount("amount_cancel_pending")
    checkout = graphene.Field(Checkout)
    order = graphene.Field(lambda: Order)
    events = list_of(TransactionEvent)

    def resolve_id(root: payment_models.TransactionItem, info: Any) -> str:
        return graphene.Node.to_global_id("TransactionItem", root.token)

    def resolve_name(root: payment_models.TransactionItem, info: Any) -> str:
        return root.name or ""

    def resolve_message(root: payment_models.TransactionItem, info: Any) -> str:
        return root.message or ""

    def resolve_psp_reference(root: payment_models.TransactionItem, info: Any) -> str:
        return root.psp_reference or ""

    def resolve_external_url(root: payment_models.TransactionItem, info: Any) -> str:
        return root.external_url or ""

    def resolve_actions(root: payment_models.TransactionItem, info: Any) -> list[str]:
        return root.available_actions

    def resolve_events(
        root: payment_models.TransactionItem, info: Any
    ) -> Iterable[models.Model]:
        return root.events.order_by("-created_at")


class OrderEvent(Node):
    date = graphene.DateTime()
    type = OrderEventsEnum()
    amount = graphene.Float()
    payment_gateway = graphene.String()

    def resolve_amount(root: order_models.OrderEvent, info: Any) -> float | None:
        amount = root.parameters.get("amount")
        return float(amount) if amount else None

    def resolve_payment_gateway(root: order_models.OrderEvent, info: Any) -> str | None:
        return root.parameters.get("payment_gateway")


class Order(Node):
    created = graphene.DateTime(required=True)
    number = graphene.String(required=True)
    status = OrderStatusEnum(required=True)
    user_email = graphene.String()
    channel = graphene.Field(Channel, required=True)
    billing_address = graphene.Field(Address)
    is_paid = graphene.Boolean(required=True)
    payment_status = PaymentChargeStatusEnum(required=True)
    payment_status_display = graphene.String(required=True)
    authorize_status = OrderAuthorizeStatusEnum(required=True)
    charge_status = OrderChargeStatusEnum(required=True)
    total = graphene.Field(TaxedMoney, required=True)
    total_authorized = graphene.Field(Money, required=True)
    total_captured = graphene.Field(Money, required=True)
    total_charged = graphene.Field(Money, required=True)
    total_balance = graphene.Field(Money, required=True)
    payments = list_of(Payment)
    transactions = list_of(TransactionItem)
    events = list_of(OrderEvent)
    redirect_url = graphene.String()
    checkout_id = graphene.ID()

    def resolve_created(root: order_models.Order, info: Any) -> Any:
        return root.created_at

    def resolve_total_balance(root: order_models.Order, info: Any) -> PricesMoney:
        return _balance(root, root.total.gross)

    def resolve_is_paid(root: order_models.Order, info: Any) -> bool:
        return root.is_fully_paid()

    def resolve_payment_status(root: order_models.Order, info: Any) -> str:
        if root.payment_transactions.exists():
            return _status_of_transactions(root)
        payment = root.get_last_payment()
        return payment.charge_status if payment else ChargeStatus.NOT_CHARGED

    def resolve_payment_status_display(root: order_models.Order, info: Any) -> str:
        return dict(ChargeStatus.CHOICES)[Order.resolve_payment_status(root, info)]

    def resolve_total_captured(root: order_models.Order, info: Any) -> PricesMoney:
        return root.total_charged

    def resolve_payments(root: order_models.Order, info: Any) -> Iterable[models.Model]:
        return root.payments.all()

    @requires(OrderPermissions.MANAGE_ORDERS, PaymentPermissions.HANDLE_PAYMENTS)
    def resolve_transactions(
        root: order_models.Order, info: Any
    ) -> Iterable[models.Model]:
        return root.payment_transactions.all()

    @requires(OrderPermissions.MANAGE_ORDERS)
    def resolve_events(root: order_models.Order, info: Any) -> Iterable[models.Model]:
        return root.events.all()

    def resolve_checkout_id(root: order_models.Order, info: Any) -> str:
        return graphene.Node.to_global_id("Checkout", root.checkout_token)


def _status_of_transactions(order: order_models.Order) -> str:
    if order.is_fully_paid():
        return ChargeStatus.FULLY_CHARGED
    if order.total_charged.amount > 0:
        return ChargeStatus.PARTIALLY_CHARGED
    return ChargeStatus.NOT_CHARGED


OrderCountableConnection = connection_of(Order)
PaymentCountableConnection = connection_of(Payment)


class ConfigurationItem(graphene.ObjectType):
    name = graphene.String(required=True)
    value = graphene.String()
    type = ConfigurationTypeFieldEnum()
    help_text = graphene.String()
    label = graphene.String()


class PluginConfiguration(graphene.ObjectType):
    active = graphene.Boolean(required=True)
    channel = graphene.Field(Channel)
    configuration = list_of(ConfigurationItem, required=False)

    def resolve_configuration(root: BasePlugin, info: Any) -> list[dict[str, Any]]:
        return root.resolve_plugin_configuration(info.context)


class Plugin(graphene.ObjectType):
    id = graphene.ID(required=True)
    name = graphene.String(required=True)
    description = graphene.String(required=True)
    global_configuration = graphene.Field(PluginConfiguration)
    channel_configurations = list_of(PluginConfiguration)


PluginCountableConnection = connection_of(Plugin)


def visible_plugins(manager: PluginsManager) -> list[Plugin]:
    """Group the plugins that a dashboard lists, their secrets masked."""
    by_id: dict[str, list[BasePlugin]] = {}
    for plugin in manager.get_all_plugins():
        if not plugin.HIDDEN:
            _mask_secrets(plugin)
            by_id.setdefault(plugin.PLUGIN_ID, []).append(plugin)
    return [
        Plugin(
            id=plugin_id,
            name=plugins[0].PLUGIN_NAME,
            description=plugins[0].PLUGIN_DESCRIPTION,
            global_configuration=(
                None if plugins[0].CONFIGURATION_PER_CHANNEL else plugins[0]
            ),
            channel_configurations=(
                plugins if plugins[0].CONFIGURATION_PER_CHANNEL else []
            ),
        )
        for plugin_id, plugins in by_id.items()
    ]


def _mask_secrets(plugin: BasePlugin) -> None:
    """Leave of each secret what Saleor shows: its last four characters, or less."""
    for item in plugin.configuration:
        value = item["value"]
        if value is None:
            continue
        match item.get("type"):
            case ConfigurationTypeField.PASSWORD:
                item["value"] = "" if value else None
            case (
                ConfigurationTypeField.SECRET | ConfigurationTypeField.SECRET_MULTILINE
            ):
                shown = 4 if len(value) > 4 else 1
                item["value"] = value[-shown:] if value else None


class Shop(graphene.ObjectType):
    name = graphene.String(required=True)
    version = graphene.String(required=True)


def _balance(paid_for: Any, total: PricesMoney) -> PricesMoney:
    """Return what is charged or may still be, less the total: negative while due."""
    items = paid_for.payment_transactions.all()
    charged = sum(item.charged_value + item.charge_pending_value for item in items)
    return PricesMoney(charged - total.amount, total.currency)
