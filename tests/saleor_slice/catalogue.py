"""What is for sale, and for how much in which channel."""

PRICES = {"RWF": "12000", "USD": "10.50"}
"""By currency, in major units. Each currency has a channel and a variant."""


def channel_slug(currency: str) -> str:
    return f"shop-{currency.lower()}"


def sku(currency: str) -> str:
    return f"SEAT-{currency}"
