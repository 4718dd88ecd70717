"""A merchant's configuration, as the dashboard saves it."""

from typing import Any

GATEWAY = "dgspay.payments"
ENCRYPTION_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
API_KEY = "key-of-merchant-7f3a"
WEBHOOK_SECRET = "secret-of-webhooks-91c2"

VALUES: dict[str, Any] = {
    "environment": "sandbox",
    "api_key": API_KEY,
    "account_number": "ACC-0001234",
    "encryption_key": ENCRYPTION_KEY,
    "webhook_secret": WEBHOOK_SECRET,
    "supported_currencies": "RWF,USD",
    "return_url": "https://shop.example/checkout",
    "narration": "Order {reference}",
    "nonce_format": "12",
    "scenario_key": None,
    "sandbox_url": None,
    "webhook_url": None,
}


def fields(**changes: Any) -> list[dict[str, Any]]:
    """Saleor's list of fields."""
    return [
        {"name": name, "value": value} for name, value in (VALUES | changes).items()
    ]
