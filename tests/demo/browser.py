"""The customer's browser: the storefront snippet's own encryption, run by Node."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.scenarios.cardholder import PaymentData

ENCRYPT = Path(__file__).parent / "encrypt.mjs"


@dataclass(frozen=True)
class TypedCard:
    """What the customer types; only its encryption leaves the browser."""

    number: str = field(repr=False)
    expiry_month: str = field(repr=False)
    expiry_year: str = field(repr=False)
    cvv: str = field(repr=False)


class Browser:
    def __init__(self, gateway_config: Mapping[str, str]) -> None:
        """Take the gateway's ``config`` as availablePaymentGateways hands it over."""
        self._key = gateway_config["encryption_key"]
        self._options = {"nonceFormat": gateway_config["nonce_format"]}

    def encrypt_card(self, card: TypedCard) -> PaymentData:
        typed = {
            "number": card.number,
            "expiryMonth": card.expiry_month,
            "expiryYear": card.expiry_year,
            "cvv": card.cvv,
        }
        return self._run("encryptCard", typed)

    def encrypt_pin(self, pin: str) -> PaymentData:
        return self._run("encryptPin", pin)

    def _run(self, function: str, typed: Any) -> PaymentData:
        node = subprocess.run(
            ["node", ENCRYPT],
            input=json.dumps([function, typed, self._key, self._options]),
            check=True,
            capture_output=True,
            text=True,
        )
        encrypted: PaymentData = json.loads(node.stdout)
        return encrypted
