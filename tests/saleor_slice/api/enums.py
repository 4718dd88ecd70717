"""Enums made of the values that the rest of the package already has."""

from enum import Enum

import graphene
from django.conf import settings
from phonenumbers import SUPPORTED_REGIONS
from saleor.checkout.error_codes import CheckoutErrorCode as CheckoutErrorCodes
from saleor.order import OrderChargeStatus, OrderEvents, OrderStatus
from saleor.payment import ChargeStatus, StorePaymentMethod, TransactionKind
from saleor.payment.error_codes import PaymentErrorCode as PaymentErrorCodes
from saleor.plugins.base_plugin import ConfigurationTypeField
from saleor.plugins.error_codes import PluginErrorCode as PluginErrorCodes

# Regions that have phone numbers but are not in ISO 3166.
NOT_COUNTRIES = {"AC", "TA", "XK"}
COUNTRIES = sorted(SUPPORTED_REGIONS - NOT_COUNTRIES)


class AccountErrorCodes(Enum):
    INVALID_CREDENTIALS = "invalid_credentials"
    INVALID = "invalid"


class ProductErrorCodes(Enum):
    GRAPHQL_ERROR = "graphql_error"
    INVALID = "invalid"
    NOT_FOUND = "not_found"


class OrderActions(Enum):
    CAPTURE = "capture"
    REFUND = "refund"
    VOID = "void"


def _of_enum(name: str, values: type[Enum]) -> graphene.Enum:
    return graphene.Enum(name, [(member.name, member.value) for member in values])


def _of_choices(name: str, choices: list[tuple[str, str]]) -> graphene.Enum:
    return graphene.Enum(name, [(_to_name(value), value) for value, _ in choices])


def _to_name(value: str) -> str:
    return value.replace(" ", "_").replace("-", "_").upper()


AccountErrorCode = _of_enum("AccountErrorCode", AccountErrorCodes)
CheckoutErrorCode = _of_enum("CheckoutErrorCode", CheckoutErrorCodes)
PaymentErrorCode = _of_enum("PaymentErrorCode", PaymentErrorCodes)
PluginErrorCode = _of_enum("PluginErrorCode", PluginErrorCodes)
ProductErrorCode = _of_enum("ProductErrorCode", ProductErrorCodes)
OrderAction = _of_enum("OrderAction", OrderActions)

ConfigurationTypeFieldEnum = _of_choices(
    "ConfigurationTypeFieldEnum", ConfigurationTypeField.CHOICES
)
CountryCode = _of_choices("CountryCode", [(code, code) for code in COUNTRIES])
LanguageCodeEnum = _of_choices("LanguageCodeEnum", settings.LANGUAGES)
OrderChargeStatusEnum = _of_choices("OrderChargeStatusEnum", OrderChargeStatus.CHOICES)
OrderEventsEnum = _of_choices("OrderEventsEnum", OrderEvents.CHOICES)
OrderStatusEnum = _of_choices("OrderStatus", OrderStatus.CHOICES)
PaymentChargeStatusEnum = _of_choices("PaymentChargeStatusEnum", ChargeStatus.CHOICES)
StorePaymentMethodEnum = _of_choices(
    "StorePaymentMethodEnum", StorePaymentMethod.CHOICES
)
TransactionKindEnum = _of_choices("TransactionKind", TransactionKind.CHOICES)
