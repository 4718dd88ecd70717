"""DGS-Pay's requests and answers: written exactly, read tolerantly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from dgspay_plugin.payment.card_data import PaymentMethod
from dgspay_plugin.payment.customer import Customer
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    NextAction,
    ProviderTransaction,
    TransactionStatus,
)
from dgspay_plugin.provider import spellings
from dgspay_plugin.provider.errors import NotFound, OutcomeUnknown, Refused
from dgspay_plugin.provider.json_text import read_json
from dgspay_plugin.provider.log_text import redact_for_log

# RFC 9110: a 4xx request was not fulfilled, but for a time-out (408) and a conflict
# with an earlier request (409), after which it may have been.
DOUBTFUL_4XX = frozenset({408, 409})


@dataclass(frozen=True)
class ChargeRequest:
    """The body of ``POST /charges``. What it is paid with is no part of its repr."""

    money: Money
    customer: Customer
    method: PaymentMethod
    redirect_url: str
    callback_url: str
    narration: str
    scenario_key: str | None = None
    """Sandbox only: the outcome to play."""

    def body(self) -> dict[str, Any]:
        """The JSON object to send; amounts are Decimal, to be written as they are."""
        body: dict[str, Any] = {
            "amount": self.money.amount,
            "currency": self.money.currency,
            "payment_type": self.method.payment_type,
            **self.customer.fields(),
            "redirect_url": self.redirect_url,
            "callback_url": self.callback_url,
            "narration": self.narration,
            **self.method.fields(),
        }
        if self.scenario_key:
            body["scenario_key"] = self.scenario_key
        return body


def _as_text(value: object) -> object:
    """A code or a name that came as a number or wrapped in an object."""
    if isinstance(value, Mapping):
        value = value.get("type") or value.get("code") or value.get("message")
    return str(value) if isinstance(value, int | Decimal) else value


def _text(value: object) -> str:
    """The same, and no text where there is none."""
    text = _as_text(value)
    return text if isinstance(text, str) else ""


Reference = Annotated[
    str,
    # It becomes part of a URL's path.
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$", max_length=100),
    BeforeValidator(_as_text),
]


read_reference = TypeAdapter(Reference).validate_python


class _TransactionAnswer(BaseModel):
    """What has to be read of a transaction inside an answer, or nothing can be said."""

    model_config = ConfigDict(hide_input_in_errors=True)

    dgs_reference: Reference | None = None
    amount: Decimal | None = Field(default=None, allow_inf_nan=False, max_digits=20)
    currency: str | None = None


def _transaction(fields: Mapping[str, Any]) -> ProviderTransaction:
    """Read a transaction's fields. Those that are not known are ignored.

    Raises:
        OutcomeUnknown: one that decides is missing or cannot be read; it is named.
    """
    try:
        answer = _TransactionAnswer.model_validate(fields)
    except ValidationError as error:
        wrong = ", ".join(
            str(problem["loc"][0]) if problem["loc"] else "fields"
            for problem in error.errors(include_url=False, include_input=False)
        )
        raise OutcomeUnknown(f"an answer with a wrong {wrong}") from None
    status = _status(fields)
    if answer.dgs_reference is None and status is not TransactionStatus.FAILED:
        raise OutcomeUnknown("an answer without a dgs_reference")
    next_action, unknown_action = _next_action(fields)
    return ProviderTransaction(
        reference=answer.dgs_reference or "",
        status=status,
        next_action=next_action,
        unknown_action=unknown_action,
        redirect_url=_redirect_url(fields),
        reason=spellings.DECLINE_REASON.get(
            spellings.folded(_text(fields.get("processor_response")))
        ),
        amount=answer.amount,
        currency=answer.currency.upper() if answer.currency else None,
    )


def _status(fields: Mapping[str, Any]) -> TransactionStatus:
    name, table = "transaction_status", spellings.TRANSACTION_STATUS
    if name not in fields:
        name, table = "status", spellings.ROW_STATUS
    if name not in fields:
        raise OutcomeUnknown("an answer without a transaction_status")
    status = spellings.status_of(fields[name], table)
    if status is None:
        raise OutcomeUnknown(f"an answer with an unknown {name}")
    return status


def _next_action(fields: Mapping[str, Any]) -> tuple[NextAction | None, str | None]:
    """The next action, or else how one that is not known is spelled.

    ``next_action_type`` names it, or the processor's ``next_action``: an object with a
    type, or the type alone. An object without one adds to what the other says.
    """
    flat, nested = fields.get("next_action_type"), fields.get("next_action")
    spelled = [_action_type(flat), _action_type(nested)]
    if isinstance(nested, Mapping) and not nested.get("type") and spelled[0]:
        spelled.pop()
    for spelling in spelled:
        if spelling is None or spellings.folded(spelling) in spellings.NO_ACTION:
            continue
        action = spellings.NEXT_ACTION.get(spellings.folded(spelling))
        if action is None:
            # It is stored, and logged for the owner.
            return None, redact_for_log(spelling or "a step without a name")
        return action, None
    return None, None


def _action_type(value: object) -> str | None:
    """The type of an action; empty if it has none, None if there is no action."""
    if isinstance(value, Mapping):
        if not any(value.values()):
            return None
        named = value.get("type")
        return named if isinstance(named, str) and named.strip() else ""
    if not value or (isinstance(value, str) and not value.strip()):
        return None
    return value if isinstance(value, str) else ""


def _redirect_url(fields: Mapping[str, Any]) -> str | None:
    """The bank's page: the action's own, because the other may be the shop's."""
    action = fields.get("next_action")
    nested = action if isinstance(action, Mapping) else {}
    for value in (
        nested.get("redirect_url"),
        nested.get("url"),
        fields.get("redirect_url"),
    ):
        url = value.get("url") if isinstance(value, Mapping) else value
        if isinstance(url, str) and url:
            return url
    return None


