"""What the browser sends at each step, and what is refused before it goes further.

Field names and formats are those of DGS-Pay's card payments page: every ciphertext
is base64 of the AES-256-GCM output with its 128-bit tag appended, and the four
card fields share one nonce. The server can neither read nor make them; it only sees
that they are ciphertexts of a length that such a field can have.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, SecretStr, StringConstraints, ValidationError

from dgspay_plugin.payment.browser_step import BrowserStep
from dgspay_plugin.payment.mobile_money import MobileMoney
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal

NonceFormat = Literal["12", "24"]

GCM_TAG_BYTES = 16

NONCE_PATTERNS: dict[NonceFormat, re.Pattern[str]] = {
    # The provider's own code makes 12 hex characters, and the processor underneath
    # takes any 12 letters and digits: their UTF-8 bytes are the IV.
    "12": re.compile(r"[0-9A-Za-z]{12}"),
    # The provider's text says 24 hex characters: the IV is the 12 decoded bytes.
    "24": re.compile(r"[0-9A-Fa-f]{24}"),
}

RAW_CARD_FIELDS = frozenset(
    """
    number card_number cardnumber pan card card_no
    cvv cvc cvv2 cvc2 csc card_cvv card_cvc security_code
    expiry exp expiry_month expiry_year exp_month exp_year expiration
    card_expiry card_expiry_month card_expiry_year
    pin card_pin auth_pin
    """.split()
)
# These may be digits alone: one nonce of hex characters in 300 is. A phone number with
# its country code has as many as a card number, and nothing else passes in its place.
NEVER_A_CARD_NUMBER = frozenset(
    {"reference", "card_nonce", "auth_pin_nonce", "mobile_money_phone"}
)


def _ciphertext(*plaintext_lengths: int) -> AfterValidator:
    """Check that a value is base64 of a GCM ciphertext of such a plaintext."""

    def check(value: SecretStr) -> SecretStr:
        try:
            raw = base64.b64decode(value.get_secret_value(), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("not base64") from None
        if len(raw) - GCM_TAG_BYTES not in plaintext_lengths:
            raise ValueError("not a ciphertext of this field")
        return value

    return AfterValidator(check)


EncryptedNumber = Annotated[SecretStr, _ciphertext(*range(12, 20))]
EncryptedMonth = Annotated[SecretStr, _ciphertext(2)]
EncryptedYear = Annotated[SecretStr, _ciphertext(4)]
EncryptedCvv = Annotated[SecretStr, _ciphertext(3, 4)]
EncryptedPinDigits = Annotated[SecretStr, _ciphertext(*range(4, 13))]
AddressLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
CountryCode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, pattern="^[A-Za-z]{2}$"),
]


class EncryptedCard(BrowserStep):
    """The card of ``POST /charges``."""

    payment_type: ClassVar[str] = "card"

    card_encrypted_number: EncryptedNumber
    card_encrypted_expiry_month: EncryptedMonth
    card_encrypted_expiry_year: EncryptedYear
    card_encrypted_cvv: EncryptedCvv
    card_nonce: SecretStr


class EncryptedPin(BrowserStep):
    """The PIN of ``POST /authorize`` with auth_type pin."""

    auth_pin_encrypted: EncryptedPinDigits
    auth_pin_nonce: SecretStr


class Otp(BrowserStep):
    """The one-time password of ``POST /authorize`` with auth_type otp."""

    auth_otp: Annotated[SecretStr, AfterValidator(lambda otp: _otp(otp))]


class Address(BrowserStep):
    """The billing address of ``POST /authorize`` with auth_type avs."""

    avs_line1: AddressLine
    avs_country: CountryCode
    avs_line2: AddressLine | None = None
    avs_city: AddressLine | None = None
    avs_state: AddressLine | None = None
    avs_postal_code: AddressLine | None = None


class Redirected(BrowserStep):
    """The customer is back from the bank's page. It proves nothing."""


class Waiting(BrowserStep):
    """The customer has nothing to add and wants to know how the payment stands."""


PaymentMethod = EncryptedCard | MobileMoney
"""What a charge is paid with."""
AnyStep = PaymentMethod | EncryptedPin | Otp | Address | Redirected | Waiting
Authorization = EncryptedPin | Otp | Address

STEPS: dict[str, type[AnyStep]] = {
    "card": EncryptedCard,
    "mobile_money": MobileMoney,
    "pin": EncryptedPin,
    "otp": Otp,
    "avs": Address,
    "redirect": Redirected,
    "wait": Waiting,
}
FIELD_PREFIXES = {
    "card_": "card",
    "mobile_money_": "mobile_money",
    "auth_pin": "pin",
    "auth_otp": "otp",
    "avs_": "avs",
}
WRONG_FIELD = {
    "mobile_money_network": CustomerMessage.INVALID_NETWORK,
    "mobile_money_phone": CustomerMessage.INVALID_MOBILE_NUMBER,
}


