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
    """Put a product for sale into an RWF and a USD channel.

    Raises:
        RuntimeError: Saleor refused a step; the message holds its errors.
    """
    api = _Api(graphql_url)
    warehouse = api.create(
        CREATE_WAREHOUSE, {"name": "Kigali", "address": WAREHOUSE_ADDRESS}
    )
    product_type = api.create(
        CREATE_PRODUCT_TYPE,
        {"name": "Digital", "kind": "NORMAL", "isShippingRequired": False},
    )
    category = api.create(CREATE_CATEGORY, {"name": "Music"})
    product = api.create(
        CREATE_PRODUCT,
        {"name": "Inanga album", "productType": product_type, "category": category},
    )
    return [
        api.sell(product, warehouse, country="RW", currency="RWF", price="12000"),
        api.sell(product, warehouse, country="US", currency="USD", price="10.50"),
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

    def sell(
        self, product: str, warehouse: str, country: str, currency: str, price: str
    ) -> Channel:
        slug = f"shop-{currency.lower()}"
        channel = self.create(
            CREATE_CHANNEL,
            {
                "name": f"Shop {currency}",
                "slug": slug,
                "currencyCode": currency,
                "defaultCountry": country,
                "isActive": True,
                "addWarehouses": [warehouse],
            },
        )
        self.create(
            CREATE_SHIPPING_ZONE,
            {
                "name": f"Shipping for {currency}",
                "countries": ["RW", "US"],
                "addWarehouses": [warehouse],
                "addChannels": [channel],
            },
        )
        variant = self.create(
            CREATE_VARIANT,
            {
                "product": product,
                "sku": f"inanga-{currency.lower()}",
                "name": currency,
                "attributes": [],
                "stocks": [{"warehouse": warehouse, "quantity": 1_000_000}],
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
        return Channel(slug, currency, variant, price)

    def _run(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        body = {"query": document, "variables": variables}
        answer = self._session.post(self._url, json=body, timeout=60).json()
        if answer.get("errors"):
            raise RuntimeError(f"Saleor refused: {answer['errors']}")
        (result,) = answer["data"].values()
        if errors := result.pop("errors"):
            raise RuntimeError(f"Saleor refused: {errors}")
        return dict(result)
