"""The dashboard's fields, and the one validated Configuration they make."""

import base64
import binascii
import functools
import logging
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from babel.numbers import list_currencies
from django.core.exceptions import ValidationError as DjangoValidationError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from saleor.plugins.base_plugin import ConfigurationTypeField
from saleor.plugins.error_codes import PluginErrorCode

from dgspay_plugin.payment.addresses import is_web_address
from dgspay_plugin.payment.card_data import NonceFormat, PaymentMethod
from dgspay_plugin.payment.mobile_money import CURRENCY, MobileMoney
from dgspay_plugin.provider.client import (
    LIVE_URL,
    SANDBOX_URL,
    TIME_BUDGET,
    DgsPayClient,
)
from dgspay_plugin.provider.errors import ProviderError, Refused

logger = logging.getLogger(__name__)

AES_256_KEY_BYTES = 32
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

REFERENCE = "{reference}"
# Saleor keeps 200 characters of a link, and a reference has its place in it.
LONGEST_PORTAL_URL = 150

# Saleor shows these in the dashboard, in this order.
CONFIG_STRUCTURE: dict[str, dict[str, str]] = {
    "environment": {
        "type": ConfigurationTypeField.STRING,
        "label": "Environment",
        "help_text": '"sandbox" to try it out, "live" to take real money.',
    },
    "api_key": {
        "type": ConfigurationTypeField.SECRET,
        "label": "API key",
        "help_text": "From the DGS-Pay merchant portal. Never leaves the server.",
    },
    "account_number": {
        "type": ConfigurationTypeField.STRING,
        "label": "Account number",
        "help_text": "From the DGS-Pay merchant portal, like ACC-0001234.",
    },
    "encryption_key": {
        "type": ConfigurationTypeField.STRING,
        "label": "Encryption key",
        "help_text": "From the DGS-Pay merchant portal: base64 of 32 bytes. The "
        "customer's browser encrypts the card with it.",
    },
    "webhook_secret": {
        "type": ConfigurationTypeField.SECRET,
        "label": "Webhook secret",
        "help_text": "From the DGS-Pay merchant portal. Proves that a webhook comes "
        "from DGS-Pay.",
    },
    "supported_currencies": {
        "type": ConfigurationTypeField.STRING,
        "label": "Supported currencies",
        "help_text": "ISO codes that your DGS-Pay account can charge, like RWF,USD.",
    },
    "payment_methods": {
        "type": ConfigurationTypeField.STRING,
        "label": "Payment methods",
        "help_text": "What customers can pay with: card, mobile_money, or both, like "
        "card,mobile_money. Mobile money (MTN and Airtel in Rwanda) pays in RWF.",
    },
    "return_url": {
        "type": ConfigurationTypeField.STRING,
        "label": "Storefront return URL",
        "help_text": "Where customers come back from their bank, when the storefront "
        "names no other page.",
    },
    "narration": {
        "type": ConfigurationTypeField.STRING,
        "label": "Narration",
        "help_text": "Shown with the payment in the merchant portal. {reference} is "
        "replaced by the id of the checkout.",
    },
    "portal_url": {
        "type": ConfigurationTypeField.STRING,
        "label": "Payment in the merchant portal",
        "help_text": "Optional: the address of a payment in the merchant portal, which "
        "the order page links. {reference} is replaced by DGS-Pay's reference.",
    },
    "note_refunds": {
        "type": ConfigurationTypeField.BOOLEAN,
        "label": "Note refunds made in the portal",
        "help_text": "Off: a refund in the dashboard is refused. On: it is noted in "
        "Saleor, and somebody has to send the money in the merchant portal.",
    },
    "nonce_format": {
        "type": ConfigurationTypeField.STRING,
        "label": "Nonce format",
        "help_text": "Characters in an encryption nonce: 12, or 24 if DGS-Pay asks "
        "for it.",
    },
    "scenario_key": {
        "type": ConfigurationTypeField.STRING,
        "label": "Sandbox scenario",
        "help_text": "Sandbox only: plays an outcome, like "
        "scenario:auth_pin&issuer:approved.",
    },
    "sandbox_url": {
        "type": ConfigurationTypeField.STRING,
        "label": "Sandbox URL",
        "help_text": "Sandbox only: the API of a sandbox of your own. Empty for "
        "DGS-Pay's.",
    },
    "webhook_url": {
        "type": ConfigurationTypeField.OUTPUT,
        "label": "Webhook URL",
        "help_text": "Paste it into the DGS-Pay merchant portal.",
    },
}
DEFAULTS: dict[str, str | bool] = {
    "environment": "sandbox",
    "supported_currencies": "RWF",
    "payment_methods": "card",
    "narration": "Order {reference}",
    "note_refunds": False,
    "nonce_format": "12",
}
DEFAULT_CONFIGURATION = [
    {"name": name, "value": DEFAULTS.get(name)} for name in CONFIG_STRUCTURE
]


