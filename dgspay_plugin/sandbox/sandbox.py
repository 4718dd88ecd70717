"""All that one running sandbox consists of."""

from dataclasses import dataclass, field

from .background import Background
from .card_crypto import CardCipher
from .charges import Ledger
from .clock import Clock
from .faults import Faults
from .payments import Payments
from .settings import Settings
from .webhooks import Webhooks


@dataclass
class Arrival:
    """A request to the API, as ``GET /_sandbox/requests`` tells of it."""

    method: str
    path: str
    status: int | None = None
    """None while it is not answered, or where the connection was cut."""
    fault: str | None = None


@dataclass
class Sandbox:
    settings: Settings
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)
    background: Background = field(default_factory=Background)
    clock: Clock = field(default_factory=Clock)
    arrivals: list[Arrival] = field(default_factory=list)

    def __post_init__(self) -> None:
        credentials = self.settings.credentials
        self.payments = Payments(
            self.ledger,
            CardCipher(credentials.encryption_key, self.settings.nonce_format),
        )
        self.webhooks = Webhooks(
            credentials.webhook_secret,
            self.faults,
            self.background,
            self.settings.webhook_retry_delays,
            self.settings.webhook_url,
            self.settings.dialect,
        )

    def reset(self) -> None:
        """Forget everything but the settings, and send nothing that was under way."""
        self.background.cancel()
        self.payments.clear()
        self.faults.clear()
        self.webhooks.clear()
        self.arrivals.clear()

    def close(self) -> None:
        self.background.cancel()
        self.webhooks.close()
