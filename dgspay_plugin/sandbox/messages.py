"""The requests of the API, with every rule its pages state about their fields."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, NoReturn, TypeVar
from urllib.parse import urlsplit

import phonenumbers
from babel.numbers import get_currency_precision, is_currency
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from .errors import ApiError, ErrorCode
from .wallets import Network

Message = TypeVar("Message")


def _web_address(value: str) -> str:
    address = urlsplit(value)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ValueError("must be an absolute http or https URL")
    if re.search(r"\s", value):
        raise ValueError("must not contain white space")
    return value


def _currency(value: str) -> str:
    if not is_currency(value):
        raise ValueError("must be an ISO 4217 code")
    return value


Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Ciphertext = Annotated[SecretStr, Field(min_length=1)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Request(BaseModel):
    """A JSON object with the documented fields, of the documented JSON types."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ChargeRequest(Request):
    """The fields of ``POST /charges``, whatever is paid with."""

    amount: Annotated[Decimal, Field(gt=0)]
    currency: Annotated[str, AfterValidator(_currency)]
    customer_email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    customer_first_name: Text
    customer_last_name: Text
    customer_phone: Annotated[str, Field(pattern=r"^[0-9]+$")]
    customer_phone_country_code: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")]
    redirect_url: WebAddress
    narration: Text
    callback_url: WebAddress | None = None
    scenario_key: str | None = None

    @model_validator(mode="after")
    def _has_no_more_decimals_than_its_currency(self) -> "ChargeRequest":
        exponent = self.amount.as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) else 0
        allowed = get_currency_precision(self.currency)
        if decimals > allowed:
            raise ValueError(f"amount: {self.currency} has {allowed} decimals")
        return self

    @model_validator(mode="after")
    def _has_a_national_phone_number(self) -> "ChargeRequest":
        """A country code repeated in the number makes it too long to be possible."""
        number = f"+{self.customer_phone_country_code}{self.customer_phone}"
        try:
            parsed = phonenumbers.parse(number)
        except phonenumbers.NumberParseException:
            parsed = None
        if (
            parsed is None
            or str(parsed.country_code) != self.customer_phone_country_code
            or not phonenumbers.is_possible_number(parsed)
        ):
            raise ValueError(
                "customer_phone: not a national number of customer_phone_country_code"
            )
        return self


class CardCharge(ChargeRequest):
    payment_type: Literal["card"]
    card_encrypted_number: Ciphertext
    card_encrypted_expiry_month: Ciphertext
    card_encrypted_expiry_year: Ciphertext
    card_encrypted_cvv: Ciphertext
    card_nonce: Ciphertext


class MobileMoneyCharge(ChargeRequest):
    """A prompt on a handset. No card field is taken beside it."""

    payment_type: Literal["mobile_money"]
    currency: Literal["RWF"]
    mobile_money_network: Network
    mobile_money_phone: Annotated[str, Field(pattern=r"^7[0-9]{8}$")]
    narration: Text = ""


class PinAuthorization(Request):
    dgs_reference: str
    auth_type: Literal["pin"]
    auth_pin_encrypted: Ciphertext
    auth_pin_nonce: Ciphertext


class OtpAuthorization(Request):
    dgs_reference: str
    auth_type: Literal["otp"]
    auth_otp: Annotated[SecretStr, Field(min_length=1)]


class AddressAuthorization(Request):
    dgs_reference: str
    auth_type: Literal["avs"]
    avs_line1: Text
    avs_country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    avs_line2: str | None = None
    avs_city: str | None = None
    avs_state: str | None = None
    avs_postal_code: str | None = None


Authorization = PinAuthorization | OtpAuthorization | AddressAuthorization

Charge = CardCharge | MobileMoneyCharge

CHARGE: TypeAdapter[Charge] = TypeAdapter(
    Annotated[Charge, Field(discriminator="payment_type")]
)
AUTHORIZATION: TypeAdapter[Authorization] = TypeAdapter(
    Annotated[Authorization, Field(discriminator="auth_type")]
)


class TransactionsQuery(BaseModel):
    """The query of ``GET /transactions``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page: Annotated[int, Field(ge=1)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    status: Literal["pending", "success", "failed"] | None = None
    dgs_reference: str | None = None
    flw_reference: str | None = None
    payment_link_id: str | None = None


TRANSACTIONS_QUERY: TypeAdapter[TransactionsQuery] = TypeAdapter(TransactionsQuery)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def read_json(raw: bytes, message: TypeAdapter[Message]) -> Message:
    """Read a request's body; raise ApiError (90) that names each wrong field."""
    try:
        # Every number becomes a Decimal: exact, and the one type that a strict
        # Decimal field takes, so that "12000" in quotes or true is refused.
        body = json.loads(
            raw.decode(),
            parse_int=Decimal,
            parse_float=Decimal,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError):
        raise ApiError(ErrorCode.VALIDATION, "the body is not JSON") from None
    return read(body, message)


def read(values: Any, message: TypeAdapter[Message]) -> Message:
    """Check ``values``; raise ApiError (90) that names each wrong field."""
    try:
        return message.validate_python(values)
    except ValidationError as error:
        raise ApiError(ErrorCode.VALIDATION, _explain(error)) from None


def _explain(error: ValidationError) -> str:
    """Name fields and rules, never the values: they may be card data."""
    complaints = []
    for detail in error.errors(include_input=False):
        field = ".".join(str(part) for part in detail["loc"])
        rule = detail["msg"].removeprefix("Value error, ")
        if detail["type"].startswith("union_tag"):
            # Its own words would repeat the value.
            field = detail["ctx"]["discriminator"].strip("'")
            rule = "missing, or not known"
        complaints.append(f"{field}: {rule}" if field else rule)
    return "; ".join(complaints)


def write_json(value: Any) -> str:
    """Write JSON whose Decimals are numbers, digit for digit."""
    match value:
        case Decimal():
            return str(value)
        case Mapping():
            members = (f"{json.dumps(k)}: {write_json(v)}" for k, v in value.items())
            return f"{{{', '.join(members)}}}"
        case list() | tuple():
            return f"[{', '.join(map(write_json, value))}]"
    return json.dumps(value)


def read_reference(raw: bytes) -> str | None:
    """The charge a body is about, if it can be told at all."""
    try:
        reference = json.loads(raw.decode())["dgs_reference"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return reference if isinstance(reference, str) else None
