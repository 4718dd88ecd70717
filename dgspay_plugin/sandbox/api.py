"""DGS-Pay's API under /generation/v2, as its pages state it."""

import math
from collections import defaultdict
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route

from .cards import NextAction
from .charges import ROW_STATUS, Charge, TransactionStatus
from .dialects import Dialect
from .endpoint import Answer, ApiEndpoint, ExactJson, Handler
from .errors import ApiError, ErrorCode
from .faults import Operation
from .messages import AUTHORIZATION, CHARGE, TRANSACTIONS_QUERY, read, read_json
from .sandbox import Sandbox

PREFIX = "/generation/v2"
MERCHANT_ID = "3f1c9f0a-6a0e-4f5e-9a55-0c1d2e3f4a5b"


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


def charge(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    _expect_json(request)
    key = _idempotency_key(sandbox, request)
    sandbox.payments.refuse_repeated(key)
    charge = sandbox.payments.charge(read_json(body, CHARGE), key)
    if charge.behaviour.settles_after and not charge.is_settled:
        sandbox.background.start(_settle_later(sandbox, charge))
    status = sandbox.settings.dialect.accepted_with
    return _charge_answer(sandbox, request, charge, status)


def authorize(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    _expect_json(request)
    key = _idempotency_key(sandbox, request)
    sandbox.payments.refuse_repeated(key)
    charge = sandbox.payments.authorize(read_json(body, AUTHORIZATION), key)
    return _charge_answer(sandbox, request, charge)


def transactions(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    query = read(dict(request.query_params), TRANSACTIONS_QUERY)
    found = [
        charge
        for charge in reversed(list(sandbox.ledger))
        if query.status in (None, ROW_STATUS[charge.status])
        and query.dgs_reference in (None, charge.dgs_reference)
        and query.flw_reference in (None, charge.flw_reference)
        # A charge comes of no payment link.
        and query.payment_link_id is None
    ]
    start = (query.page - 1) * query.limit
    dialect = sandbox.settings.dialect
    page = dialect.page(
        [_row(dialect, charge) for charge in found[start : start + query.limit]],
        {
            "page": query.page,
            "limit": query.limit,
            "total": len(found),
            "pages": math.ceil(len(found) / query.limit),
        },
    )
    return Answer(ExactJson(page))


def transaction(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    charge = sandbox.payments.find(request.path_params["dgs_reference"])
    dialect = sandbox.settings.dialect
    details = _row(dialect, charge)
    if dialect.has_reason_in_details and charge.processor_response is not None:
        details["processor_response"] = charge.processor_response
    return Answer(ExactJson(dialect.transaction("success", details)))


def balance(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    """What all successful charges come to, in each currency. Nothing is paid out."""
    balances = defaultdict(Decimal, RWF=Decimal(0), USD=Decimal(0))
    for charge in sandbox.ledger:
        if charge.status is TransactionStatus.SUCCESSFUL:
            balances[charge.currency] += charge.amount
    rows = [
        {
            "currency": currency,
            "pending_balance": 0,
            "available_balance": amount,
            "total_balance": amount,
        }
        for currency, amount in balances.items()
    ]
    answer = {
        "status": "success",
        "error_code": "00",
        "merchant_id": MERCHANT_ID,
        "balances": rows,
    }
    return Answer(ExactJson(answer))


def no_such_operation(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    raise ApiError(ErrorCode.NOT_FOUND, "the API has no such path")


def _expect_json(request: Request) -> None:
    content_type = request.headers.get("Content-Type", "").partition(";")[0]
    if content_type.strip().lower() != "application/json":
        raise ApiError(ErrorCode.VALIDATION, "Content-Type must be application/json")


def _idempotency_key(sandbox: Sandbox, request: Request) -> str | None:
    if sandbox.settings.dialect.heeds_idempotency_keys:
        return request.headers.get("X-Idempotency-Key")
    return None


def _charge_answer(
    sandbox: Sandbox, request: Request, charge: Charge, status: int = 200
) -> Answer:
    """Carry what DGS-Pay states of this answer; amount and currency are not in it."""
    data: dict[str, Any] = {
        "dgs_reference": charge.dgs_reference,
        "transaction_status": charge.announced_status,
        "next_action_type": charge.next_action,
    }
    if charge.next_action is NextAction.REDIRECT:
        data["redirect_url"] = f"{root_url(request)}/bank/{charge.dgs_reference}"
    if charge.processor_response is not None:
        data["processor_response"] = charge.processor_response
    dialect = sandbox.settings.dialect
    if dialect.names_amount:
        data |= {"amount": charge.amount, "currency": charge.currency}
    # Of mobile money, DGS-Pay's page has success beside a pending transaction.
    is_accepted = charge.is_settled or charge.account is not None
    envelope = "success" if is_accepted else "pending"
    return Answer(
        ExactJson(dialect.transaction(envelope, data), status),
        charge if charge.is_settled else None,
    )


def root_url(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _row(dialect: Dialect, charge: Charge) -> dict[str, Any]:
    return {
        "id": charge.id,
        "dgs_reference": charge.dgs_reference,
        "amount": charge.amount,
        "currency": charge.currency,
        "status": ROW_STATUS[charge.status],
        "payment_method_type": charge.payment_type,
        "created_at": dialect.time(charge.created_at),
    }


async def _settle_later(sandbox: Sandbox, charge: Charge) -> None:
    await sandbox.clock.sleep(charge.behaviour.settles_after)
    if charge.is_settled:
        return
    charge.conclude()
    sandbox.webhooks.announce_end_of(charge)
