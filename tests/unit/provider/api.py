"""A client of one merchant, and a charge for it to make."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pydantic import SecretStr

from dgspay_plugin.payment.customer import Customer
from dgspay_plugin.payment.money import Money
from dgspay_plugin.provider.client import DgsPayClient
from dgspay_plugin.provider.messages import ChargeRequest
from tests.unit.browser import encrypted_card

API_KEY = "api-key-of-the-merchant"
ACCOUNT_NUMBER = "ACC-0001234"
ANSWER = b'{"dgs_reference": "DGS-1", "transaction_status": "pending"}'


def client_of(
    url: str, *, sleep: Callable[[float], None] = lambda _: None, **options: Any
) -> DgsPayClient:
    """A client that tries to connect again at once, unless it is told how to sleep."""
    return DgsPayClient(url, SecretStr(API_KEY), ACCOUNT_NUMBER, sleep=sleep, **options)


def charge_request(amount: str = "12000", currency: str = "RWF") -> ChargeRequest:
    return ChargeRequest(
        money=Money(Decimal(amount), currency),
        customer=Customer("amina@example.com", "Amina", "Uwase", "788123456", "250"),
        method=encrypted_card(),
        redirect_url="https://shop.example/back",
        callback_url="https://store.example/webhook",
        narration="Order 1",
    )


def charge(url: str, **options: Any) -> None:
    client_of(url, **options).charge(charge_request(), "key-1")