def _encryption_key(value: str) -> str:
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must be base64, as the merchant portal shows it") from None
    if len(key) != AES_256_KEY_BYTES:
        raise ValueError(f"must be base64 of 32 bytes, this is of {len(key)}")
    return value


def _url(value: str) -> str:
    if not is_web_address(value):
        raise ValueError("must be a URL, like https://shop.example/checkout")
    address = urlsplit(value)
    if address.scheme == "http" and address.hostname not in LOCAL_HOSTS:
        raise ValueError("must begin with https://")
    return value.rstrip("/")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s,;]+", text))


def currency_codes(text: str | None) -> tuple[str, ...]:
    """The codes in a list like "RWF, usd", unchecked."""
    return _listed((text or "").upper())


def _currencies(value: str | None) -> tuple[str, ...]:
    codes = currency_codes(value)
    if not codes:
        raise ValueError("must be ISO 4217 codes, like RWF,USD")
    if unknown := [code for code in codes if code not in _known_currencies()]:
        raise ValueError(f"must be ISO 4217 codes, these are not: {', '.join(unknown)}")
    return codes


@functools.cache
def _known_currencies() -> set[str]:
    # One locale knows every code; without it babel reads all of them.
    return list_currencies("en")


def payment_methods(text: str | None) -> tuple[str, ...]:
    """The methods in a list like "card, mobile_money", unchecked.

    Card alone where the field is empty, as before there was one.
    """
    return _listed((text or "card").lower())


def _payment_methods(value: str | None) -> tuple[str, ...]:
    methods = payment_methods(value)
    known = [method.payment_type for method in get_args(PaymentMethod)]
    if not methods or not set(methods) <= set(known):
        raise ValueError(f"must be {' or '.join(known)}, or both: {','.join(known)}")
    return methods


def _header_safe(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", value.get_secret_value()):
        raise ValueError("must be one line without spaces or special characters")
    return value


def _portal_url(value: str | None) -> str | None:
    if value is None:
        return None
    _url(value)
    if REFERENCE in urlsplit(value).netloc:
        raise ValueError("must have {reference} after the host")
    if len(value) > LONGEST_PORTAL_URL:
        raise ValueError(f"must not be longer than {LONGEST_PORTAL_URL} characters")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
OptionalText = Annotated[
    str | None, BeforeValidator(lambda value: (value or "").strip() or None)
]
Url = Annotated[Text, AfterValidator(_url)]
Secret = Annotated[
    SecretStr,
    BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value),
    AfterValidator(_header_safe),
]


