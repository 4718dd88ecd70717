"""What makes both sides' books differ, and dgspay_reconcile, which compares them."""

import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import requests

from dgspay_plugin.sandbox import credentials
from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.later import manage_later
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store

Done = subprocess.CompletedProcess[str]
AGREE = "Saleor and DGS-Pay agree."
# Longer than an outcome that is not known is waited for.
MINUTES_TO_WAIT_FOR_AN_OUTCOME = 20


class Reconciliation:
    """Runs dgspay_reconcile over what was paid since one scenario began."""

    def __init__(self, host: Host) -> None:
        self._host = host
        # DGS-Pay names the second of a charge and no fraction of it: what an earlier
        # scenario has charged in this one would be taken for this scenario's.
        time.sleep(1 - datetime.now(UTC).microsecond / 1e6)
        self._since = f"--since={datetime.now(UTC).isoformat()}"

    def __call__(self, *arguments: str, minutes_later: int = 0) -> Done:
        return self._checked(
            manage_later(
                self._host, minutes_later, "dgspay_reconcile", self._since, *arguments
            )
        )

    def in_new_process(self) -> Done:
        """As an operator runs it, whose process has to load Saleor."""
        return self._checked(
            self._host.manage_in_new_process("dgspay_reconcile", self._since)
        )

    @staticmethod
    def _checked(done: Done) -> Done:
        assert "Traceback" not in done.stderr, done.stderr
        for secret in (credentials.API_KEY, credentials.WEBHOOK_SECRET):
            assert secret not in done.stdout + done.stderr
        return done


def pending(store: Store, cardholder: Cardholder) -> Checkout:
    """A checkout whose charge DGS-Pay has not decided."""
    checkout = store.new_checkout()
    assert store.pay(checkout, cardholder.card(cards.PENDING)).asks_for == "wait"
    return checkout


def ordered(store: Store, cardholder: Cardholder) -> Checkout:
    checkout = store.new_checkout()
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    return checkout


def decide(sandbox: Sandbox, checkout: Checkout, status: str, **truth: object) -> None:
    """Change what is true of a customer's charge, unheard by the store."""
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status=status, **truth)


def kill_while_paying(
    host: Host, press: Callable[[], object], has_taken_effect: Callable[[], object]
) -> None:
    """Kill the server once the provider has acted, and before it has answered."""

    def press_and_wait() -> None:
        with pytest.raises(requests.RequestException):
            press()

    customer = threading.Thread(target=press_and_wait)
    customer.start()
    eventually(has_taken_effect)
    host.kill()
    customer.join()
    host.start()


def line_of(done: Done, text: str) -> str:
    """The one line for a person that holds a text."""
    (line,) = (
        line
        for line in done.stdout.splitlines()
        if line.startswith("  - ") and text in line
    )
    return line
