"""A checkout and what it can be paid with."""

from collections.abc import Iterable
from typing import Any

import graphene
from django.db import models
from prices import Money as PricesMoney
from prices import TaxedMoney as PricesTaxedMoney
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
from saleor.payment.gateway import get_payment_gateways
from saleor.payment.interface import PaymentGateway as PaymentGatewayData
from saleor.permission.enums import CheckoutPermissions, PaymentPermissions
from saleor.plugins.manager import get_plugins_manager
from saleor.shipping.interface import ShippingMethodData

from . import payment_types
from .access import requires
from .enums import (
    CheckoutAuthorizeStatusEnum,
    CheckoutChargeStatusEnum,
    LanguageCodeEnum,
)
from .types import (
    Address,
    Channel,
    DeliveryMethod,
    GiftCard,
    Money,
    Node,
    ProductVariant,
    ShippingMethod,
    TaxedMoney,
    list_of,
)


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
    transactions = graphene.List(
        graphene.NonNull(lambda: payment_types.TransactionItem)
    )

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
        return payment_types.balance_of(
            root, Checkout.resolve_total_price(root, info).gross
        )

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
