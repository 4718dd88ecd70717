"""The development credentials. They open nothing but this sandbox."""

import base64
from dataclasses import dataclass

API_KEY = "sandbox-api-key"
ACCOUNT_NUMBER = "ACC-0001234"
ENCRYPTION_KEY = base64.b64encode(b"dgspay-sandbox-encryption-key-32").decode()
WEBHOOK_SECRET = "sandbox-webhook-secret"  # noqa: S105 - opens only the sandbox

RIGHT_PIN = "1234"
RIGHT_OTP = "123456"


@dataclass(frozen=True)
class Credentials:
    """What a merchant finds in the DGS-Pay portal."""

    api_key: str = API_KEY
    account_number: str = ACCOUNT_NUMBER
    encryption_key: str = ENCRYPTION_KEY
    """Base64 of 32 bytes."""
    webhook_secret: str = WEBHOOK_SECRET