def _otp(otp: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9A-Za-z]{4,10}", otp.get_secret_value()):
        raise ValueError("not a one-time password")
    return otp


def read_step(payment_data: object, nonce_format: NonceFormat) -> AnyStep:
    """Read Saleor's ``paymentData`` of one checkoutComplete.

    The step is named by ``type``, or else known by its fields: a Saleor that
    completes a checkout by itself sends none, which is a `Waiting`.

    Raises:
        Refusal: raw_card_data, invalid_card_data, or what is wrong with a mobile money
            account. It names the field that is wrong, never what is in it.
    """
    if not isinstance(payment_data, Mapping):
        raise _invalid("paymentData is not a JSON object")
    _refuse_raw_card_data(payment_data)
    fields = {
        name: value
        for name, value in payment_data.items()
        if name not in ("type", "auth_type", "reference")
    }
    kinds = {
        kind
        for name in fields
        for prefix, kind in FIELD_PREFIXES.items()
        if str(name).startswith(prefix)
    }
    named = payment_data.get("type", payment_data.get("auth_type"))
    if isinstance(named, str) and named in FIELD_PREFIXES.values():
        kinds.add(named)
    if len(kinds) > 1:
        mixed = f"paymentData mixes the fields of {' and '.join(sorted(kinds))}"
        if "mobile_money" in kinds:
            raise Refusal(CustomerMessage.CARD_WITH_MOBILE_MONEY, mixed)
        raise _invalid(mixed)
    kind = named if named is not None else next(iter(kinds), "wait")
    if not isinstance(kind, str) or kind not in STEPS:
        raise _invalid(f"paymentData has an unknown type; known are {', '.join(STEPS)}")
    try:
        step = STEPS[kind].model_validate(fields)
    except ValidationError as error:
        problems = ", ".join(
            f"{'.'.join(map(_field_name, problem['loc']))}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False)
        )
        # The cause would carry what was typed.
        raise Refusal(
            _message_for(kind, error), f"paymentData of type {kind}: {problems}"
        ) from None
    _check_nonce(step, nonce_format)
    return step


def nonce_of(step: EncryptedCard | EncryptedPin) -> str:
    """The nonce of a step. Never log or store it."""
    if isinstance(step, EncryptedCard):
        return step.card_nonce.get_secret_value()
    return step.auth_pin_nonce.get_secret_value()


def _check_nonce(step: AnyStep, nonce_format: NonceFormat) -> None:
    if isinstance(step, EncryptedCard | EncryptedPin) and not NONCE_PATTERNS[
        nonce_format
    ].fullmatch(nonce_of(step)):
        raise _invalid(f"the nonce is not {nonce_format} characters of its alphabet")


def _refuse_raw_card_data(payment_data: Mapping[Any, Any]) -> None:
    for name, value in payment_data.items():
        if name in NEVER_A_CARD_NUMBER:
            continue
        if str(name).lower() in RAW_CARD_FIELDS or _looks_like_a_card_number(value):
            raise Refusal(
                CustomerMessage.RAW_CARD_DATA,
                "The storefront sent card data that is not encrypted. Nothing of it "
                "was forwarded or kept. Encrypt it in the browser with encrypt.js.",
            )


def _looks_like_a_card_number(value: object) -> bool:
    # Not by recursion, which would fail where it is nested some hundred deep.
    unread = [value]
    while unread:
        match unread.pop():
            case Mapping() as fields:
                unread += fields.values()
            case list() as values:
                unread += values
            case text if re.fullmatch(r"\s*(?:\d[ -]?){12,19}\s*", str(text)):
                return True
    return False


def _message_for(kind: str, error: ValidationError) -> CustomerMessage:
    if kind != "mobile_money":
        return CustomerMessage.INVALID_CARD_DATA
    wrong = {problem["loc"][0] for problem in error.errors() if problem["loc"]}
    return next(
        (message for field, message in WRONG_FIELD.items() if wrong == {field}),
        CustomerMessage.INVALID_MOBILE_MONEY_DATA,
    )


def _field_name(part: object) -> str:
    """A field's name if it is one of ours: an unknown key may hold what was typed."""
    known = {name for step in STEPS.values() for name in step.model_fields}
    return str(part) if part in known else "unknown field"


def _invalid(for_owner: str) -> Refusal:
    return Refusal(CustomerMessage.INVALID_CARD_DATA, for_owner)
