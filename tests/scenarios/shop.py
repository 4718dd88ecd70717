"""Carts and what is for sale, as customers and staff of a store use GraphQL."""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import requests

from tests.hosts.host import STAFF_EMAIL, STAFF_PASSWORD, Channel, Host
from tests.scenarios import staff_documents, storefront_documents

PLUGIN_ID = "dgspay.payments"
BILLING_ADDRESS = {
    "firstName": "Aline",
    "lastName": "Uwase",
    "streetAddress1": "KG 7 Avenue 12",
    "city": "Kigali",
    "country": "RW",
    "phone": "+250788123456",
}
SHIPPING_ADDRESS = {**BILLING_ADDRESS, "streetAddress1": "KN 3 Road 5"}
ENOUGH = 1_000_000


@dataclass(frozen=True)
class Checkout:
    id: str
    email: str
    """Of this checkout alone, so that its charges can be told from others."""
    total: str
    """Gross amount in major units, without what gift cards pay of it."""
    currency: str


@dataclass(frozen=True)
class PromoCode:
    """A voucher or a gift card."""

    id: str
    code: str


class MutationRefused(AssertionError):
    """The store answered a mutation with errors, which the scenario did not expect."""

    @property
    def codes(self) -> list[str]:
        return [error["code"] for error in self.args[0]]


class DocumentFailed(AssertionError):
    """The store did not understand a document, or failed while it ran it."""

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["exception"]["code"] for error in self.args[0]]


class NoDelivery(LookupError):
    """The store offers no delivery method for a checkout."""


