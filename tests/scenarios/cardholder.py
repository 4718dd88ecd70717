"""The customer at the keyboard: what their browser would encrypt and send."""

import base64
import secrets
from collections.abc import Mapping
from typing import Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dgspay_plugin.sandbox.credentials import ENCRYPTION_KEY, RIGHT_OTP, RIGHT_PIN

PaymentData = Mapping[str, str]
NonceFormat = Literal["12", "24"]

WRONG_PIN = "590361748205"
WRONG_OTP = "Q7XN2K9TZ4"


class Cardholder:
    """Makes the ``paymentData`` of each step, as frontend_snippet/encrypt.js does.

    Everything typed, and everything made of it, is remembered in ``secrets``: a test
    then searches the store's records for all of it.
    """

    def __init__(self) -> None:
        # The right OTP and the CVV are too short to be told from an id or a time; what
        # is distinctive enough is looked for: wrong ones take the same way.
        self.secrets: set[str] = {WRONG_PIN, WRONG_OTP}

    def card(self, number: str, nonce_format: NonceFormat = "12") -> PaymentData:
        encrypt = _Encryption(nonce_format)
        fields = {
            "card_encrypted_number": encrypt(number),
            "card_encrypted_expiry_month": encrypt("12"),
            "card_encrypted_expiry_year": encrypt("2030"),
            "card_encrypted_cvv": encrypt("737"),
            "card_nonce": encrypt.nonce,
        }
        self.secrets |= {number, *fields.values()}
        return {"type": "card", **fields}

    def wallet(self, number: str, network: str = "MTN") -> PaymentData:
        self.secrets.add(number)
        return {
            "type": "mobile_money",
            "mobile_money_network": network,
            "mobile_money_phone": number,
        }

    def pin(
        self, pin: str = RIGHT_PIN, nonce_format: NonceFormat = "12"
    ) -> PaymentData:
        encrypt = _Encryption(nonce_format)
        fields = {"auth_pin_encrypted": encrypt(pin), "auth_pin_nonce": encrypt.nonce}
        self.secrets |= set(fields.values())
        return {"type": "pin", **fields}

    def otp(self, otp: str = RIGHT_OTP) -> PaymentData:
        return {"type": "otp", "auth_otp": otp}

    def address(self) -> PaymentData:
        return {
            "type": "avs",
            "avs_line1": "KG 7 Avenue 12",
            "avs_city": "Kigali",
            "avs_country": "RW",
        }

    def back_from_bank(self) -> PaymentData:
        return {"type": "redirect"}

    def waiting(self) -> PaymentData:
        return {"type": "wait"}


class _Encryption:
    """AES-256-GCM under one fresh nonce.

    The IV is the 12 UTF-8 bytes of a nonce of 12 characters, or the 12 bytes that
    24 hex characters decode to.
    """

    def __init__(self, nonce_format: NonceFormat) -> None:
        self.nonce = secrets.token_hex(int(nonce_format) // 2)
        self._iv = (
            self.nonce.encode() if nonce_format == "12" else bytes.fromhex(self.nonce)
        )
        self._cipher = AESGCM(base64.b64decode(ENCRYPTION_KEY))

    def __call__(self, value: str) -> str:
        sealed = self._cipher.encrypt(self._iv, value.encode(), None)
        return base64.b64encode(sealed).decode()
