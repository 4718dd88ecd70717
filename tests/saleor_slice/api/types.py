"""The objects that a store has without payments, as far as a checkout reads them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import graphene
from babel import Locale
from django.db import models
from prices import Money as PricesMoney
from saleor.account import models as account_models
from saleor.channel import models as channel_models
from saleor.core.prices import quantize_price
from saleor.discount import models as discount_models
from saleor.giftcard import models as giftcard_models
from saleor.permission.enums import (
    ChannelPermissions,
    CheckoutPermissions,
    GiftcardPermissions,
    OrderPermissions,
    PaymentPermissions,
)
from saleor.product import models as product_models
from saleor.shipping.interface import ShippingMethodData

from .access import requires
from .enums import TransactionFlowStrategyEnum
from .scalars import Minute


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


class Shop(graphene.ObjectType):
    name = graphene.String(required=True)
    version = graphene.String(required=True)