class Shop:
    def __init__(self, host: Host) -> None:
        self._host = host
        self._graphql_url = f"{host.url}/graphql/"
        self._lock = threading.Lock()
        self.answers: list[str] = []
        """Every GraphQL answer so far, for the search for leaks."""
        self._headers: dict[str, str] = {}
        login = self._run(
            staff_documents.LOGIN, {"email": STAFF_EMAIL, "password": STAFF_PASSWORD}
        )
        self._staff = {"Authorization": f"Bearer {login['token']}"}

    # --- a customer's cart --------------------------------------------------------

    def new_checkout(
        self, currency: str = "RWF", billing_address: Mapping[str, str] | None = None
    ) -> Checkout:
        """A checkout that lacks nothing but its payment, and needs no shipping."""
        return self.new_cart(
            self.channel(currency).variant_id,
            currency,
            billingAddress=billing_address or BILLING_ADDRESS,
        )

    def new_shipped_checkout(self, currency: str = "RWF") -> Checkout:
        """The same for goods that are shipped, whose shipping is paid too."""
        checkout = self.new_cart(
            self.channel(currency).shipped_variant_id,
            currency,
            billingAddress=BILLING_ADDRESS,
            shippingAddress=SHIPPING_ADDRESS,
        )
        self.choose_delivery(checkout)
        return self.as_it_is_now(checkout)

    def new_free_checkout(self, currency: str = "RWF") -> Checkout:
        """The same for what costs nothing."""
        return self.new_cart(
            self.channel(currency).free_variant_id,
            currency,
            billingAddress=BILLING_ADDRESS,
        )

    def new_cart(
        self, variant_id: str, currency: str = "RWF", **details: Any
    ) -> Checkout:
        """A checkout with one of a variant, and only what else is named.

        Args:
            details: by the names of CheckoutCreateInput; an email of None is none.
        """
        email = f"customer-{secrets.token_hex(4)}@example.com"
        checkout = self._run(
            storefront_documents.CREATE_CHECKOUT,
            {
                "input": {
                    "channel": self.channel(currency).slug,
                    "email": email,
                    "lines": [{"variantId": variant_id, "quantity": 1}],
                    **details,
                }
            },
        )["checkout"]
        total = checkout["totalPrice"]["gross"]
        return Checkout(checkout["id"], email, str(total["amount"]), total["currency"])

    def as_it_is_now(self, checkout: Checkout) -> Checkout:
        """The checkout with what is to be paid for it now."""
        found = self._run(storefront_documents.CHECKOUT_TOTAL, {"id": checkout.id})
        return replace(checkout, total=str(found["totalPrice"]["gross"]["amount"]))

    def change_quantity(self, checkout: Checkout, quantity: int) -> None:
        variant = self.channel(checkout.currency).variant_id
        lines = [{"variantId": variant, "quantity": quantity}]
        self._run(
            storefront_documents.CHANGE_QUANTITY,
            {"checkoutId": checkout.id, "lines": lines},
        )

    def empty_cart(self, checkout: Checkout) -> None:
        for line in self._run(storefront_documents.LINES, {"id": checkout.id})["lines"]:
            ids = {"id": checkout.id, "lineId": line["id"]}
            self._run(storefront_documents.DELETE_LINE, ids)

    def change_billing_address(
        self, checkout: Checkout, address: Mapping[str, str], **rules: bool
    ) -> None:
        """
        Args:
            rules: by the names of CheckoutAddressValidationRules.
        """
        self._run(
            storefront_documents.CHANGE_BILLING_ADDRESS,
            {"id": checkout.id, "address": address, "rules": rules},
        )

    def change_shipping_address(
        self, checkout: Checkout, address: Mapping[str, str], **rules: bool
    ) -> None:
        self._run(
            storefront_documents.CHANGE_SHIPPING_ADDRESS,
            {"id": checkout.id, "address": address, "rules": rules},
        )

    def choose_delivery(self, checkout: Checkout) -> None:
        """Choose the one delivery method there is.

        Raises:
            NoDelivery: None is offered.
        """
        found = self._run(storefront_documents.SHIPPING_METHODS, {"id": checkout.id})
        if not found["shippingMethods"]:
            raise NoDelivery
        (method,) = found["shippingMethods"]
        self._run(
            storefront_documents.CHOOSE_DELIVERY,
            {"id": checkout.id, "method": method["id"]},
        )

    def add_promo_code(self, checkout: Checkout, promo_code: PromoCode) -> Checkout:
        """Use a voucher or gift card; return the checkout with what is left to pay."""
        self._run(
            storefront_documents.ADD_PROMO_CODE,
            {"id": checkout.id, "code": promo_code.code},
        )
        return self.as_it_is_now(checkout)

    def remove_promo_code(self, checkout: Checkout, promo_code: PromoCode) -> Checkout:
        self._run(
            storefront_documents.REMOVE_PROMO_CODE,
            {"id": checkout.id, "code": promo_code.code},
        )
        return self.as_it_is_now(checkout)

    # --- what staff sell ----------------------------------------------------------

    def channel(self, currency: str) -> Channel:
        return self._host.channels[currency]

    def set_stock(
        self, currency: str, quantity: int, variant_id: str | None = None
    ) -> None:
        """Have so much of a variant; of the one that needs no shipping if None."""
        variant_id = variant_id or self.channel(currency).variant_id
        variant = {"id": variant_id, "channel": self.channel(currency).slug}
        stocks = self._run(staff_documents.VARIANT_STOCKS, variant, staff=True)[
            "stocks"
        ]
        changed = [
            {"warehouse": s["warehouse"]["id"], "quantity": quantity} for s in stocks
        ]
        self._run(
            staff_documents.UPDATE_STOCKS,
            {"variantId": variant_id, "stocks": changed},
            staff=True,
        )

    @contextmanager
    def sold_out(self, currency: str = "RWF") -> Iterator[None]:
        """Have none of the variant that needs no shipping, for one block."""
        self.set_stock(currency, 0)
        try:
            yield
        finally:
            self.set_stock(currency, ENOUGH)

    @contextmanager
    def not_for_sale(self, currency: str = "RWF") -> Iterator[None]:
        """Take the same variant's product out of the channel, for one block."""
        self._list_product(currency, is_for_sale=False)
        try:
            yield
        finally:
            self._list_product(currency, is_for_sale=True)

    @contextmanager
    def closed_channel(self, currency: str = "RWF") -> Iterator[None]:
        channel = {"id": self._channel_id(currency)}
        self._run(staff_documents.DEACTIVATE_CHANNEL, channel, staff=True)
        try:
            yield
        finally:
            self._run(staff_documents.ACTIVATE_CHANNEL, channel, staff=True)

    def set_price(self, currency: str, price: str) -> None:
        """Change what the variant that needs no shipping costs."""
        listing = {"channelId": self._channel_id(currency), "price": price}
        self._run(
            staff_documents.PRICE_VARIANT,
            {"id": self.channel(currency).variant_id, "input": [listing]},
            staff=True,
        )

    def new_voucher(
        self, value: str, currency: str = "RWF", **settings: Any
    ) -> PromoCode:
        """A voucher that takes an amount off the entire order.

        Args:
            settings: more of VoucherInput.
        """
        code = f"VOUCHER-{secrets.token_hex(4)}"
        voucher = self._run(
            staff_documents.CREATE_VOUCHER,
            {
                "input": {
                    "type": "ENTIRE_ORDER",
                    "name": code,
                    "addCodes": [code],
                    "discountValueType": "FIXED",
                    **settings,
                }
            },
            staff=True,
        )["voucher"]
        listing = {"channelId": self._channel_id(currency), "discountValue": value}
        self._run(
            staff_documents.LIST_VOUCHER,
            {"id": voucher["id"], "input": {"addChannels": [listing]}},
            staff=True,
        )
        return PromoCode(voucher["id"], code)

    def end_voucher(self, voucher: PromoCode) -> None:
        """Let it have ended long ago."""
        dates = {
            "startDate": "2020-01-01T00:00:00+00:00",
            "endDate": "2020-01-02T00:00:00+00:00",
        }
        self._run(
            staff_documents.UPDATE_VOUCHER,
            {"id": voucher.id, "input": dates},
            staff=True,
        )

    def new_gift_card(self, amount: str, currency: str = "RWF") -> PromoCode:
        balance = {"amount": amount, "currency": currency}
        gift_card = self._run(
            staff_documents.CREATE_GIFT_CARD,
            {"input": {"balance": balance, "isActive": True}},
            staff=True,
        )["giftCard"]
        return PromoCode(gift_card["id"], gift_card["code"])

    def set_gift_card_balance(self, gift_card: PromoCode, amount: str) -> None:
        self._run(
            staff_documents.UPDATE_GIFT_CARD,
            {"id": gift_card.id, "input": {"balanceAmount": amount}},
            staff=True,
        )

    def deactivate_gift_card(self, gift_card: PromoCode) -> None:
        self._run(
            staff_documents.DEACTIVATE_GIFT_CARD, {"id": gift_card.id}, staff=True
        )

    def cancel_order(self, order_id: str) -> None:
        self._run(staff_documents.CANCEL_ORDER, {"id": order_id}, staff=True)

    def change_channel(self, currency: str, **settings: Any) -> None:
        """Change settings of a channel, by the names of ChannelUpdateInput."""
        self._run(
            staff_documents.UPDATE_CHANNEL,
            {"id": self._channel_id(currency), "input": settings},
            staff=True,
        )

    # --- GraphQL ------------------------------------------------------------------

    def _list_product(self, currency: str, *, is_for_sale: bool) -> None:
        channel = self.channel(currency)
        variant = {"id": channel.variant_id, "channel": channel.slug}
        found = self._run(staff_documents.PRODUCT_OF_VARIANT, variant, staff=True)
        listing = {
            "channelId": self._channel_id(currency),
            "isPublished": is_for_sale,
            "isAvailableForPurchase": is_for_sale,
        }
        self._run(
            staff_documents.LIST_PRODUCT,
            {"id": found["product"]["id"], "input": {"updateChannels": [listing]}},
            staff=True,
        )

    def _channel_id(self, currency: str) -> str:
        channel_id: str = self._channel_configuration(currency)["channel"]["id"]
        return channel_id

    def _channel_configuration(self, currency: str) -> dict[str, Any]:
        plugin = self._run(staff_documents.PLUGIN, {"id": PLUGIN_ID}, staff=True)
        slug = self._host.channels[currency].slug
        (configuration,) = (
            c for c in plugin["channelConfigurations"] if c["channel"]["slug"] == slug
        )
        return dict(configuration)

    def _run(
        self,
        document: str,
        variables: Mapping[str, Any],
        *,
        staff: bool = False,
        errors_expected: bool = False,
    ) -> dict[str, Any]:
        """Run a document with one root field and return what that field answered."""
        (result,) = self._run_all(document, variables, staff=staff)
        if result is None:
            raise MutationRefused([{"code": "NOT_FOUND"}])
        if result.get("errors") and not errors_expected:
            raise MutationRefused(result["errors"])
        return dict(result)

    def _run_all(
        self, document: str, variables: Mapping[str, Any], *, staff: bool = False
    ) -> list[Any]:
        """Run a document and return what each of its root fields answered."""
        answer = requests.post(
            self._graphql_url,
            json={"query": document, "variables": variables},
            headers={**self._headers, **(self._staff if staff else {})},
            timeout=90,
        )
        with self._lock:
            self.answers.append(answer.text)
        body = answer.json()
        if body.get("errors"):
            raise DocumentFailed(body["errors"])
        return list(body["data"].values())
