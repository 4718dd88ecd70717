from collections.abc import Iterable
from typing import Any

import graphene
import saleor
from django.db.models import Model
from saleor.channel import models as channel_models
from saleor.checkout import models as checkout_models
from saleor.order import models as order_models
from saleor.payment import models as payment_models
from saleor.permission.enums import (
    OrderPermissions,
    PaymentPermissions,
    PluginsPermissions,
)
from saleor.plugins.manager import get_plugins_manager
from saleor.product import models as product_models

from .. import NOTICE
from .access import requires
from .account import CreateToken
from .channel import ChannelActivate, ChannelDeactivate, ChannelUpdate
from .checkout import (
    CheckoutBillingAddressUpdate,
    CheckoutCreate,
    CheckoutEmailUpdate,
    CheckoutLineDelete,
    CheckoutLinesUpdate,
)
from .checkout_complete import CheckoutComplete
from .checkout_delivery import (
    CheckoutDeliveryMethodUpdate,
    CheckoutShippingAddressUpdate,
)
from .checkout_types import Checkout
from .connection import page_of
from .discount import VoucherChannelListingUpdate, VoucherCreate, VoucherUpdate
from .gift_card import GiftCardCreate, GiftCardDeactivate, GiftCardUpdate
from .mutation import find_node
from .order import OrderCancel
from .order_types import Order, OrderCountableConnection
from .payment import (
    CheckoutPaymentCreate,
    PaymentCapture,
    PaymentRefund,
    PaymentVoid,
)
from .payment_types import Payment, PaymentCountableConnection, TransactionItem
from .plugin_types import Plugin, PluginCountableConnection, visible_plugins
from .plugins import PluginUpdate
from .product import (
    ProductChannelListingUpdate,
    ProductVariantChannelListingUpdate,
)
from .promo_code import CheckoutAddPromoCode, CheckoutRemovePromoCode
from .stock import ProductVariantStocksUpdate
from .transaction import (
    PaymentGatewayInitialize,
    TransactionInitialize,
    TransactionProcess,
)
from .transaction_action import TransactionRequestAction
from .transaction_item import find_transaction_item
from .types import Channel, ProductVariant, Shop, User, list_of


class OrderFilterInput(graphene.InputObjectType):
    checkout_ids = list_of(graphene.ID, required=False)


