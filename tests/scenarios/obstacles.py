"""What keeps a cart from becoming an order, and carts that meet it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from tests.hosts.host import Host
from tests.scenarios.in_store import run_in_store
from tests.scenarios.shop import (
    BILLING_ADDRESS,
    SHIPPING_ADDRESS,
    Checkout,
)
from tests.scenarios.store import Store

CHANGE_CHECKOUT = """
from saleor.checkout.models import Checkout

Checkout.objects.filter(email="{email}").update({change})
"""
CHANGE_ADDRESS = """
from saleor.account.models import Address
from saleor.checkout.models import Checkout

checkout = Checkout.objects.get(email="{email}")
Address.objects.filter(pk=checkout.{kind}_address_id).update(city="{city}")
"""
WITHDRAW_DELIVERY = """
from saleor.shipping.models import ShippingMethodChannelListing

offered = ShippingMethodChannelListing.objects.filter(channel__currency_code="RWF")
assert offered.delete()[0] == 1
"""
OFFER_DELIVERY = """
from saleor.channel.models import Channel
from saleor.shipping.models import ShippingMethod, ShippingMethodChannelListing

channel = Channel.objects.get(currency_code="RWF")
ShippingMethodChannelListing.objects.create(
    shipping_method=ShippingMethod.objects.get(shipping_zone__channels=channel),
    channel=channel,
    currency="RWF",
    price_amount={price},
)
"""
END_VOUCHERS = """
from datetime import timedelta
from django.utils import timezone
from saleor.checkout.models import Checkout
from saleor.discount.models import Voucher

code = Checkout.objects.get(email="{email}").voucher_code
yesterday = timezone.now() - timedelta(days=1)
assert Voucher.objects.filter(codes__code=code).update(end_date=yesterday) == 1
"""
DEACTIVATE_GIFT_CARDS = """
from saleor.giftcard.models import GiftCard

used = GiftCard.objects.filter(checkouts__email="{email}")
assert GiftCard.objects.filter(pk__in=used.values("pk")).update(is_active=False) == 1
"""


@dataclass(frozen=True)
class Obstacle:
    """It arises with a cart that could be paid, and may do so in mid-payment."""

    code: str
    """What the customer reads who pays by the Transactions API."""
    cart: Callable[[Store], Checkout]
    arises: Callable[[Host, Store, Checkout], AbstractContextManager[None]]
    """It is there for one block."""
    can_be_mended: bool = True
    """Whether the cart can be paid after the block as it could be before."""


def _digital(store: Store) -> Checkout:
    return store.new_checkout()


def _shipped(store: Store) -> Checkout:
    return store.new_shipped_checkout()


def _with_voucher(store: Store) -> Checkout:
    return store.add_promo_code(store.new_checkout(), store.new_voucher("5000"))


def _with_gift_card(store: Store) -> Checkout:
    return store.add_promo_code(store.new_checkout(), store.new_gift_card("5000"))


@contextmanager
def _sold_out(host: Host, store: Store, checkout: Checkout) -> Iterator[None]:
    with store.sold_out():
        yield


@contextmanager
def _not_for_sale(host: Host, store: Store, checkout: Checkout) -> Iterator[None]:
    with store.not_for_sale():
        yield


@contextmanager
def _channel_closed(host: Host, store: Store, checkout: Checkout) -> Iterator[None]:
    with store.closed_channel():
        yield


@contextmanager
def _delivery_withdrawn(host: Host, store: Store, checkout: Checkout) -> Iterator[None]:
    """Stop to offer the delivery method, which Saleor sees with the next address."""
    run_in_store(host, WITHDRAW_DELIVERY)
    store.change_shipping_address(checkout, SHIPPING_ADDRESS)
    try:
        yield
    finally:
        run_in_store(
            host, OFFER_DELIVERY.format(price=store.channel("RWF").shipping_price)
        )
    store.change_shipping_address(checkout, SHIPPING_ADDRESS)
    store.choose_delivery(checkout)


def _address_loses_its_city(
    kind: str,
) -> Callable[[Host, Store, Checkout], AbstractContextManager[None]]:
    """Let the address miss what its country requires, as by a rule that is new."""

    @contextmanager
    def arises(host: Host, store: Store, checkout: Checkout) -> Iterator[None]:
        of_checkout = {"email": checkout.email, "kind": kind}
        run_in_store(host, CHANGE_ADDRESS.format(**of_checkout, city=""))
        yield
        run_in_store(host, CHANGE_ADDRESS.format(**of_checkout, city="Kigali"))

    return arises


def _address_deleted(
    kind: str,
) -> Callable[[Host, Store, Checkout], AbstractContextManager[None]]:
    """Delete the address, as from an account's address book."""

    @contextmanager
    def arises(host: Host, store: Store, checkout: Checkout) -> Iterator[None]:
        gone = CHANGE_CHECKOUT.format(
            email=checkout.email, change=f"{kind}_address=None"
        )
        run_in_store(host, gone)
        yield
        if kind == "billing":
            store.change_billing_address(checkout, BILLING_ADDRESS)
        else:
            store.change_shipping_address(checkout, SHIPPING_ADDRESS)
            store.choose_delivery(checkout)

    return arises


