"""Let time pass without waiting for it."""

import base64
import subprocess

from tests.hosts.host import Host
from tests.scenarios.in_store import run_in_store
from tests.scenarios.store import Store

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


COMPLETE_LATER = """
from datetime import timedelta
from importlib import import_module
from unittest.mock import patch
from django.conf import settings
from django.utils import timezone

import_module(settings.ROOT_URLCONF)
from saleor.checkout.tasks import trigger_automatic_checkout_completion_task

now = timezone.now
with patch.object(timezone, "now", lambda: now() + timedelta(minutes={minutes})):
    trigger_automatic_checkout_completion_task()
"""


def complete_paid_checkouts_later(host: Host, minutes: int) -> None:
    """Have Saleor make the orders of what was settled by a clock that is ahead."""
    run_in_store(host, COMPLETE_LATER.format(minutes=minutes))


PUT_BACK = """
import re
from datetime import datetime, timedelta

def put_back(since):
    return (datetime.fromisoformat(since) - timedelta(minutes={minutes})).isoformat()
"""
OF_A_PAYMENT = """
from saleor.payment.models import Transaction

for stored in Transaction.objects.filter(payment={pk}):
    outcome = stored.gateway_response
    if since := outcome.get("waiting_since"):
        outcome["waiting_since"] = put_back(since)
        stored.save()
"""
OF_A_TRANSACTION = """
from saleor.payment.models import TransactionItem

item = TransactionItem.objects.get(token="{pk}")
item.private_metadata = {{
    key: re.sub(r'(?<="waiting_since": ")[^"]+', lambda m: put_back(m[0]), outcomes)
    for key, outcomes in item.private_metadata.items()
}}
item.save()
"""
SENT_EARLIER = {
    "Payment": PUT_BACK + OF_A_PAYMENT,
    "TransactionItem": PUT_BACK + OF_A_TRANSACTION,
}


def let_payment_wait(host: Host, store: Store, payment: str, minutes: int) -> None:
    """Put the time since when a payment waits for its outcome so far into the past."""
    kind, _, pk = base64.b64decode(store.payment(payment).id).decode().partition(":")
    run_in_store(host, SENT_EARLIER[kind].format(pk=pk, minutes=minutes))
