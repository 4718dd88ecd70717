"""Let time pass without waiting for it."""

import base64
import subprocess

from tests.hosts.host import Host

RUN_LATER = """
from datetime import timedelta
from unittest.mock import patch
from django.core.management import call_command
from django.utils import timezone

now = timezone.now
with patch.object(timezone, "now", lambda: now() + timedelta(minutes={minutes})):
    call_command(*{arguments})
"""


def manage_later(
    host: Host, minutes: int, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a command whose clock is so many minutes ahead of the server's."""
    return host.manage(
        "shell", "-c", RUN_LATER.format(minutes=minutes, arguments=arguments)
    )


SENT_EARLIER = """
from datetime import datetime, timedelta
from saleor.payment.models import Transaction

for stored in Transaction.objects.filter(payment={payment}):
    outcome = stored.gateway_response
    if since := outcome.get("waiting_since"):
        earlier = datetime.fromisoformat(since) - timedelta(minutes={minutes})
        outcome["waiting_since"] = earlier.isoformat()
        stored.save()
"""


def let_payment_wait(host: Host, payment_id: str, minutes: int) -> None:
    """Put the time since when a payment waits for its outcome so far into the past."""
    payment = base64.b64decode(payment_id).decode().removeprefix("Payment:")
    done = host.manage(
        "shell", "-c", SENT_EARLIER.format(payment=payment, minutes=minutes)
    )
    assert done.returncode == 0, done.stderr
