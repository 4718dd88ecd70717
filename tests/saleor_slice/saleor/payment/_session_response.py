"""What a gateway may answer in a transaction's session, or to what staff ask for.

As ``saleor.webhook.response_schemas.transaction``, which knows more: the details of
the payment method, and results of more kinds.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from pydantic import BaseModel, BeforeValidator, Field, JsonValue, ValidationError
from pydantic_core import ErrorDetails, PydanticUseDefault

from . import TransactionAction, TransactionEventType

MESSAGE_MAX_LENGTH = 512

WITH_REFERENCE = {
    TransactionEventType.AUTHORIZATION_SUCCESS,
    TransactionEventType.AUTHORIZATION_REQUEST,
    TransactionEventType.CHARGE_SUCCESS,
    TransactionEventType.CHARGE_REQUEST,
}
"""The money has moved or is on its way, so there is something to refer to."""
WITHOUT_REFERENCE = {
    TransactionEventType.AUTHORIZATION_FAILURE,
    TransactionEventType.AUTHORIZATION_ACTION_REQUIRED,
    TransactionEventType.CHARGE_FAILURE,
    TransactionEventType.CHARGE_ACTION_REQUIRED,
}

RESULTS_OF_ACTIONS = {
    TransactionEventType.CHARGE_REQUEST: (
        TransactionEventType.CHARGE_SUCCESS,
        TransactionEventType.CHARGE_FAILURE,
    ),
    TransactionEventType.REFUND_REQUEST: (
        TransactionEventType.REFUND_SUCCESS,
        TransactionEventType.REFUND_FAILURE,
    ),
    TransactionEventType.CANCEL_REQUEST: (
        TransactionEventType.CANCEL_SUCCESS,
        TransactionEventType.CANCEL_FAILURE,
    ),
}
"""By what is requested: how it may end, the success first."""


class UnusableResponse(Exception):
    """The gateway's answer cannot be read; the message says why."""


def _default_if_none(value: Any) -> Any:
    if value is None:
        raise PydanticUseDefault
    return value


def truncated(value: Any) -> str:
    message = str(value or "")
    if len(message) > MESSAGE_MAX_LENGTH:
        return f"{message[: MESSAGE_MAX_LENGTH - 1]}…"
    return message


def _known_actions(names: Any) -> Any:
    if not isinstance(names, list):
        return names
    actions = [action for action, _ in TransactionAction.CHOICES]
    return [action for action in actions if action.upper() in names]


class SessionResponse(BaseModel):
    result: Annotated[str, BeforeValidator(str.lower)]
    psp_reference: str | None = Field(default=None, validation_alias="pspReference")
    amount: Decimal | None = None
    time: Annotated[datetime, BeforeValidator(_default_if_none)] = Field(
        default_factory=timezone.now
    )
    external_url: str | None = Field(default=None, validation_alias="externalUrl")
    message: Annotated[str, BeforeValidator(truncated)] = ""
    actions: Annotated[list[str], BeforeValidator(_known_actions)] | None = None
    data: JsonValue = None


class SessionResponseWithReference(SessionResponse):
    psp_reference: str = Field(validation_alias="pspReference")


def parse_session_response(response: dict[str, Any] | None) -> SessionResponse:
    """Read an answer whose ``result`` is an event's type in upper case.

    Raises:
        UnusableResponse: There is none, or it lacks something.
    """
    possible = [name for name, _ in TransactionEventType.CHOICES]
    return _parse(response, WITH_REFERENCE, WITHOUT_REFERENCE, possible)


def parse_action_response(
    response: dict[str, Any] | None, request_type: str
) -> SessionResponse:
    """Read an answer to what staff asked for, by the type of the request's event.

    An app that decides later leaves ``result`` out, which is not here.

    Raises:
        UnusableResponse: There is none, or it lacks something.
    """
    success, failure = RESULTS_OF_ACTIONS[request_type]
    return _parse(response, {success}, {failure}, [success, failure])


def _parse(
    response: dict[str, Any] | None,
    with_reference: set[str],
    without_reference: set[str],
    possible: list[str],
) -> SessionResponse:
    if response is None:
        raise UnusableResponse("Failed to delivery request.")
    result = response.get("result")
    if result in {name.upper() for name in with_reference}:
        schema = SessionResponseWithReference
    elif result in {name.upper() for name in without_reference}:
        schema = SessionResponse
    else:
        raise UnusableResponse(
            f"Missing or invalid value for `result`: {result}. "
            f"Possible values: {', '.join(name.upper() for name in possible)}."
        )
    try:
        return schema.model_validate(response)
    except ValidationError as error:
        explanation = "\n\n".join(map(_explain, error.errors()))
        raise UnusableResponse(truncated(explanation)) from error


def _explain(error: ErrorDetails) -> str:
    field, value = error["loc"][0], error["input"]
    if error["type"] == "missing":
        return f"Missing value for field: {field}. Input: {value}."
    return f"Incorrect value ({value}) for field: {field}. Error: {error['msg']}."
