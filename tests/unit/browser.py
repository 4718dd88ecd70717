"""What a browser sends, as the server sees it: ciphertexts that it cannot read."""

import base64
import secrets

from dgspay_plugin.payment.card_data import GCM_TAG_BYTES, EncryptedCard, EncryptedPin

CARD_NUMBER = "4242424242424242"
WALLET_NUMBER = "788123456"


def ciphertext(plaintext_length: int) -> str:
    """Base64 of as many bytes as AES-256-GCM makes of such a plaintext."""
    return base64.b64encode(
        secrets.token_bytes(plaintext_length + GCM_TAG_BYTES)
    ).decode()


def nonce() -> str:
    return secrets.token_hex(6)


def card_data(**changes: object) -> dict[str, object]:
    return {
        "type": "card",
        "card_encrypted_number": ciphertext(16),
        "card_encrypted_expiry_month": ciphertext(2),
        "card_encrypted_expiry_year": ciphertext(4),
        "card_encrypted_cvv": ciphertext(3),
        "card_nonce": nonce(),
        **changes,
    }


def pin_data(**changes: object) -> dict[str, object]:
    return {
        "type": "pin",
        "auth_pin_encrypted": ciphertext(4),
        "auth_pin_nonce": nonce(),
        **changes,
    }


def address_data(**changes: object) -> dict[str, object]:
    return {"type": "avs", "avs_line1": "KG 7 Ave", "avs_country": "RW", **changes}


def mobile_money_data(**changes: object) -> dict[str, object]:
    return {
        "type": "mobile_money",
        "mobile_money_network": "MTN",
        "mobile_money_phone": WALLET_NUMBER,
        **changes,
    }


def encrypted_card() -> EncryptedCard:
    fields = card_data()
    del fields["type"]
    return EncryptedCard.model_validate(fields)


def encrypted_pin() -> EncryptedPin:
    fields = pin_data()
    del fields["type"]
    return EncryptedPin.model_validate(fields)
