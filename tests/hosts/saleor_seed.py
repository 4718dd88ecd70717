"""Fill an empty Saleor through its GraphQL API, as the dashboard does."""

from typing import Any

import requests

from tests.hosts.host import STAFF_EMAIL, STAFF_PASSWORD, Channel

LOGIN = """
mutation Login($email: String!, $password: String!) {
  tokenCreate(email: $email, password: $password) { token errors { field message } }
}
"""
CREATE_WAREHOUSE = """
mutation CreateWarehouse($input: WarehouseCreateInput!) {
  createWarehouse(input: $input) { warehouse { id } errors { field message } }
}
"""
CREATE_CHANNEL = """
mutation CreateChannel($input: ChannelCreateInput!) {
  channelCreate(input: $input) { channel { id } errors { field message } }
}
"""
CREATE_SHIPPING_ZONE = """
mutation CreateShippingZone($input: ShippingZoneCreateInput!) {
  shippingZoneCreate(input: $input) { shippingZone { id } errors { field message } }
}
"""
CREATE_SHIPPING_METHOD = """
mutation CreateShippingMethod($input: ShippingPriceInput!) {
  shippingPriceCreate(input: $input) {
    shippingMethod { id } errors { field message }
  }
}
"""
PRICE_SHIPPING_METHOD = """
mutation PriceShippingMethod($id: ID!, $input: ShippingMethodChannelListingInput!) {
  shippingMethodChannelListingUpdate(id: $id, input: $input) {
    shippingMethod { id } errors { field message }
  }
}
"""
CREATE_PRODUCT_TYPE = """
mutation CreateProductType($input: ProductTypeInput!) {
  productTypeCreate(input: $input) { productType { id } errors { field message } }
}
"""
CREATE_CATEGORY = """
mutation CreateCategory($input: CategoryInput!) {
  categoryCreate(input: $input) { category { id } errors { field message } }
}
"""
CREATE_PRODUCT = """
mutation CreateProduct($input: ProductCreateInput!) {
  productCreate(input: $input) { product { id } errors { field message } }
}
"""
CREATE_VARIANT = """
mutation CreateVariant($input: ProductVariantCreateInput!) {
  productVariantCreate(input: $input) {
    productVariant { id } errors { field message }
  }
}
"""
SELL_PRODUCT = """
mutation SellProduct($id: ID!, $input: ProductChannelListingUpdateInput!) {
  productChannelListingUpdate(id: $id, input: $input) {
    product { id } errors { field message }
  }
}
"""
PRICE_VARIANT = """
mutation PriceVariant($id: ID!, $input: [ProductVariantChannelListingAddInput!]!) {
  productVariantChannelListingUpdate(id: $id, input: $input) {
    variant { id } errors { field message }
  }
}
"""

WAREHOUSE_ADDRESS = {
    "streetAddress1": "KN 4 Avenue 7",
    "city": "Kigali",
    "country": "RW",
}


def seed(graphql_url: str) -> list[Channel]:
    """Put products for sale into an RWF and a USD channel.

    Raises:
        RuntimeError: Saleor refused a step; the message holds its errors.
    """
    api = _Api(graphql_url)
    api.create_warehouse()
    digital = api.create_product_type("Digital", is_shipping_required=False)
    goods = api.create_product_type("Goods", is_shipping_required=True)
    category = api.create(CREATE_CATEGORY, {"name": "Music and coffee"})
    album, coffee, leaflet = (
        api.create(
            CREATE_PRODUCT,
            {"name": name, "productType": product_type, "category": category},
        )
        for name, product_type in (
            ("Inanga album", digital),
            ("Coffee 1 kg", goods),
            ("Leaflet", digital),
        )
    )

    def open_channel(
        currency: str, country: str, price: str, shipped_price: str, shipping_price: str
    ) -> Channel:
        slug = f"shop-{currency.lower()}"
        channel = api.create_channel(slug, currency, country)
        api.deliver(channel, currency, shipping_price)
        return Channel(
            slug=slug,
            currency=currency,
            variant_id=api.sell(album, channel, f"inanga-{currency}", price),
            price=price,
            shipped_variant_id=api.sell(
                coffee, channel, f"coffee-{currency}", shipped_price
            ),
            shipped_price=shipped_price,
            shipping_price=shipping_price,
            free_variant_id=api.sell(leaflet, channel, f"leaflet-{currency}", "0"),
        )

    return [
        open_channel("RWF", "RW", "12000", "12000", "1500"),
        open_channel("USD", "US", "10.50", "12.00", "5.00"),
    ]


class _Api:
    """Saleor's GraphQL API as a staff user."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        login = {"email": STAFF_EMAIL, "password": STAFF_PASSWORD}
        token = self._run(LOGIN, login)["token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def create(self, mutation: str, values: dict[str, Any]) -> str:
        """Run a mutation that makes one thing, and return that thing's global id."""
        (created,) = self._run(mutation, {"input": values}).values()
        return str(created["id"])

    def create_warehouse(self) -> None:
        self._warehouse = self.create(
            CREATE_WAREHOUSE, {"name": "Kigali", "address": WAREHOUSE_ADDRESS}
        )

    def create_product_type(self, name: str, is_shipping_required: bool) -> str:
        return self.create(
            CREATE_PRODUCT_TYPE,
            {
                "name": name,
                "kind": "NORMAL",
                "isShippingRequired": is_shipping_required,
            },
        )

    def create_channel(self, slug: str, currency: str, country: str) -> str:
        return self.create(
            CREATE_CHANNEL,
            {
                "name": f"Shop {currency}",
                "slug": slug,
                "currencyCode": currency,
                "defaultCountry": country,
                "isActive": True,
                "addWarehouses": [self._warehouse],
            },
        )

    def deliver(self, channel: str, currency: str, price: str) -> None:
        """Ship from a channel to Rwanda and the USA, in one way."""
        zone = self.create(
            CREATE_SHIPPING_ZONE,
            {
                "name": f"Shipping for {currency}",
                "countries": ["RW", "US"],
                "addWarehouses": [self._warehouse],
                "addChannels": [channel],
            },
        )
        method = self.create(
            CREATE_SHIPPING_METHOD,
            {"name": "Courier", "type": "PRICE", "shippingZone": zone},
        )
        listing = {"channelId": channel, "price": price}
        self._run(
            PRICE_SHIPPING_METHOD, {"id": method, "input": {"addChannels": [listing]}}
        )

    def sell(self, product: str, channel: str, sku: str, price: str) -> str:
        """Offer a new variant of a product in a channel and return the variant's id."""
        variant = self.create(
            CREATE_VARIANT,
            {
                "product": product,
                "sku": sku.lower(),
                "name": sku,
                "attributes": [],
                "stocks": [{"warehouse": self._warehouse, "quantity": 1_000_000}],
            },
        )
        listing = {
            "channelId": channel,
            "isPublished": True,
            "isAvailableForPurchase": True,
        }
        self._run(SELL_PRODUCT, {"id": product, "input": {"updateChannels": [listing]}})
        offer = {"channelId": channel, "price": price}
        self._run(PRICE_VARIANT, {"id": variant, "input": [offer]})
        return variant

    def _run(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = {"query": document, "variables": variables}
        answer = self._session.post(self._url, json=body, timeout=60).json()
        if answer.get("errors"):
            raise RuntimeError(f"Saleor refused: {answer['errors']}")
        (result,) = answer["data"].values()
        if errors := result.pop("errors"):
            raise RuntimeError(f"Saleor refused: {errors}")
        return dict(result)