@contextmanager
def _cart_emptied(host: Host, store: Store, checkout: Checkout) -> Iterator[None]:
    store.empty_cart(checkout)
    yield


@contextmanager
def _voucher_ended(host: Host, store: Store, checkout: Checkout) -> Iterator[None]:
    run_in_store(host, END_VOUCHERS.format(email=checkout.email))
    yield


@contextmanager
def _gift_card_deactivated(
    host: Host, store: Store, checkout: Checkout
) -> Iterator[None]:
    run_in_store(host, DEACTIVATE_GIFT_CARDS.format(email=checkout.email))
    yield


OBSTACLES = {
    "sold out": Obstacle("out_of_stock", _digital, _sold_out),
    "not for sale": Obstacle("not_for_sale", _digital, _not_for_sale),
    "channel closed": Obstacle("channel_closed", _digital, _channel_closed),
    "cart emptied": Obstacle(
        "nothing_in_order", _digital, _cart_emptied, can_be_mended=False
    ),
    "delivery withdrawn": Obstacle(
        "delivery_method_not_available", _shipped, _delivery_withdrawn
    ),
    "shipping address deleted": Obstacle(
        "shipping_address_needed", _shipped, _address_deleted("shipping")
    ),
    "shipping address incomplete": Obstacle(
        "shipping_address_incomplete", _shipped, _address_loses_its_city("shipping")
    ),
    "billing address deleted": Obstacle(
        "billing_address_needed", _shipped, _address_deleted("billing")
    ),
    "billing address incomplete": Obstacle(
        "billing_address_incomplete", _digital, _address_loses_its_city("billing")
    ),
    "voucher ended": Obstacle(
        "voucher_not_applicable", _with_voucher, _voucher_ended, can_be_mended=False
    ),
    "gift card deactivated": Obstacle(
        "gift_card_not_applicable",
        _with_gift_card,
        _gift_card_deactivated,
        can_be_mended=False,
    ),
}


@dataclass(frozen=True)
class Lack:
    """What a cart lacks from the beginning."""

    code: str
    cart: Callable[[Store], Checkout]


def _without_delivery(store: Store) -> Checkout:
    return store.new_cart(
        store.channel("RWF").shipped_variant_id,
        billingAddress=BILLING_ADDRESS,
        shippingAddress=SHIPPING_ADDRESS,
    )


def _without_shipping_address(store: Store) -> Checkout:
    return store.new_cart(
        store.channel("RWF").shipped_variant_id, billingAddress=BILLING_ADDRESS
    )


def _shipped_without_billing_address(store: Store) -> Checkout:
    checkout = store.new_cart(
        store.channel("RWF").shipped_variant_id, shippingAddress=SHIPPING_ADDRESS
    )
    store.choose_delivery(checkout)
    return store.as_it_is_now(checkout)


def _without_billing_address(store: Store) -> Checkout:
    return store.new_cart(store.channel("RWF").variant_id)


def _without_email(store: Store) -> Checkout:
    return store.new_cart(
        store.channel("RWF").variant_id, email=None, billingAddress=BILLING_ADDRESS
    )


LACKS = {
    "delivery": Lack("delivery_method_needed", _without_delivery),
    # Saleor looks for the delivery method first.
    "shipping address": Lack("delivery_method_needed", _without_shipping_address),
    "billing address, shipped": Lack(
        "billing_address_needed", _shipped_without_billing_address
    ),
    "billing address": Lack("billing_address_needed", _without_billing_address),
    "email": Lack("email_needed", _without_email),
}
