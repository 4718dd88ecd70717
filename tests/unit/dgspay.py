"""DGS-Pay, which answers what a test has it answer, below its client."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from io import BytesIO
from typing import Any

from urllib3 import HTTPResponse, Timeout
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import ReadTimeoutError

from dgspay_plugin.provider.connections import NotConnected

PENDING = {"dgs_reference": "DGS-1", "transaction_status": "pending"}
ASKS_FOR_PIN = {**PENDING, "next_action_type": "requires_pin"}
ASKS_FOR_OTP = {**PENDING, "next_action_type": "requires_otp"}
PAID = {
    "dgs_reference": "DGS-1",
    "transaction_status": "successful",
    "amount": 12000,
    "currency": "RWF",
}

NOT_CONNECTED = NotConnected("nobody answered")
NO_ANSWER = ReadTimeoutError(HTTPConnectionPool("dgspay.example"), "", "silence")

Answer = Mapping[str, Any] | str | bytes | Exception | Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Call:
    """A request that DGS-Pay was sent."""

    base_url: str
    method: str
    path: str
    body: str | None
    headers: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON object in its body."""
        fields: dict[str, Any] = json.loads(self.body or "")
        return fields


@dataclass(frozen=True)
class _Told:
    calls: str
    answer: Answer
    status: int
    headers: Mapping[str, str]


@dataclass
class Provider:
    calls: list[Call] = field(default_factory=list)
    _told: list[_Told] = field(default_factory=list)

    @property
    def called(self) -> list[str]:
        return [str(call) for call in self.calls]

    def tells(
        self,
        calls: str,
        answer: Answer,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer calls, like "POST charges" or "GET transactions/*", from now on."""
        self._told.append(_Told(calls, answer, status, headers or {}))

    def answers(self, call: Call) -> HTTPResponse:
        self.calls.append(call)
        told = self._told_of(call)
        answer = told.answer() if callable(told.answer) else told.answer
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Mapping):
            answer = json.dumps(answer)
        body = answer.encode() if isinstance(answer, str) else answer
        return HTTPResponse(
            BytesIO(body), told.headers, told.status, preload_content=False
        )

    def _told_of(self, call: Call) -> _Told:
        for told in reversed(self._told):
            if fnmatchcase(str(call), told.calls):
                return told
        raise AssertionError(f"{call} was not to be sent")


@dataclass(frozen=True)
class ConnectionsTo:
    """In the place of `dgspay_plugin.provider.connections.Connections`."""

    base_url: str
    provider: Provider

    def open(
        self,
        method: str,
        path: str,
        *,
        body: str | None,
        headers: Mapping[str, str],
        timeout: Timeout,
    ) -> HTTPResponse:
        return self.provider.answers(Call(self.base_url, method, path, body, headers))
