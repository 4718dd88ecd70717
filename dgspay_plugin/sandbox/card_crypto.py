"""Open what the customer's browser has encrypted."""

import base64
import binascii
import re
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NonceFormat = Literal["12", "24"]


class CardCipher:
    """AES-256-GCM with the merchant's key and a tag of 128 bits.

    DGS-Pay's page and its own code disagree about the nonce. Format "12" is the
    code's: 12 hex characters whose 12 UTF-8 bytes are the IV. Format "24" is the
    text's: 24 hex characters that decode to the 12 bytes of the IV.
    """

    def __init__(self, encryption_key: str, nonce_format: NonceFormat = "12") -> None:
        """Take the key as base64 of 32 bytes; raise ValueError if it is not."""
        key = base64.b64decode(encryption_key, validate=True)
        if len(key) != 32:
            raise ValueError("the encryption key must be base64 of 32 bytes")
        self._aes = AESGCM(key)
        self._nonce_format = nonce_format

    def decrypt(self, ciphertext: str, nonce: str) -> str:
        """Return the plain text of base64 ``ciphertext``.

        Raises ValueError, with a message that repeats neither argument.
        """
        initialization_vector = self._initialization_vector(nonce)
        try:
            sealed = base64.b64decode(ciphertext, validate=True)
            return self._aes.decrypt(initialization_vector, sealed, None).decode()
        except binascii.Error:
            raise ValueError("is not base64") from None
        except (InvalidTag, ValueError):
            raise ValueError(
                "cannot be decrypted with the merchant's key and this nonce"
            ) from None

    def _initialization_vector(self, nonce: str) -> bytes:
        if not re.fullmatch(rf"[0-9A-Fa-f]{{{self._nonce_format}}}", nonce):
            raise ValueError(f"needs a nonce of {self._nonce_format} hex characters")
        return nonce.encode() if self._nonce_format == "12" else bytes.fromhex(nonce)
