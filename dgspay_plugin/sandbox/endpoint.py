"""The way of each request to the API, and what may go wrong with it on order."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from .charges import Charge
from .connection import hang_up
from .errors import HTTP_STATUS, ApiError, ErrorCode
from .faults import AnswerFault, Operation
from .messages import read_reference, write_json
from .sandbox import Arrival, Sandbox


class ExactJson(JSONResponse):
    """JSON whose Decimals are numbers, digit for digit."""

    def render(self, content: Any) -> bytes:
        return write_json(content).encode()


@dataclass(frozen=True)
class Answer:
    response: Response
    settled: Charge | None = None
    """The charge that reached its end by this request."""


Handler = Callable[[Sandbox, Request, bytes], Answer]


class ApiEndpoint:
    """The way of every request: arrive, take effect, go wrong if so ordered."""

    def __init__(
        self,
        sandbox: Sandbox,
        handler: Handler,
        method: str | None = None,
        operation: Operation | None = None,
    ) -> None:
        self._sandbox = sandbox
        self._handler = handler
        self._method = method
        self._operation = operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        arrival = Arrival(request.method, request.url.path)
        self._sandbox.arrivals.append(arrival)
        fault = self._next_fault(request, body)
        if fault is None:
            answer = self._process(request, body)
        else:
            arrival.fault = fault.describe()
            answer = await self._process_with(fault, request, body)

        webhook = None
        if answer.settled is not None:
            webhook = self._sandbox.webhooks.for_charge(answer.settled)
        if webhook and webhook.fault.before_answer:
            await self._sandbox.webhooks.deliver_now(webhook)
            webhook = None
        if fault is not None:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.cut:
            await _cut(fault, request, answer.response, send)
        else:
            arrival.status = answer.response.status_code
            await answer.response(scope, receive, send)
        if webhook:
            self._sandbox.webhooks.announce(webhook)

    def _next_fault(self, request: Request, body: bytes) -> AnswerFault | None:
        if self._operation is None:
            return None
        reference = request.path_params.get("dgs_reference") or read_reference(body)
        return self._sandbox.faults.for_answer(self._operation, reference)

    async def _process_with(
        self, fault: AnswerFault, request: Request, body: bytes
    ) -> Answer:
        await asyncio.sleep(fault.delay_processing)
        settled = None
        response: Response = ExactJson({})
        if fault.takes_effect:
            answer = self._process(request, body)
            settled, response = answer.settled, answer.response
        if fault.status is not None or fault.body is not None:
            text = "<h1>Out of order</h1>" if fault.body is None else fault.body
            response = HTMLResponse(text, fault.status or 200)
        elif fault.error_code is not None:
            response = failure(ApiError(fault.error_code, "a fault ordered by a test"))
        return Answer(response, settled)

    def _process(self, request: Request, body: bytes) -> Answer:
        try:
            _authenticate(self._sandbox, request)
            if self._method and request.method != self._method:
                return Answer(
                    failure(
                        ApiError(ErrorCode.VALIDATION, f"use {self._method}"),
                        status=405,
                    )
                )
            return self._handler(self._sandbox, request, body)
        except ApiError as error:
            return Answer(failure(error))


async def _cut(
    fault: AnswerFault, request: Request, response: Response, send: Send
) -> None:
    if fault.cut == "during":
        body = bytes(response.body)
        await send(
            {
                "type": "http.response.start",
                "status": response.status_code,
                "headers": response.raw_headers,
            }
        )
        await send(
            {
                "type": "http.response.body",
                "body": body[: len(body) // 2],
                "more_body": True,
            }
        )
    await hang_up(request)


def _authenticate(sandbox: Sandbox, request: Request) -> None:
    credentials = sandbox.settings.credentials
    for header, expected in (
        ("X-DGS-API-Key", credentials.api_key),
        ("X-DGS-ACCOUNT-NUMBER", credentials.account_number),
    ):
        given = request.headers.get(header, "")
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise ApiError(
                ErrorCode.AUTHENTICATION, f"the header {header} is missing or wrong"
            )


def failure(error: ApiError, status: int | None = None) -> Response:
    return ExactJson(
        {"status": "failed", "error_code": error.code, "message": error.message},
        status or HTTP_STATUS[error.code],
    )
