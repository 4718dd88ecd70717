"""DGS-Pay's API under /generation/v2, as its pages state it."""

import asyncio
import hmac
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import simplejson
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from .cards import NextAction
from .charges import ROW_STATUS, Charge, TransactionStatus
from .connection import hang_up
from .errors import HTTP_STATUS, ApiError, ErrorCode
from .faults import AnswerFault, Operation
from .messages import (
    AUTHORIZATION,
    CHARGE,
    TRANSACTIONS_QUERY,
    read,
    read_json,
    read_reference,
)
from .sandbox import Arrival, Sandbox

PREFIX = "/generation/v2"


class ExactJson(JSONResponse):
    """JSON whose Decimals are numbers, digit for digit."""

    def render(self, content: Any) -> bytes:
        return simplejson.dumps(content).encode()


@dataclass(frozen=True)
class Answer:
    response: Response
    settled: Charge | None = None
    """The charge that reached its end by this request."""


Handler = Callable[[Sandbox, Request, bytes], Answer]


def api_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """Each operation of the API, and an API-level failure for anything else."""

    def route(path: str, method: str, operation: Operation, handler: Handler) -> Route:
        return Route(path, ApiEndpoint(sandbox, handler, method, operation))

    operations = [
        route("/charges", "POST", "charge", charge),
        route("/authorize", "POST", "authorize", authorize),
        route("/transactions", "GET", "transactions", transactions),
        route("/transactions/{dgs_reference}", "GET", "transaction", transaction),
        route("/balance", "GET", "balance", balance),
        Route("/{path:path}", ApiEndpoint(sandbox, no_such_operation)),
    ]
    return [Mount(PREFIX, routes=operations)]


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


def charge(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    _expect_json(request)
    key = request.headers.get("X-Idempotency-Key")
    sandbox.payments.refuse_repeated(key)
    charge = sandbox.payments.charge(read_json(body, CHARGE), key)
    if charge.behaviour.settles_after and not charge.is_settled:
        sandbox.background.start(_settle_later(sandbox, charge))
    return _charge_answer(request, charge, status=201)


def authorize(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    _expect_json(request)
    key = request.headers.get("X-Idempotency-Key")
    sandbox.payments.refuse_repeated(key)
    charge = sandbox.payments.authorize(read_json(body, AUTHORIZATION), key)
    return _charge_answer(request, charge)


def transactions(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    query = read(dict(request.query_params), TRANSACTIONS_QUERY)
    found = [
        charge
        for charge in reversed(list(sandbox.ledger))
        if query.status in (None, ROW_STATUS[charge.status])
        and query.dgs_reference in (None, charge.dgs_reference)
        and query.flw_reference in (None, charge.flw_reference)
    ]
    start = (query.page - 1) * query.limit
    return Answer(
        ExactJson(
            {
                "status": "success",
                "data": [_row(charge) for charge in found[start : start + query.limit]],
                "pagination": {
                    "page": query.page,
                    "limit": query.limit,
                    "total": len(found),
                    "pages": math.ceil(len(found) / query.limit),
                },
            }
        )
    )


def transaction(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    charge = sandbox.payments.find(request.path_params["dgs_reference"])
    return Answer(ExactJson({"status": "success", "data": _row(charge)}))


def balance(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    """What all successful charges come to, in each currency."""
    balances = defaultdict(Decimal, RWF=Decimal(0), USD=Decimal(0))
    for charge in sandbox.ledger:
        if charge.status is TransactionStatus.SUCCESSFUL:
            balances[charge.currency] += charge.amount
    rows = [
        {"currency": currency, "balance": amount}
        for currency, amount in balances.items()
    ]
    return Answer(ExactJson({"status": "success", "data": {"balances": rows}}))


def no_such_operation(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    raise ApiError(ErrorCode.NOT_FOUND, "the API has no such path")


def _expect_json(request: Request) -> None:
    content_type = request.headers.get("Content-Type", "").partition(";")[0]
    if content_type.strip().lower() != "application/json":
        raise ApiError(ErrorCode.VALIDATION, "Content-Type must be application/json")


def _charge_answer(request: Request, charge: Charge, status: int = 200) -> Answer:
    """Carry what DGS-Pay states of this answer; amount and currency are not in it."""
    data: dict[str, str | None] = {
        "dgs_reference": charge.dgs_reference,
        "transaction_status": charge.announced_status,
        "next_action_type": charge.next_action,
    }
    if charge.next_action is NextAction.REDIRECT:
        data["redirect_url"] = f"{root_url(request)}/bank/{charge.dgs_reference}"
    if charge.processor_response is not None:
        data["processor_response"] = charge.processor_response
    envelope = "success" if charge.is_settled else "pending"
    return Answer(
        ExactJson({"status": envelope, "data": data}, status),
        charge if charge.is_settled else None,
    )


def root_url(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _row(charge: Charge) -> dict[str, Any]:
    return {
        "id": charge.id,
        "dgs_reference": charge.dgs_reference,
        "amount": charge.amount,
        "currency": charge.currency,
        "status": ROW_STATUS[charge.status],
        "payment_method_type": "card",
        "created_at": charge.created_at.isoformat(),
    }


async def _settle_later(sandbox: Sandbox, charge: Charge) -> None:
    await asyncio.sleep(charge.behaviour.settles_after)
    if charge.is_settled:
        return
    charge.conclude()
    sandbox.webhooks.announce_end_of(charge)