class Query(graphene.ObjectType):
    shop = graphene.Field(Shop, required=True)
    me = graphene.Field(User)
    channels = list_of(Channel, required=False)
    channel = graphene.Field(Channel, id=graphene.ID(), slug=graphene.String())
    product_variant = graphene.Field(
        ProductVariant,
        id=graphene.ID(),
        sku=graphene.String(),
        channel=graphene.String(),
    )
    checkout = graphene.Field(Checkout, id=graphene.ID(), token=graphene.UUID())
    order = graphene.Field(Order, id=graphene.ID())
    orders = graphene.Field(
        OrderCountableConnection,
        filter=OrderFilterInput(),
        first=graphene.Int(),
        after=graphene.String(),
    )
    payment = graphene.Field(Payment, id=graphene.ID(required=True))
    payments = graphene.Field(
        PaymentCountableConnection, first=graphene.Int(), after=graphene.String()
    )
    transaction = graphene.Field(
        TransactionItem, id=graphene.ID(), token=graphene.UUID()
    )
    plugin = graphene.Field(Plugin, id=graphene.ID(required=True))
    plugins = graphene.Field(
        PluginCountableConnection, first=graphene.Int(), after=graphene.String()
    )

    def resolve_shop(root: None, info: Any) -> Shop:
        return Shop(name=NOTICE, version=saleor.__version__)

    def resolve_me(root: None, info: Any) -> Model | None:
        return info.context.user

    def resolve_channels(root: None, info: Any) -> Iterable[Model]:
        return channel_models.Channel.objects.all()

    def resolve_channel(
        root: None,
        info: Any,
        id: str | None = None,
        slug: str | None = None,
    ) -> Model | None:
        if slug:
            return channel_models.Channel.objects.filter(slug=slug).first()
        return id and find_node(id, channel_models.Channel)

    def resolve_product_variant(
        root: None,
        info: Any,
        id: str | None = None,
        sku: str | None = None,
        channel: str | None = None,
    ) -> Model | None:
        if sku:
            return product_models.ProductVariant.objects.filter(sku=sku).first()
        return id and find_node(id, product_models.ProductVariant)

    def resolve_checkout(
        root: None,
        info: Any,
        id: str | None = None,
        token: Any = None,
    ) -> Model | None:
        if token:
            return checkout_models.Checkout.objects.filter(token=token).first()
        return id and find_node(id, checkout_models.Checkout)

    def resolve_order(root: None, info: Any, id: str | None = None) -> Model | None:
        return id and find_node(id, order_models.Order)

    @requires(OrderPermissions.MANAGE_ORDERS)
    def resolve_orders(
        root: None,
        info: Any,
        filter: dict[str, Any] | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> dict[str, Any]:
        orders = order_models.Order.objects.all()
        if filter and filter.get("checkout_ids"):
            tokens = [
                graphene.Node.from_global_id(checkout_id)[1]
                for checkout_id in filter["checkout_ids"]
            ]
            orders = orders.filter(checkout_token__in=tokens)
        return page_of(orders, "orders", first, after)

    @requires(OrderPermissions.MANAGE_ORDERS)
    def resolve_payment(root: None, info: Any, id: str) -> Model | None:
        return id and find_node(id, payment_models.Payment)

    @requires(OrderPermissions.MANAGE_ORDERS)
    def resolve_payments(
        root: None, info: Any, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        return page_of(payment_models.Payment.objects.all(), "payments", first, after)

    @requires(PaymentPermissions.HANDLE_PAYMENTS, OrderPermissions.MANAGE_ORDERS)
    def resolve_transaction(
        root: None, info: Any, id: str | None = None, token: Any = None
    ) -> Model | None:
        return find_transaction_item(id, token) if id or token else None

    @requires(PluginsPermissions.MANAGE_PLUGINS)
    def resolve_plugin(root: None, info: Any, id: str) -> Plugin | None:
        plugins = visible_plugins(get_plugins_manager(allow_replica=False))
        return next((plugin for plugin in plugins if plugin.id == id), None)

    @requires(PluginsPermissions.MANAGE_PLUGINS)
    def resolve_plugins(
        root: None, info: Any, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        plugins = visible_plugins(get_plugins_manager(allow_replica=False))
        return page_of(plugins, "plugins", first, after)


class Mutation(graphene.ObjectType):
    token_create = CreateToken.Field()
    plugin_update = PluginUpdate.Field()
    checkout_create = CheckoutCreate.Field()
    checkout_lines_update = CheckoutLinesUpdate.Field()
    checkout_email_update = CheckoutEmailUpdate.Field()
    checkout_billing_address_update = CheckoutBillingAddressUpdate.Field()
    checkout_shipping_address_update = CheckoutShippingAddressUpdate.Field()
    checkout_delivery_method_update = CheckoutDeliveryMethodUpdate.Field()
    checkout_add_promo_code = CheckoutAddPromoCode.Field()
    checkout_remove_promo_code = CheckoutRemovePromoCode.Field()
    checkout_line_delete = CheckoutLineDelete.Field()
    checkout_payment_create = CheckoutPaymentCreate.Field()
    checkout_complete = CheckoutComplete.Field()
    payment_capture = PaymentCapture.Field()
    payment_refund = PaymentRefund.Field()
    payment_void = PaymentVoid.Field()
    payment_gateway_initialize = PaymentGatewayInitialize.Field()
    transaction_initialize = TransactionInitialize.Field()
    transaction_process = TransactionProcess.Field()
    transaction_request_action = TransactionRequestAction.Field()
    channel_update = ChannelUpdate.Field()
    channel_activate = ChannelActivate.Field()
    channel_deactivate = ChannelDeactivate.Field()
    voucher_create = VoucherCreate.Field()
    voucher_update = VoucherUpdate.Field()
    voucher_channel_listing_update = VoucherChannelListingUpdate.Field()
    gift_card_create = GiftCardCreate.Field()
    gift_card_update = GiftCardUpdate.Field()
    gift_card_deactivate = GiftCardDeactivate.Field()
    order_cancel = OrderCancel.Field()
    product_channel_listing_update = ProductChannelListingUpdate.Field()
    product_variant_channel_listing_update = ProductVariantChannelListingUpdate.Field()
    product_variant_stocks_update = ProductVariantStocksUpdate.Field()


schema = graphene.Schema(query=Query, mutation=Mutation)
