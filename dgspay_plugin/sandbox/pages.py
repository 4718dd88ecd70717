"""The pages for people: what happened here, the bank's 3-D Secure page, the handset."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_precision
from django.template import Context, Engine
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from .api import PREFIX, root_url
from .cards import APPROVED, CARDS, NextAction, SandboxCard
from .charges import Charge, TransactionStatus
from .credentials import RIGHT_OTP, RIGHT_PIN
from .sandbox import Arrival, Sandbox
from .scenarios import ISSUERS, SCENARIOS, SCENARIOS_OF_MOBILE_MONEY
from .wallets import WALLETS
from .webhooks import Webhook

SHOWN = 100
"""The most charges and requests that the page lists, newest first."""

_TEMPLATES = Engine(dirs=[str(Path(__file__).parent / "templates")])


def page_routes(sandbox: Sandbox) -> list[BaseRoute]:
    pages = Pages(sandbox)
    return [
        Route("/", pages.activity),
        Route("/bank/{dgs_reference}", pages.bank),
        Route("/bank/{dgs_reference}/approve", pages.approve, methods=["POST"]),
        Route("/bank/{dgs_reference}/decline", pages.decline, methods=["POST"]),
        Route("/handset", pages.handset),
        Route(
            "/handset/{dgs_reference}/approve", pages.approve_prompt, methods=["POST"]
        ),
        Route("/handset/{dgs_reference}/reject", pages.reject_prompt, methods=["POST"]),
    ]


class Pages:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def activity(self, request: Request) -> Response:
        sandbox = self._sandbox
        webhooks: dict[str, list[str]] = defaultdict(list)
        for webhook in sandbox.webhooks.sent:
            webhooks[webhook.dgs_reference].append(_tell_webhook(webhook))
        return _render(
            "activity.html",
            charges=[
                _tell_charge(charge, webhooks[charge.dgs_reference])
                for charge in list(sandbox.ledger)[: -SHOWN - 1 : -1]
            ],
            arrivals=[
                _tell_arrival(arrival)
                for arrival in sandbox.arrivals[: -SHOWN - 1 : -1]
            ],
            faults=[
                {
                    "operation": fault.operation,
                    "description": fault.describe(),
                    "times": str(fault.times),
                }
                for fault in sandbox.faults
            ],
            cards=[_tell_card(card) for card in CARDS],
            wallets=WALLETS,
            right_pin=RIGHT_PIN,
            right_otp=RIGHT_OTP,
            api_url=root_url(request) + PREFIX,
            credentials=sandbox.settings.credentials,
            scenarios=list(SCENARIOS),
            issuers=ISSUERS,
            scenarios_of_mobile_money=list(SCENARIOS_OF_MOBILE_MONEY),
        )

    async def bank(self, request: Request) -> Response:
        charge = self._charge(request)
        return _render(
            "bank.html",
            waiting=charge.next_action is NextAction.REDIRECT,
            amount=_tell_amount(charge),
            narration=charge.narration,
            reference=charge.dgs_reference,
            redirect_url=charge.redirect_url,
        )

    async def approve(self, request: Request) -> Response:
        charge = self._charge(request)
        if charge.next_action is NextAction.REDIRECT:
            charge.pass_step()
            if charge.is_settled:
                self._sandbox.webhooks.announce_end_of(charge)
        return RedirectResponse(charge.redirect_url, 303)

    async def decline(self, request: Request) -> Response:
        charge = self._charge(request)
        if charge.next_action is NextAction.REDIRECT:
            charge.settle(TransactionStatus.FAILED, "do_not_honor")
            self._sandbox.webhooks.announce_end_of(charge)
        return RedirectResponse(charge.redirect_url, 303)

    async def handset(self, request: Request) -> Response:
        """The prompts that wait on any handset, newest first."""
        charges = reversed(list(self._sandbox.ledger))
        return _render(
            "handset.html",
            prompts=[
                {
                    "reference": charge.dgs_reference,
                    "account": charge.account,
                    "amount": _tell_amount(charge),
                    "narration": charge.narration,
                }
                for charge in charges
                if charge.waits_for_handset
            ],
        )

    async def approve_prompt(self, request: Request) -> Response:
        return self._decide_prompt(request, TransactionStatus.SUCCESSFUL)

    async def reject_prompt(self, request: Request) -> Response:
        return self._decide_prompt(
            request, TransactionStatus.FAILED, "APPROVAL_REJECTED"
        )

    def _decide_prompt(
        self, request: Request, status: TransactionStatus, reason: str | None = None
    ) -> Response:
        charge = self._charge(request)
        if charge.waits_for_handset:
            charge.settle(status, reason)
            self._sandbox.webhooks.announce_end_of(charge)
        return RedirectResponse("/handset", 303)

    def _charge(self, request: Request) -> Charge:
        return self._sandbox.payments.find(request.path_params["dgs_reference"])


def _render(template: str, **values: Any) -> HTMLResponse:
    # Both are said here because Django's settings, which would say them
    # otherwise, belong to a store and do not exist in this process.
    context = Context(values, use_l10n=False, use_tz=False)
    return HTMLResponse(_TEMPLATES.get_template(template).render(context))


def _tell_charge(charge: Charge, webhooks: list[str]) -> dict[str, Any]:
    return {
        "time": f"{charge.created_at:%H:%M:%S}",
        "reference": charge.dgs_reference,
        "email": charge.customer_email,
        "account": charge.account or "card",
        "amount": _tell_amount(charge),
        "status": str(charge.status),
        "history": " → ".join(charge.history),
        "webhooks": webhooks,
    }


def _tell_amount(charge: Charge) -> str:
    decimals = get_currency_precision(charge.currency)
    return f"{charge.amount:,.{decimals}f} {charge.currency}"


def _tell_webhook(webhook: Webhook) -> str:
    attempts = ", ".join(str(status or "no answer") for status in webhook.attempts)
    fault = webhook.fault.describe()
    notes = f"{attempts or 'not sent'}; {fault}" if fault else attempts or "under way"
    return f"{webhook.event}: {notes}"


def _tell_arrival(arrival: Arrival) -> dict[str, str]:
    return {
        "method": arrival.method,
        "path": arrival.path,
        "answer": str(arrival.status or "none"),
        "fault": arrival.fault or "",
    }


def _tell_card(card: SandboxCard) -> dict[str, str]:
    number = " ".join(card.number[i : i + 4] for i in range(0, len(card.number), 4))
    approved = card.behaviour.issuer == APPROVED
    return {
        "number": number,
        "description": card.description,
        "outcome": "" if approved else card.behaviour.issuer,
    }
