"""The stand-in's mutations, called in this process as its GraphQL calls them."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import graphene
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from saleor.account.models import User
from saleor.channel.models import Channel
from saleor.checkout.models import Checkout
from saleor.checkout.tasks import trigger_automatic_checkout_completion_task
from saleor.discount.models import Voucher
from saleor.giftcard.models import GiftCard
from saleor.order import OrderStatus
from saleor.order.models import Order
from saleor.payment import TransactionEventType
from saleor.payment.models import TransactionItem
from saleor.payment.transaction_item_calculations import recalculate_transaction_amounts
from saleor.payment.utils import process_order_or_checkout_with_transaction
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration
from saleor.product.models import ProductVariant, ProductVariantChannelListing
from saleor.warehouse.models import Stock

from dgspay_plugin.configuration import read_configuration
from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.webhook import signature_of
from tests.saleor_slice.api.checkout import (
    CheckoutBillingAddressUpdate,
    CheckoutCreate,
    CheckoutLinesUpdate,
)
from tests.saleor_slice.api.checkout_complete import CheckoutComplete
from tests.saleor_slice.api.checkout_delivery import (
    CheckoutDeliveryMethodUpdate,
    CheckoutShippingAddressUpdate,
)
from tests.saleor_slice.api.mutation import BaseMutation
from tests.saleor_slice.api.payment import CheckoutPaymentCreate
from tests.saleor_slice.api.promo_code import (
    CheckoutAddPromoCode,
    CheckoutRemovePromoCode,
)
from tests.saleor_slice.api.transaction import TransactionInitialize, TransactionProcess
from tests.saleor_slice.catalogue import channel_slug, free_sku, shipped_sku, sku
from tests.saleor_slice.seed import seed
from tests.unit.merchant import GATEWAY, fields

from .provider import Webhook

ADDRESS = {
    "first_name": "Amina",
    "last_name": "Uwase",
    "street_address_1": "KG 7 Avenue 12",
    "city": "Kigali",
    "country": "RW",
    "phone": "+250788123456",
}
NOTHING_IS_SHIPPED_HERE = {**ADDRESS, "country": "KE", "phone": ""}
VOUCHER, GIFT_CARD = "LESS-5000", "GIFT-7000"
ENOUGH = 1_000_000
SKUS = {"seat": sku("RWF"), "coffee": shipped_sku("RWF"), "leaflet": free_sku("RWF")}


@dataclass(frozen=True)
class Cart:
    """A checkout and what becomes of it, or an order that was made unpaid."""

    token: str
    """Of the checkout."""
    email: str
    """Of this cart alone, so that its charges can be told from others."""


@dataclass(frozen=True)
class Goods:
    """What Saleor would say if the order were made now."""

    total: Decimal | None
    """What the customer would pay; None if there can be no order."""
    obstacle: str | None = None


class _NotReally(Exception):
    """Undoes what was tried out."""


class Store:
    """One RWF channel, with a voucher of 5000 RWF and a gift card of 7000 RWF."""

    def __init__(self) -> None:
        seed()
        self.configuration = read_configuration(fields())
        self.channel = Channel.objects.get(slug=channel_slug("RWF"))
        PluginConfiguration.objects.create(
            identifier=GATEWAY,
            channel=self.channel,
            active=True,
            configuration=fields(),
        )
        keep_gateway_app(GATEWAY, "DGS-Pay")
        voucher = Voucher.objects.create(name=VOUCHER)
        voucher.codes.create(code=VOUCHER)
        voucher.channel_listings.create(
            channel=self.channel, discount_value=5000, currency="RWF"
        )
        GiftCard.objects.create(
            code=GIFT_CARD,
            currency="RWF",
            initial_balance_amount=7000,
            current_balance_amount=7000,
        )
        self._staff = User.objects.get()
        self._first_day = sqlite3.connect(":memory:")
        connection.connection.backup(self._first_day)

    def go_back_to_first_day(self) -> None:
        self._first_day.backup(connection.connection)

    def close(self) -> None:
        self._first_day.close()

    # --- a customer's cart --------------------------------------------------------

    def open_cart(
        self, email: str, goods: str, quantity: int, *, has_address: bool
    ) -> Cart:
        address = {"billing_address": ADDRESS} if has_address else {}
        if goods == "coffee":
            address["shipping_address"] = ADDRESS
        created = self._run(
            CheckoutCreate,
            input={
                "channel": self.channel.slug,
                "email": email,
                "lines": [_line(goods, quantity)],
                **address,
            },
        )
        return Cart(str(created.checkout.pk), email)

    def change_quantity(self, cart: Cart, goods: str, quantity: int) -> None:
        self._run(CheckoutLinesUpdate, cart, lines=[_line(goods, quantity)])

    def change_billing_address(self, cart: Cart, *, is_complete: bool) -> None:
        address = ADDRESS if is_complete else {**ADDRESS, "city": ""}
        self._run(
            CheckoutBillingAddressUpdate,
            cart,
            billing_address=address,
            validation_rules={"check_required_fields": is_complete},
        )

    def change_shipping_address(self, cart: Cart, *, is_served: bool) -> None:
        address = ADDRESS if is_served else NOTHING_IS_SHIPPED_HERE
        self._run(CheckoutShippingAddressUpdate, cart, shipping_address=address)

    def choose_delivery(self, cart: Cart) -> None:
        listing = self.channel.shipping_method_listings.get()
        method = graphene.Node.to_global_id(
            "ShippingMethod", listing.shipping_method_id
        )
        self._run(CheckoutDeliveryMethodUpdate, cart, delivery_method_id=method)

    def add_promo_code(self, cart: Cart, code: str) -> None:
        self._run(CheckoutAddPromoCode, cart, promo_code=code)

    def remove_promo_code(self, cart: Cart, code: str) -> None:
        self._run(CheckoutRemovePromoCode, cart, promo_code=code)

    # --- paying -------------------------------------------------------------------

    def create_payment(self, cart: Cart) -> None:
        self._run(
            CheckoutPaymentCreate,
            cart,
            input={
                "gateway": GATEWAY,
                "return_url": "https://shop.example/back",
                "store_payment_method": "none",
            },
        )

    def complete(self, cart: Cart, data: Any = None) -> Any:
        return self._run(CheckoutComplete, cart, store_source=False, payment_data=data)

    def initialize(
        self, cart: Cart, amount: Decimal | None, data: Any, key: str
    ) -> Any:
        return self._run(
            TransactionInitialize,
            id=self._id_to_pay_for(cart),
            amount=amount,
            payment_gateway={"id": GATEWAY, "data": data},
            idempotency_key=key,
        )

    def process(self, key: str, data: Any) -> Any:
        item = TransactionItem.objects.filter(idempotency_key=key).first()
        if item is None:
            raise ValidationError("The press never came to a transaction.")
        return self._run(TransactionProcess, token=item.token, data=data)

    def deliver(self, webhook: Webhook) -> HttpResponse:
        path = webhook.charge.callback_url.removeprefix("https://store.example")
        signature = signature_of(webhook.body, self.configuration.webhook_secret)
        request = RequestFactory().post(
            path,
            webhook.body,
            "application/json",
            headers={"X-DGS-Signature": signature},
        )
        manager = get_plugins_manager(allow_replica=False)
        return manager.webhook(request, GATEWAY, self.channel.slug)

    # --- staff --------------------------------------------------------------------

    def set_stock(self, quantity: int) -> None:
        Stock.objects.update(quantity=quantity)

    def set_price(self, goods: str, price: int) -> None:
        ProductVariantChannelListing.objects.filter(
            variant__sku=SKUS[goods], channel=self.channel
        ).update(price_amount=price)

    def end_voucher(self) -> None:
        Voucher.objects.update(end_date=timezone.now())

    def switch_gift_card(self, *, is_active: bool) -> None:
        GiftCard.objects.update(is_active=is_active)

    def set_channel(self, **settings: bool) -> None:
        Channel.objects.filter(pk=self.channel.pk).update(**settings)

    def cancel_order(self, cart: Cart) -> None:
        Order.objects.filter(checkout_token=cart.token).update(
            status=OrderStatus.CANCELED
        )

    def complete_paid_checkouts(self) -> None:
        trigger_automatic_checkout_completion_task()

    @transaction.atomic
    def note_refund(self, transaction_pk: int, amount: Decimal) -> None:
        """What transactionEventReport leaves of a refund in the merchant portal."""
        item = TransactionItem.objects.get(pk=transaction_pk)
        item.events.create(
            type=TransactionEventType.REFUND_SUCCESS,
            amount_value=amount,
            currency=item.currency,
            psp_reference=item.psp_reference,
            include_in_calculations=True,
        )
        recalculate_transaction_amounts(item)
        process_order_or_checkout_with_transaction(
            item, get_plugins_manager(allow_replica=False), None, item.app
        )

    # --- what there is ------------------------------------------------------------

    @staticmethod
    def checkout(cart: Cart) -> Checkout | None:
        return Checkout.objects.filter(pk=cart.token).first()

    @staticmethod
    def order(cart: Cart) -> Order | None:
        return Order.objects.get_by_checkout_token(cart.token)

    def goods(self, cart: Cart) -> Goods:
        """What its order costs, or would cost if it were made at this moment.

        Saleor itself is asked: the order is made as one that need not be paid, and
        undone.
        """
        if order := self.order(cart):
            return _goods_of(order)
        goods = Goods(None)
        with suppress(_NotReally), transaction.atomic():
            self.set_channel(allow_unpaid_orders=True)
            goods = self._try_to_order(cart)
            raise _NotReally
        return goods

    def _try_to_order(self, cart: Cart) -> Goods:
        try:
            return _goods_of(self.complete(cart).order)
        except ValidationError as error:
            return Goods(None, "; ".join(error.messages))

    # --- mutations ----------------------------------------------------------------

    def _run(
        self, mutation: type[BaseMutation], cart: Cart | None = None, **arguments: Any
    ) -> Any:
        """Run a mutation.

        Raises:
            ValidationError: what a storefront reads as the mutation's errors.
        """
        if cart:
            arguments["id"] = graphene.Node.to_global_id("Checkout", cart.token)
        context = SimpleNamespace(user=None, META={"REMOTE_ADDR": "192.0.2.7"})
        return mutation.perform(SimpleNamespace(context=context), **arguments)

    def _id_to_pay_for(self, cart: Cart) -> str:
        order = self.order(cart)
        if order:
            return graphene.Node.to_global_id("Order", order.pk)
        return graphene.Node.to_global_id("Checkout", cart.token)


def _line(goods: str, quantity: int) -> dict[str, Any]:
    variant = ProductVariant.objects.get(sku=SKUS[goods])
    variant_id = graphene.Node.to_global_id("ProductVariant", variant.pk)
    return {"variant_id": variant_id, "quantity": quantity}


def _goods_of(order: Order) -> Goods:
    if order.status == OrderStatus.CANCELED:
        return Goods(None, "the order is canceled")
    return Goods(order.total_gross_amount)
