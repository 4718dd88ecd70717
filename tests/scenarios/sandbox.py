"""The local DGS-Pay of a test run, and the strings its control API pulls."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import requests

from tests.hosts.network import free_port, wait_until_answers

Charge = dict[str, Any]


class Sandbox:
    """A sandbox process of our own; its port stays the same when it is restarted."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._options = options
        self._port = free_port()
        self._log = folder / "sandbox.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.page = f"http://127.0.0.1:{self._port}/"
        self.url = f"{self.page}generation/v2"
        self._control = f"{self.page}_sandbox"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        command = [sys.executable, "-m", "dgspay_plugin.sandbox"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, f"--port={self._port}", *self._options],
                stdout=log,
                stderr=log,
            )
        wait_until_answers(f"{self._control}/charges", self._process, self._log)

    def stop(self) -> None:
        """End it; from now on its port refuses connections."""
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)
            self._process = None

    def charges(self, customer_email: str) -> list[Charge]:
        """What the sandbox knows of a customer's charges, the oldest first."""
        return [c for c in self.all_charges() if c["customer_email"] == customer_email]

    def all_charges(self) -> list[Charge]:
        charges: list[Charge] = self._get("charges")
        return charges

    def charge(self, customer_email: str) -> Charge:
        """The one charge this customer has."""
        (charge,) = self.charges(customer_email)
        return charge

    def arrivals(self) -> list[dict[str, Any]]:
        """What has arrived at the provider's API, in order, without the bodies."""
        arrived: list[dict[str, Any]] = self._get("requests")
        return arrived

    def payment_requests(self) -> int:
        """How many requests have arrived that try to move money, or to go on to it."""
        return sum(request["method"] == "POST" for request in self.arrivals())

    def webhooks(self, reference: str) -> list[dict[str, Any]]:
        """The webhooks of a charge, with the HTTP status of each attempt."""
        return [w for w in self.all_webhooks() if w["dgs_reference"] == reference]

    def all_webhooks(self) -> list[dict[str, Any]]:
        webhooks: list[dict[str, Any]] = self._get("webhooks")
        return webhooks

    def reset(self) -> None:
        """Forget every charge, and every webhook that is on its way."""
        self._post("reset")

    def order_fault(self, operation: str, **fault: Any) -> None:
        """Let one of the next requests (or webhooks) go wrong."""
        self._post("faults", operation=operation, **fault)

    def clear_faults(self) -> None:
        requests.delete(f"{self._control}/faults", timeout=10).raise_for_status()

    def change_charge(self, reference: str, **truth: Any) -> None:
        """Change what is true of a charge, without any request to it."""
        self._post(f"charges/{reference}", **truth)

    def let_pass(self, seconds: float) -> None:
        """Let time pass at once, and with it every charge that it decides."""
        self._post("time", seconds=seconds)

    def on_the_handset(self, reference: str, decision: str) -> None:
        """Decide a mobile money prompt: approve or reject."""
        answer = requests.post(
            f"{self.page}handset/{reference}/{decision}",
            allow_redirects=False,
            timeout=10,
        )
        assert answer.status_code == 303

    def settle(self, reference: str, status: str = "successful") -> None:
        """Conclude a charge and announce it with a webhook."""
        self.change_charge(reference, transaction_status=status, webhook=True)

    def send_webhook(self, reference: str, event: str, **how: Any) -> int:
        """Send a webhook now, true or not, and return the HTTP status it got."""
        sent = self._post("webhooks/send", dgs_reference=reference, event=event, **how)
        status: int = sent["status"]
        return status

    def release_webhook(self, customer_email: str) -> None:
        """Send the webhook of a customer's charge that a fault holds back.

        It is written when the charge is answered, which may still be delayed.
        """
        reference = self.charge(customer_email)["dgs_reference"]

        def is_released() -> bool:
            released = self.release_webhooks()
            return any(w["dgs_reference"] == reference for w in released)

        eventually(is_released)

    def release_webhooks(self, order: str = "arrival") -> list[dict[str, Any]]:
        """Send all that faults hold back, one after the other: arrival or reverse."""
        released: list[dict[str, Any]] = self._post("webhooks/release", order=order)
        return released

    def wait_for_webhook(
        self, customer_email: str, reference: str | None = None
    ) -> None:
        """Wait until the store has taken a webhook of a customer's charge."""
        reference = reference or self.charge(customer_email)["dgs_reference"]
        eventually(lambda: any(200 in w["attempts"] for w in self.webhooks(reference)))

    def _get(self, path: str) -> Any:
        answer = requests.get(f"{self._control}/{path}", timeout=10)
        answer.raise_for_status()
        return answer.json()

    def _post(self, path: str, **order: Any) -> Any:
        answer = requests.post(f"{self._control}/{path}", json=order, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None


def eventually(condition: Callable[[], Any], timeout: float = 20) -> Any:
    """Wait until the condition is truthy and return its value.

    Raises:
        AssertionError: It was not within ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return value
