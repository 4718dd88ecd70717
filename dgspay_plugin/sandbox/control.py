"""The control API under /_sandbox: for tests and demos, unknown to DGS-Pay."""

import dataclasses
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from .charges import Charge, TransactionStatus
from .endpoint import ExactJson
from .errors import ApiError, ErrorCode
from .faults import FAULT, WebhookFault
from .messages import read_json
from .sandbox import Sandbox
from .webhooks import Event, Webhook


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SendWebhook(_Order):
    """Say ``event`` of a charge now, true or not."""

    dgs_reference: str
    event: Event
    url: str | None = None
    """Unless given, where the charge's own webhooks go."""
    forge: bool = False


class ReleaseWebhooks(_Order):
    order: Literal["arrival", "reverse"] = "arrival"


class ChangeCharge(_Order):
    """A new truth about a charge, also one that no card would lead to."""

    transaction_status: TransactionStatus
    amount: Annotated[Decimal, Field(gt=0)] | None = None
    """Major units."""
    currency: str | None = None
    processor_response: str | None = None
    webhook: bool = False
    """Also tell the store."""

    @model_validator(mode="after")
    def _tells_only_an_end(self) -> "ChangeCharge":
        if self.webhook and self.transaction_status is TransactionStatus.PENDING:
            raise ValueError("webhook: a pending charge sends none")
        return self


class PassTime(_Order):
    seconds: Annotated[Decimal, Field(gt=0, le=86_400)]


PASS_TIME: TypeAdapter[PassTime] = TypeAdapter(PassTime)
SEND_WEBHOOK: TypeAdapter[SendWebhook] = TypeAdapter(SendWebhook)
RELEASE_WEBHOOKS: TypeAdapter[ReleaseWebhooks] = TypeAdapter(ReleaseWebhooks)
CHANGE_CHARGE: TypeAdapter[ChangeCharge] = TypeAdapter(ChangeCharge)

Order = TypeVar("Order")


def control_routes(sandbox: Sandbox) -> list[BaseRoute]:
    control = Control(sandbox)
    routes = [
        Route("/charges", control.charges),
        Route("/charges/{dgs_reference}", control.change_charge, methods=["POST"]),
        Route("/requests", control.requests),
        Route("/webhooks", control.webhooks),
        Route("/webhooks/send", control.send_webhook, methods=["POST"]),
        Route("/webhooks/release", control.release_webhooks, methods=["POST"]),
        Route("/faults", control.faults),
        Route("/faults", control.order_fault, methods=["POST"]),
        Route("/faults", control.clear_faults, methods=["DELETE"]),
        Route("/time", control.pass_time, methods=["POST"]),
        Route("/reset", control.reset, methods=["POST"]),
    ]
    return [Mount("/_sandbox", routes=routes)]


class Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def charges(self, request: Request) -> Response:
        return ExactJson([describe(charge) for charge in self._sandbox.ledger])

    async def change_charge(self, request: Request) -> Response:
        order = await _read(request, CHANGE_CHARGE)
        charge = self._sandbox.payments.find(request.path_params["dgs_reference"])
        charge.amount = order.amount or charge.amount
        charge.currency = order.currency or charge.currency
        charge.settle(order.transaction_status, order.processor_response)
        if order.webhook:
            self._sandbox.webhooks.announce_end_of(charge)
        return ExactJson(describe(charge))

    async def requests(self, request: Request) -> Response:
        """The requests to the API in order of arrival, without their bodies."""
        return ExactJson(
            [dataclasses.asdict(arrival) for arrival in self._sandbox.arrivals]
        )

    async def webhooks(self, request: Request) -> Response:
        return ExactJson([_describe(hook) for hook in self._sandbox.webhooks.sent])

    async def send_webhook(self, request: Request) -> Response:
        order = await _read(request, SEND_WEBHOOK)
        charge = self._sandbox.payments.find(order.dgs_reference)
        url = order.url or self._sandbox.webhooks.url_for(charge)
        if url is None:
            raise ApiError(ErrorCode.VALIDATION, "url: the charge has no callback_url")
        webhook = self._sandbox.webhooks.compose(
            charge,
            order.event,
            url,
            WebhookFault(operation="webhook", forge=True) if order.forge else None,
        )
        return ExactJson({"status": await self._sandbox.webhooks.post(webhook)})

    async def release_webhooks(self, request: Request) -> Response:
        order = await _read(request, RELEASE_WEBHOOKS)
        released = await self._sandbox.webhooks.release(order.order)
        return ExactJson([_describe(webhook) for webhook in released])

    async def faults(self, request: Request) -> Response:
        return ExactJson(
            [
                fault.model_dump(mode="json", exclude_defaults=True)
                | {"times": fault.times}
                for fault in self._sandbox.faults
            ]
        )

    async def order_fault(self, request: Request) -> Response:
        self._sandbox.faults.order(await _read(request, FAULT))
        return await self.faults(request)

    async def clear_faults(self, request: Request) -> Response:
        self._sandbox.faults.clear()
        return await self.faults(request)

    async def pass_time(self, request: Request) -> Response:
        """Let time pass at once, and with it every charge that it decides."""
        order = await _read(request, PASS_TIME)
        self._sandbox.clock.jump(float(order.seconds))
        return await self.charges(request)

    async def reset(self, request: Request) -> Response:
        self._sandbox.reset()
        return await self.charges(request)


async def _read(request: Request, order: TypeAdapter[Order]) -> Order:
    return read_json(await request.body() or b"{}", order)


def describe(charge: Charge) -> dict[str, Any]:
    """All there is to know of a charge; it never held card data."""
    return {
        "dgs_reference": charge.dgs_reference,
        "flw_reference": charge.flw_reference,
        "transaction_status": charge.status,
        "next_action_type": charge.next_action,
        "processor_response": charge.processor_response,
        "amount": charge.amount,
        "currency": charge.currency,
        "customer_email": charge.customer_email,
        "payment_type": charge.payment_type,
        "account": charge.account,
        "narration": charge.narration,
        "redirect_url": charge.redirect_url,
        "callback_url": charge.callback_url,
        "idempotency_key": charge.idempotency_key,
        "created_at": charge.created_at.isoformat(),
        "charge_requests": charge.charge_requests,
        "authorize_requests": charge.authorize_requests,
    }


def _describe(webhook: Webhook) -> dict[str, Any]:
    return {
        "dgs_reference": webhook.dgs_reference,
        "event": webhook.event,
        "url": webhook.url,
        "attempts": webhook.attempts,
        "fault": webhook.fault.describe() or None,
    }
