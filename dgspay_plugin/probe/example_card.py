"""A card that is nobody's, encrypted as a customer's browser would."""

import base64
import datetime as dt
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dgspay_plugin.payment.card_data import NonceFormat

# The number that card sandboxes have in common.
NUMBER, MONTH, CVV = "4242424242424242", "12", "123"
PIN, OTP = "1234", "123456"
ADDRESS = {"avs_line1": "KG 7 Avenue 12", "avs_city": "Kigali", "avs_country": "RW"}


class Keyboard:
    """What is typed for each step, as DGS-Pay's fields; a fresh nonce each time."""

    def __init__(self, encryption_key: str, nonce_format: NonceFormat) -> None:
        self._cipher = AESGCM(base64.b64decode(encryption_key))
        self._nonce_format = nonce_format

    def card(self) -> dict[str, str]:
        nonce = self._nonce()
        year = str(dt.datetime.now(dt.UTC).year + 3)
        return {
            "card_encrypted_number": self._encrypt(NUMBER, nonce),
            "card_encrypted_expiry_month": self._encrypt(MONTH, nonce),
            "card_encrypted_expiry_year": self._encrypt(year, nonce),
            "card_encrypted_cvv": self._encrypt(CVV, nonce),
            "card_nonce": nonce,
        }

    def pin(self) -> dict[str, str]:
        nonce = self._nonce()
        sealed = self._encrypt(PIN, nonce)
        return {"auth_pin_encrypted": sealed, "auth_pin_nonce": nonce}

    def _nonce(self) -> str:
        return secrets.token_hex(int(self._nonce_format) // 2)

    def _encrypt(self, text: str, nonce: str) -> str:
        is_iv = self._nonce_format == "12"
        iv = nonce.encode() if is_iv else bytes.fromhex(nonce)
        return base64.b64encode(self._cipher.encrypt(iv, text.encode(), None)).decode()
