"""A merchant who knows DGS-Pay's published pages and nothing of the plugin."""

import base64
import secrets
from types import TracebackType
from typing import Any, Self

import requests
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dgspay_plugin.sandbox.credentials import (
    ACCOUNT_NUMBER,
    API_KEY,
    ENCRYPTION_KEY,
    RIGHT_PIN,
)

APPROVED = "4242424242424242"
PIN_CARD = "5555555555554444"
PIN_OTP = "4000000000000101"
ADDRESS = "4000000000000119"
ADDRESS_3DS = "4000000000000127"
THREE_DS = "4000000000000135"
PIN_3DS = "4000000000000143"
PENDING = "4000000000000309"

CREDENTIALS = {"X-DGS-API-Key": API_KEY, "X-DGS-ACCOUNT-NUMBER": ACCOUNT_NUMBER}
CHARGE = {
    "amount": 12000,
    "currency": "RWF",
    "payment_type": "card",
    "customer_email": "amina@example.com",
    "customer_first_name": "Amina",
    "customer_last_name": "Uwase",
    "customer_phone": "788123456",
    "customer_phone_country_code": "250",
    "redirect_url": "https://shop.example/back?checkout=1",
    "narration": "Order 1",
}


def encrypt(plain: str, nonce: str, key: str = ENCRYPTION_KEY) -> str:
    """As the provider's own code: the IV is the nonce's 12 characters."""
    aes = AESGCM(base64.b64decode(key))
    iv = nonce.encode() if len(nonce) == 12 else bytes.fromhex(nonce)
    return base64.b64encode(aes.encrypt(iv, plain.encode(), None)).decode()


def card(
    number: str = APPROVED,
    *,
    month: str = "12",
    year: str = "2099",
    cvv: str = "123",
    nonce: str | None = None,
    key: str = ENCRYPTION_KEY,
) -> dict[str, Any]:
    nonce = nonce or secrets.token_hex(6)
    return {
        "card_encrypted_number": encrypt(number, nonce, key),
        "card_encrypted_expiry_month": encrypt(month, nonce, key),
        "card_encrypted_expiry_year": encrypt(year, nonce, key),
        "card_encrypted_cvv": encrypt(cvv, nonce, key),
        "card_nonce": nonce,
    }


def pin(value: str = RIGHT_PIN, nonce: str | None = None) -> dict[str, str]:
    nonce = nonce or secrets.token_hex(6)
    return {
        "auth_type": "pin",
        "auth_pin_encrypted": encrypt(value, nonce),
        "auth_pin_nonce": nonce,
    }


class Merchant:
    """Calls the API with the right headers, unless told otherwise."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.api = f"{url}/generation/v2"
        self.session = requests.Session()
        self.session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.session.close()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        key: str | None = None,
        timeout: float = 10,
    ) -> requests.Response:
        given = dict(CREDENTIALS if headers is None else headers)
        if key is not None:
            given["X-Idempotency-Key"] = key
        return self.session.request(
            method, self.api + path, json=body, headers=given, timeout=timeout
        )

    def charge(
        self,
        number: str = APPROVED,
        *,
        key: str | None = None,
        timeout: float = 10,
        **changes: Any,
    ) -> requests.Response:
        body = CHARGE | card(number) | changes
        return self.call("POST", "/charges", body, key=key, timeout=timeout)

    def start(self, number: str = APPROVED, **changes: Any) -> dict[str, Any]:
        """Charge, and return the data of the accepted answer."""
        answer = self.charge(number, **changes)
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    def authorize(self, reference: str, **fields: object) -> requests.Response:
        return self.call("POST", "/authorize", {"dgs_reference": reference, **fields})

    def row(self, reference: str) -> dict[str, Any]:
        return self.call("GET", f"/transactions/{reference}").json()["data"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.session.request(
            method, f"{self.url}/_sandbox{path}", json=body, timeout=10
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def order_fault(self, operation: str, **effects: object) -> None:
        self.control("POST", "/faults", {"operation": operation, **effects})
