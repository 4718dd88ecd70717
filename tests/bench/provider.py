"""DGS-Pay and Stripe as they are on the wire, answering from loopback at once.

Not the sandbox, which judges every request: its time would hide the plugin's. A
reference tells its charge's amount, so nothing is kept between requests.
"""

import asyncio
import itertools
import json
import re
import ssl
import threading
from typing import Any
from urllib.parse import parse_qs

from tests.hosts.network import free_port

HEAD_END = b"\r\n\r\n"
CONTENT_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Provider:
    """A server in a thread of its own."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api_url = f"{self.url}/generation/v2"
        self.status = "successful"
        """``transaction_status`` of every answer."""
        self.next_action: str | None = None
        """``next_action_type`` of every charge."""
        self.seconds_to_answer = 0.0
        self.connections: list[asyncio.Transport] = []
        """All that were ever opened."""
        self.requests = 0
        self.most_at_once = 0
        self._waiting = 0
        self._numbers = itertools.count(1)
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        serving = self._loop.create_server(
            lambda: _Connection(self), "127.0.0.1", self.port, ssl=self._tls
        )
        asyncio.run_coroutine_threadsafe(serving, self._loop).result()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def close_connections(self) -> None:
        """Close every connection, as a server does with idle ones."""
        for connection in self.connections:
            self._loop.call_soon_threadsafe(connection.close)

    def take(self, transport: asyncio.Transport, request: str, body: bytes) -> None:
        self.requests += 1
        self._waiting += 1
        self.most_at_once = max(self.most_at_once, self._waiting)
        answer = json.dumps(self._answer(request, body)).encode()
        if self.seconds_to_answer:
            self._loop.call_later(self.seconds_to_answer, self._send, transport, answer)
        else:
            self._send(transport, answer)

    def _send(self, transport: asyncio.Transport, answer: bytes) -> None:
        self._waiting -= 1
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        transport.write(b"%bContent-Length: %d\r\n\r\n" % (head, len(answer)) + answer)

    def _answer(self, request: str, body: bytes) -> dict[str, Any]:
        path = request.split()[1].partition("?")[0]
        match path.rsplit("/", 2)[1:]:
            case [_, "charges"]:
                charge = json.loads(body)
                reference = f"{charge['currency']}-{charge['amount']}"
                answer = self._transaction(f"{reference}-{next(self._numbers)}")
                return _accepted({**answer, "next_action_type": self.next_action})
            case [_, "authorize"]:
                return _accepted(self._transaction(json.loads(body)["dgs_reference"]))
            case ["transactions", reference]:
                return _accepted(self._row(reference))
            case [_, "transactions"]:
                page = {"page": 1, "limit": 100, "total": 0, "pages": 1}
                return {"status": "success", "data": [], "pagination": page}
            case [_, "payment_intents"] | ["payment_intents", _]:
                return stripe_intent(f"pi_{next(self._numbers)}", body)
        return _accepted({})

    def _transaction(self, reference: str) -> dict[str, Any]:
        return {"dgs_reference": reference, "transaction_status": self.status}

    def _row(self, reference: str) -> dict[str, Any]:
        currency, amount, number = reference.split("-")
        return {
            "id": number,
            "dgs_reference": reference,
            "amount": float(amount) if "." in amount else int(amount),
            "currency": currency,
            "status": "success" if self.status == "successful" else self.status,
            "payment_method_type": "card",
            "created_at": "2026-11-24T10:00:00Z",
        }


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as far as a client that keeps its connection needs it."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._provider.connections.append(transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(HEAD_END)
        announced = CONTENT_LENGTH.search(head)
        length = int(announced[1]) if announced else 0
        if end and len(rest) >= length:
            self._received = rest[length:]
            request = head.partition(b"\r\n")[0].decode()
            self._provider.take(self._transport, request, rest[:length])


def _accepted(data: dict[str, Any]) -> dict[str, Any]:
    return {"status": "success", "data": data}


def stripe_intent(intent_id: str, form: bytes = b"") -> dict[str, Any]:
    """A payment intent that has succeeded, for what its request asked for."""
    asked = {name: values[0] for name, values in parse_qs(form.decode()).items()}
    amount = int(asked.get("amount", 12000))
    card = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030}
    return {
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_received": amount,
        "capture_method": "automatic",
        "charges": {
            "object": "list",
            "data": [{"payment_method_details": {"type": "card", "card": card}}],
        },
        "client_secret": f"{intent_id}_secret",
        "currency": asked.get("currency", "RWF"),
        "status": "succeeded",
    }
