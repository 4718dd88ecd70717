"""DGS-Pay's webhooks: signed, repeated until accepted, spoilt when so ordered."""

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

import requests

from .background import Background
from .charges import Charge, TransactionStatus
from .dialects import Dialect
from .faults import Faults, WebhookFault
from .messages import write_json

Event = Literal["payment.success", "payment.failed"]
TIMEOUT = 5
"""Seconds a store may take to answer a webhook."""
SENDERS = 16


@dataclass
class Webhook:
    """One event on its way to a store."""

    dgs_reference: str
    event: Event
    url: str
    body: bytes = field(repr=False)
    fault: WebhookFault
    attempts: list[int | None] = field(default_factory=list)
    """The HTTP status of each delivery; None where no answer came."""

    @property
    def accepted(self) -> bool:
        status = self.attempts[-1] if self.attempts else None
        return status is not None and 200 <= status < 300


class Webhooks:
    """Everything that was or will be sent. Lives in the server's event loop."""

    def __init__(
        self,
        secret: str,
        faults: Faults,
        background: Background,
        retry_delays: Sequence[float],
        default_url: str | None,
        dialect: Dialect,
    ) -> None:
        """``retry_delays``: seconds before each repeat of a refused webhook."""
        self.sent: list[Webhook] = []
        self.held: list[Webhook] = []
        self._secret = secret
        self._faults = faults
        self._background = background
        self._retry_delays = retry_delays
        self._default_url = default_url
        self._dialect = dialect
        self._threads = ThreadPoolExecutor(SENDERS, "webhook")

    def for_charge(self, charge: Charge) -> Webhook | None:
        """Write the webhook of a settled charge, if a store wants to hear it."""
        url = self.url_for(charge)
        if url is None or charge.behaviour.webhook_is_lost:
            return None
        event: Event = (
            "payment.success"
            if charge.status is TransactionStatus.SUCCESSFUL
            else "payment.failed"
        )
        return self.compose(
            charge, event, url, self._faults.for_webhook(charge.dgs_reference)
        )

    def url_for(self, charge: Charge) -> str | None:
        return charge.callback_url or self._default_url

    def compose(
        self, charge: Charge, event: Event, url: str, fault: WebhookFault | None = None
    ) -> Webhook:
        """Write a webhook that says ``event``, whatever the charge's truth is."""
        status = (
            TransactionStatus.SUCCESSFUL
            if event == "payment.success"
            else TransactionStatus.FAILED
        )
        fields = {
            "dgs_reference": charge.dgs_reference,
            "amount": charge.amount,
            "currency": charge.currency,
            "transaction_status": status,
        }
        body = {
            "event": self._dialect.webhook_event or event,
            "data": self._dialect.fields(fields),
        }
        webhook = Webhook(
            charge.dgs_reference,
            event,
            url,
            write_json(body).encode(),
            fault or WebhookFault.model_construct(operation="webhook"),
        )
        self.sent.append(webhook)
        return webhook

    def announce_end_of(self, charge: Charge) -> None:
        webhook = self.for_charge(charge)
        if webhook is not None:
            self.announce(webhook)

    def announce(self, webhook: Webhook) -> None:
        """Deliver in the background, as the webhook's fault will have it."""
        if webhook.fault.hold:
            self.held.append(webhook)
        elif not webhook.fault.drop:
            self._background.start(self._deliver(webhook))

    async def deliver_now(self, webhook: Webhook) -> None:
        """Deliver once and wait for it; repeat in the background if refused."""
        await self.post(webhook)
        if not webhook.accepted:
            self._background.start(self._repeat(webhook))

    async def release(self, order: Literal["arrival", "reverse"]) -> list[Webhook]:
        """Deliver those held, one after the other."""
        released, self.held = self.held, []
        if order == "reverse":
            released.reverse()
        for webhook in released:
            await self.deliver_now(webhook)
        return released

    async def post(self, webhook: Webhook) -> int | None:
        """Send once; return the HTTP status, or None if no answer came."""
        status = await asyncio.get_running_loop().run_in_executor(
            self._threads, self._post, webhook
        )
        webhook.attempts.append(status)
        return status

    def clear(self) -> None:
        self.sent.clear()
        self.held.clear()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _deliver(self, webhook: Webhook) -> None:
        await asyncio.sleep(webhook.fault.delay)
        copies = 1 + webhook.fault.duplicate
        await asyncio.gather(*(self.post(webhook) for _ in range(copies)))
        if not webhook.accepted:
            await self._repeat(webhook)

    async def _repeat(self, webhook: Webhook) -> None:
        for delay in self._retry_delays:
            await asyncio.sleep(delay)
            await self.post(webhook)
            if webhook.accepted:
                return

    def _post(self, webhook: Webhook) -> int | None:
        secret = "not-" + self._secret if webhook.fault.forge else self._secret
        signature = hmac.new(secret.encode(), webhook.body, hashlib.sha256).hexdigest()
        with requests.Session() as session:
            # A proxy of the environment would not find a store on this machine.
            session.trust_env = False
            try:
                return session.post(
                    webhook.url,
                    data=webhook.body,
                    headers={
                        "Content-Type": "application/json",
                        "X-DGS-Signature": signature,
                    },
                    timeout=TIMEOUT,
                    allow_redirects=False,
                ).status_code
            except requests.RequestException:
                return None
