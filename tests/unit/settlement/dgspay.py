"""DGS-Pay, which answers what a test has it answer."""

from collections.abc import Mapping
from typing import Any

import responses

from dgspay_plugin.provider.client import SANDBOX_URL

Provider = responses.RequestsMock

PENDING = {"dgs_reference": "DGS-1", "transaction_status": "pending"}
ASKS_FOR_PIN = {**PENDING, "next_action_type": "requires_pin"}
ASKS_FOR_OTP = {**PENDING, "next_action_type": "requires_otp"}
PAID = {
    "dgs_reference": "DGS-1",
    "transaction_status": "successful",
    "amount": 12000,
    "currency": "RWF",
}


def tells(
    provider: Provider,
    call: str,
    answer: Mapping[str, Any] | Exception,
    status: int = 200,
) -> responses.BaseResponse:
    """Let DGS-Pay answer a call, like "POST charges", from now on."""
    method, path = call.split()
    url = f"{SANDBOX_URL}/{path}"
    body = {"body": answer} if isinstance(answer, Exception) else {"json": answer}
    return provider.upsert(method, url, status=status, **body)


def calls(provider: Provider) -> list[str]:
    return [
        f"{call.request.method} {call.request.url.removeprefix(SANDBOX_URL)[1:]}"
        for call in provider.calls
    ]