class Configuration(BaseModel):
    """How one channel takes payments. Its secrets are not part of its repr."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    environment: Literal["sandbox", "live"]
    api_key: Secret
    account_number: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=64)
    ]
    encryption_key: Annotated[Text, AfterValidator(_encryption_key)]
    webhook_secret: Secret
    supported_currencies: Annotated[tuple[str, ...], BeforeValidator(_currencies)]
    payment_methods: Annotated[tuple[str, ...], BeforeValidator(_payment_methods)] = (
        "card",
    )
    return_url: Url
    narration: Text
    portal_url: Annotated[OptionalText, AfterValidator(_portal_url)] = None
    note_refunds: bool = False
    nonce_format: NonceFormat
    scenario_key: OptionalText = None
    sandbox_url: Annotated[
        OptionalText, AfterValidator(lambda value: _url(value) if value else None)
    ] = None

    @model_validator(mode="after")
    def _sandbox_fields_are_not_live(self) -> "Configuration":
        if self.environment == "live" and (self.scenario_key or self.sandbox_url):
            raise ValueError(
                "live takes real money: empty Sandbox scenario and Sandbox URL first"
            )
        return self

    @field_validator("payment_methods")
    @classmethod
    def _mobile_money_has_its_currency(
        cls, methods: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        # Without currencies that can be read, that is the mistake to name.
        currencies = info.data.get("supported_currencies", (CURRENCY,))
        if MobileMoney.payment_type in methods and CURRENCY not in currencies:
            raise ValueError(
                f"mobile money pays in {CURRENCY}: add it to the supported currencies"
            )
        return methods

    @model_validator(mode="after")
    def _key_fits_the_environment(self) -> "Configuration":
        # Only where the key itself shows what it is for.
        words = set(re.split(r"[^a-z]+", self.api_key.get_secret_value().lower()))
        if self.environment == "live" and words & {"test", "sandbox"}:
            raise ValueError("the API key looks like a sandbox key: use the live one")
        if self.environment == "sandbox" and "live" in words:
            raise ValueError("the API key looks like a live key: use the sandbox one")
        return self

    @property
    def base_url(self) -> str:
        if self.environment == "live":
            return LIVE_URL
        return self.sandbox_url or SANDBOX_URL

    def client(self, time_budget: float = TIME_BUDGET) -> DgsPayClient:
        """A client whose time budget, in seconds, starts now."""
        return DgsPayClient(
            self.base_url,
            self.api_key,
            self.account_number,
            time_budget=time_budget,
        )


def values_of(configuration: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Saleor's list of fields as a mapping."""
    return {field["name"]: field["value"] for field in configuration}


def read_configuration(configuration: Iterable[Mapping[str, Any]]) -> Configuration:
    """Read Saleor's list of fields.

    Raises:
        django.core.exceptions.ValidationError: each problem on its field.
    """
    values = values_of(configuration)
    try:
        return Configuration.model_validate(
            {name: value for name, value in values.items() if value not in (None, "")}
        )
    except ValidationError as error:
        raise DjangoValidationError(
            {
                # A check of several fields stands on the one that decides.
                str(problem["loc"][0]) if problem["loc"] else "environment": _problem(
                    problem["type"], problem["msg"]
                )
                for problem in error.errors(include_url=False, include_input=False)
            }
        ) from None


def check_credentials(client: DgsPayClient, configuration: Configuration) -> None:
    """Ask DGS-Pay for the balance, which moves nothing and needs both credentials.

    Raises:
        django.core.exceptions.ValidationError: on the field that has to be mended.
    """
    try:
        client.balance()
    except ProviderError as error:
        raise DjangoValidationError(_why_not_asked(error, configuration)) from None


def _why_not_asked(
    error: ProviderError, configuration: Configuration
) -> dict[str, DjangoValidationError]:
    own_sandbox = configuration.sandbox_url is not None
    if isinstance(error, Refused) and (error.is_by_dgspay or not own_sandbox):
        return {
            "api_key": _invalid(
                f"DGS-Pay does not accept the API key with this account number, or "
                f"does not know this server's address (error {error.error_code})."
            )
        }
    if not own_sandbox:
        return {"environment": _invalid(f"DGS-Pay could not be asked: {error}.")}
    # Staff choose the address: how it failed would tell them which hosts and ports
    # of the server's own network answer.
    logger.warning("DGS-Pay could not be asked: %s", error)
    return {
        "sandbox_url": _invalid("DGS-Pay could not be asked. The log has the reason.")
    }


def _problem(kind: str, message: str) -> DjangoValidationError:
    if kind == "missing":
        return DjangoValidationError(
            "This field is needed before the plugin can be active.",
            code=PluginErrorCode.REQUIRED.value,
        )
    sentence = message.removeprefix("Value error, ")
    return _invalid(sentence[:1].upper() + sentence[1:])


def _invalid(message: str) -> DjangoValidationError:
    return DjangoValidationError(message, code=PluginErrorCode.INVALID.value)
