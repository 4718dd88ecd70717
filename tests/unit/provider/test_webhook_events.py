"""A webhook's body, as it is read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from dgspay_plugin.payment.outcome import (
    ProviderTransaction,
    TransactionStatus,
)
from dgspay_plugin.provider.json_text import write_json
from dgspay_plugin.provider.messages import (
    WebhookEvent,
    read_webhook,
)


@pytest.mark.parametrize(
    ("message", "event"),
    [
        (
            {
                "event": "payment.success",
                "data": {
                    "dgs_reference": "DGS-1",
                    "status": "success",
                    "amount": 12000,
                    "currency": "RWF",
                },
            },
            WebhookEvent(
                "payment.success",
                "DGS-1",
                ProviderTransaction(
                    "DGS-1",
                    TransactionStatus.SUCCESSFUL,
                    amount=Decimal(12000),
                    currency="RWF",
                ),
            ),
        ),
        (
            {
                "event": "payment.failed",
                "dgs_reference": "DGS-1",
                "transaction_status": "failed",
            },
            WebhookEvent(
                "payment.failed",
                "DGS-1",
                ProviderTransaction("DGS-1", TransactionStatus.FAILED),
            ),
        ),
        (
            {"event": "payment.success", "data": {"dgs_reference": "DGS-1"}},
            WebhookEvent("payment.success", "DGS-1", None),
        ),
        ({"event": "ping"}, WebhookEvent("ping", None, None)),
    ],
    ids=["under data", "at the top", "without a status", "about no transaction"],
)
def test_webhook_is_read(message: Mapping[str, Any], event: WebhookEvent) -> None:
    assert read_webhook(write_json(message).encode()) == event


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"\xff\xfe",
        b"[]",
        b'"payment.success"',
        b"{}",
        b'{"event": null}',
        b'{"event": 7}',
        b'{"event": ""}',
        b'{"event": "two words"}',
        b'{"event": "line\\nfeed"}',
        b'{"event": "payment.success", "dgs_reference": "../balance"}',
        b'{"event": "payment.success", "amount": NaN}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_no_event_of_dgs_pay(body: bytes) -> None:
    with pytest.raises(ValueError):
        read_webhook(body)