# Kigali has no daylight saving.
KIGALI = timezone(timedelta(hours=2))
# How far a server's clock may be behind DGS-Pay's.
CLOCK_TOLERANCE = timedelta(minutes=15)
read_moment = TypeAdapter(datetime).validate_python


def _moment(value: object) -> datetime | None:
    """The latest moment that a time can be; None if it cannot be read.

    DGS-Pay does not say whether a time without a zone is Kigali's or UTC. UTC is the
    later one, and is taken unless it would be in the future. So no transaction is
    taken for older than it is.
    """
    try:
        moment = read_moment(value)
    except ValidationError:
        return None
    if moment.tzinfo:
        return moment
    latest = moment.replace(tzinfo=UTC)
    if latest > datetime.now(UTC) + CLOCK_TOLERANCE:
        return moment.replace(tzinfo=KIGALI)
    return latest


@dataclass(frozen=True)
class TransactionRow:
    """A row of ``GET /transactions``."""

    transaction: ProviderTransaction
    created_at: datetime | None
    """The latest moment that it can have been."""


@dataclass(frozen=True)
class UnreadableRow:
    """A row of ``GET /transactions`` that does not say how its transaction stands."""

    reference: str | None
    position: int
    """In its page, from 1."""
    created_at: datetime | None
    why: str

    def __str__(self) -> str:
        return self.reference or f"row {self.position} of a page"


def raise_for_error(http_status: int, answer: object) -> Mapping[str, Any]:
    """The answer as a JSON object, if DGS-Pay accepted the request.

    Raises:
        NotFound: error 92, or a 404 without an error code.
        Refused: errors 90 and 91, or another 4xx without an error code.
        OutcomeUnknown: errors 93 and 99, a 5xx, or anything that is no answer of
            DGS-Pay's.
    """
    if not isinstance(answer, Mapping):
        raise OutcomeUnknown(f"HTTP {http_status} and no JSON object")
    code = _text(answer.get("error_code"))
    is_ok = not answer.get("error_code") or code in spellings.OK
    message = redact_for_log(_text(answer.get("message")) or _text(answer.get("error")))
    if code == spellings.NOT_FOUND:
        raise NotFound(code, message)
    if is_ok and http_status == 404:
        raise NotFound(f"HTTP {http_status}", message)
    if code in spellings.REFUSED:
        raise Refused(code, message)
    if not is_ok or http_status >= 500 or http_status in DOUBTFUL_4XX:
        raise OutcomeUnknown(_failure(http_status, code))
    if http_status >= 400:
        raise Refused(f"HTTP {http_status}", message)
    if http_status >= 300:
        raise OutcomeUnknown(f"HTTP {http_status} leads to another address")
    return answer


