"""DGS-Pay's requests and answers: written exactly, read tolerantly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import simplejson
from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from dgspay_plugin.payment.card_data import EncryptedCard
from dgspay_plugin.payment.customer import Customer
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.provider.errors import AnswerUnknown, NotFound, Refused

# DGS-Pay, errors: nothing was done for these.
REFUSED_CODES = frozenset({"90", "91"})
NOT_FOUND_CODE = "92"
OK_CODE = "00"
# RFC 9110: a 4xx request was not fulfilled, but for a time-out (408) and a conflict
# with an earlier request (409), after which it may have been.
DOUBTFUL_4XX = frozenset({408, 409})

# One decoder for all answers: simplejson.loads would make one for each.
read_json = simplejson.JSONDecoder(parse_float=Decimal).decode


@dataclass(frozen=True)
class ChargeRequest:
    """The body of ``POST /charges``. Its card is never part of its repr."""

    money: Money
    customer: Customer
    card: EncryptedCard
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
            "payment_type": "card",
            **self.customer.fields(),
            "redirect_url": self.redirect_url,
            "callback_url": self.callback_url,
            "narration": self.narration,
            **self.card.fields(),
        }
        if self.scenario_key:
            body["scenario_key"] = self.scenario_key
        return body


def _as_text(value: object) -> object:
    """A code or a name that came as a number or wrapped in an object."""
    if isinstance(value, Mapping):
        value = value.get("type") or value.get("code") or value.get("message")
    return str(value) if isinstance(value, int | Decimal) else value


def _as_moment(value: object, parse: ValidatorFunctionWrapHandler) -> datetime | None:
    """A time that nothing is decided by: what cannot be read is left out.

    DGS-Pay does not document the format; without an offset it is taken as UTC.
    """
    try:
        moment: datetime | None = parse(value)
    except ValidationError:
        return None
    if moment is None or moment.tzinfo:
        return moment
    return moment.replace(tzinfo=UTC)


def _as_url(value: object) -> object:
    return value.get("url") if isinstance(value, Mapping) else value


Text = Annotated[str, StringConstraints(max_length=200), BeforeValidator(_as_text)]
Reference = Annotated[
    str,
    # It becomes part of a URL's path.
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$", max_length=100),
    BeforeValidator(_as_text),
]


class _NextAction(BaseModel):
    type: Text
    redirect_url: Annotated[str | None, BeforeValidator(_as_url)] = None


class _TransactionAnswer(BaseModel):
    """One transaction inside an answer. Unknown fields are ignored."""

    model_config = ConfigDict(hide_input_in_errors=True)

    dgs_reference: Reference | None = None
    # A row of /transactions calls its status "status", and says "success".
    status: Text = Field(validation_alias=AliasChoices("transaction_status", "status"))
    next_action_type: Text | None = None
    next_action: _NextAction | None = None
    redirect_url: Annotated[str | None, BeforeValidator(_as_url)] = None
    processor_response: Text | None = None
    amount: Decimal | None = Field(default=None, allow_inf_nan=False, max_digits=20)
    currency: str | None = None
    created_at: Annotated[datetime | None, WrapValidator(_as_moment)] = None

    def transaction(self) -> ProviderTransaction:
        nested = self.next_action
        next_action = self.next_action_type or (nested and nested.type)
        status = TransactionStatus(
            "successful" if self.status == "success" else self.status
        )
        if self.dgs_reference is None and status is not TransactionStatus.FAILED:
            raise ValueError("a charge that goes on needs its reference")
        return ProviderTransaction(
            reference=self.dgs_reference or "",
            status=status,
            # An unknown one is stored and logged for the owner as it is spelled.
            next_action_type=printable(next_action) if next_action else None,
            redirect_url=self.redirect_url or (nested and nested.redirect_url) or None,
            processor_response=self.processor_response,
            amount=self.amount,
            currency=self.currency.upper() if self.currency else None,
        )


@dataclass(frozen=True)
class TransactionRow:
    """A row of ``GET /transactions``."""

    transaction: ProviderTransaction
    created_at: datetime | None


def raise_for_error(http_status: int, answer: object) -> Mapping[str, Any]:
    """The answer as a JSON object, if DGS-Pay accepted the request.

    Raises:
        NotFound: error 92, or a 404 without an error code.
        Refused: errors 90 and 91, or another 4xx without an error code.
        AnswerUnknown: errors 93 and 99, a 5xx, or anything that is no answer of
            DGS-Pay's.
    """
    if not isinstance(answer, Mapping):
        raise AnswerUnknown(f"HTTP {http_status} and no JSON object")
    code = str(answer.get("error_code") or OK_CODE)
    message = printable(answer.get("message") or answer.get("error"))
    if code == NOT_FOUND_CODE:
        raise NotFound(code, message)
    if code == OK_CODE and http_status == 404:
        raise NotFound(f"HTTP {http_status}", message)
    if code in REFUSED_CODES:
        raise Refused(code, message)
    if code != OK_CODE or http_status >= 500 or http_status in DOUBTFUL_4XX:
        raise AnswerUnknown(f"HTTP {http_status}, error {printable(code)}: {message}")
    if http_status >= 400:
        raise Refused(f"HTTP {http_status}", message)
    if http_status >= 300:
        raise AnswerUnknown(f"HTTP {http_status} leads to another address")
    return answer


def read_transaction(answer: Mapping[str, Any]) -> ProviderTransaction:
    """Read the one transaction of an accepted answer.

    Its fields may stand under ``data`` or at the top level. There ``status`` says
    only that the request was accepted, so it is never taken for the transaction's.

    Raises:
        AnswerUnknown: the answer does not say which transaction, or how it stands.
    """
    nested = answer.get("data")
    if isinstance(nested, Mapping):
        fields = nested
    else:
        fields = {name: value for name, value in answer.items() if name != "status"}
    return _read(fields).transaction


def read_transactions(answer: Mapping[str, Any]) -> tuple[list[TransactionRow], int]:
    """Read a page of ``GET /transactions``: its rows, and how many pages there are.

    Raises:
        AnswerUnknown: the answer is not such a page.
    """
    rows = answer.get("data")
    pagination = answer.get("pagination")
    if isinstance(rows, Mapping):
        pagination = rows.get("pagination", pagination)
        rows = rows.get("transactions")
    if not isinstance(rows, list) or not isinstance(pagination, Mapping):
        raise AnswerUnknown("the list of transactions has no rows or no pagination")
    pages = pagination.get("pages")
    if not isinstance(pages, int):
        raise AnswerUnknown("the list of transactions does not count its pages")
    return [_read(row) for row in rows], pages


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
    nested = message.get("data")
    fields = nested if isinstance(nested, Mapping) else message
    try:
        event = _WebhookBody.model_validate({**fields, "event": message.get("event")})
    except ValidationError:
        raise ValueError("not an event of DGS-Pay") from None
    try:
        transaction = read_transaction(message)
    except AnswerUnknown:
        transaction = None
    return WebhookEvent(event.event, event.dgs_reference, transaction)


def _read(fields: object) -> TransactionRow:
    try:
        answer = _TransactionAnswer.model_validate(fields)
        return TransactionRow(answer.transaction(), answer.created_at)
    except ValidationError as error:
        wrong = ", ".join(
            ".".join(map(str, problem["loc"]))
            for problem in error.errors(include_url=False, include_input=False)
        )
        raise AnswerUnknown(f"an answer with missing or wrong {wrong}") from None
    except ValueError:
        raise AnswerUnknown("an answer without a known status or reference") from None


# What may be a nonce or a ciphertext, a card number, or a PIN or an OTP: a provider
# quotes back what it does not accept. DGS-Pay's names of fields are words.
QUOTED_SECRET = re.compile(
    r"(?![A-Z]?[a-z_]*(?![\w+/=]))[\w+/=]{12,}|\d(?:[\W_]{0,3}\d){11,}|\d{4,}"
)


def printable(text: object) -> str:
    """A provider's text that is safe to log: short, one line, no long numbers."""
    words = QUOTED_SECRET.sub("[removed]", str(text or "no message"))
    return re.sub(r"[^\w .,:;'()/\[\]_-]", " ", words)[:200]
