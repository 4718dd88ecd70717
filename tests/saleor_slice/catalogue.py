"""What is for sale, and for how much in which channel."""

PRICES = {"RWF": "12000", "USD": "10.50"}
"""By currency, in major units. Each currency has a channel and a variant."""

SHIPPED_PRICES = {"RWF": "12000", "USD": "12.00"}
"""Of a kilogram of coffee, which has to be shipped."""
SHIPPING_PRICES = {"RWF": "1500", "USD": "5.00"}


def channel_slug(currency: str) -> str:
    return f"shop-{currency.lower()}"


def sku(currency: str) -> str:
    """Of a seat in the coffee course, which needs no shipping."""
    return f"SEAT-{currency}"


def shipped_sku(currency: str) -> str:
    return f"COFFEE-{currency}"


def free_sku(currency: str) -> str:
    """Of a leaflet, which costs nothing and needs no shipping."""
    return f"LEAFLET-{currency}"