def _failure(http_status: int, code: str) -> str:
    """What is certain to quote nothing that was sent: no message, no odd code."""
    if not code:
        return f"HTTP {http_status}"
    known = code if re.fullmatch(r"[0-9]{2}", code) else "code that is not known"
    return f"HTTP {http_status}, error {known}"


def read_transaction(answer: Mapping[str, Any]) -> ProviderTransaction:
    """Read the one transaction of an accepted answer.

    Its fields may stand under ``data``, there in a list of one, or at the top level.
    At the top ``status`` says only that the request was accepted, so it is never taken
    for the transaction's.

    Raises:
        OutcomeUnknown: the answer does not say which transaction, or how it stands.
    """
    return _transaction(_fields(answer))


def _fields(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    beside = {name: value for name, value in answer.items() if name != "status"}
    match answer.get("data"):
        case Mapping() as nested:
            return {**beside, **nested}
        case [Mapping() as only]:
            return {**beside, **only}
        case [_, _, *_]:
            raise OutcomeUnknown("an answer about more than one transaction")
    return beside


def read_transactions(
    answer: Mapping[str, Any],
) -> tuple[list[TransactionRow | UnreadableRow], int | None]:
    """Read a page of ``GET /transactions``: its rows, and how many pages there are.

    How many is None where the answer does not say.

    Raises:
        OutcomeUnknown: the answer is not such a page.
    """
    rows = answer.get("data")
    pagination = answer.get("pagination")
    if isinstance(rows, Mapping):
        pagination = rows.get("pagination", pagination)
        rows = rows.get("transactions")
    if not isinstance(rows, list):
        raise OutcomeUnknown("a list of transactions without rows")
    counted = pagination.get("pages") if isinstance(pagination, Mapping) else None
    pages = int(_text(counted)) if re.fullmatch(r"[0-9]{1,9}", _text(counted)) else None
    return [_row(row, position) for position, row in enumerate(rows, start=1)], pages


def _row(row: object, position: int) -> TransactionRow | UnreadableRow:
    fields = row if isinstance(row, Mapping) else {}
    created_at = _moment(fields.get("created_at"))
    try:
        return TransactionRow(_transaction(fields), created_at)
    except OutcomeUnknown as error:
        try:
            reference = read_reference(fields.get("dgs_reference"))
        except ValidationError:
            reference = None
        return UnreadableRow(reference, position, created_at, str(error))


@dataclass(frozen=True)
class WebhookEvent:
    """What a webhook says. A hint, until it is asked for at the API."""

    event: str
    """Like payment.success."""
    reference: str | None
    transaction: ProviderTransaction | None
    """None where the event does not describe the whole transaction."""


class _WebhookBody(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    event: Annotated[
        str,
        # All of Unicode's \w a hundred times would take 30 ms to compile.
        StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_.-]+$", max_length=100),
    ]
    dgs_reference: Reference | None = None


def read_webhook(body: bytes) -> WebhookEvent:
    """Read a webhook's body, which has been verified.

    Raises:
        ValueError: it is not JSON, or not an event.
    """
    try:
        message = read_json(body.decode())
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(message, Mapping):
        raise ValueError("not a JSON object")
    try:
        event = _WebhookBody.model_validate(
            {**_fields(message), "event": message.get("event")}
        )
    except (ValidationError, OutcomeUnknown):
        raise ValueError("not an event of DGS-Pay") from None
    try:
        transaction = read_transaction(message)
    except OutcomeUnknown:
        transaction = None
    return WebhookEvent(event.event, event.dgs_reference, transaction)
