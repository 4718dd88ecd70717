"""What can be set about a sandbox when it starts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .card_crypto import NonceFormat
from .credentials import Credentials
from .dialects import PUBLISHED, Dialect


@dataclass(frozen=True)
class Settings:
    credentials: Credentials = field(default_factory=Credentials)
    nonce_format: NonceFormat = "12"
    webhook_url: str | None = None
    """Where webhooks of charges without a callback_url go; None: nowhere."""
    webhook_retry_delays: Sequence[float] = (1, 2, 4, 8, 16)
    """Seconds before each repeat of a webhook that was not answered with 2xx."""
    dialect: Dialect = PUBLISHED
