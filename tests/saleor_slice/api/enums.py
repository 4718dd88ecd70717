"""Enums made of the values that the rest of the package already has."""

from enum import Enum

import graphene
from django.conf import settings
from phonenumbers import SUPPORTED_REGIONS
from saleor.channel import MarkAsPaidStrategy, TransactionFlowStrategy
from saleor.channel.error_codes import ChannelErrorCode as ChannelErrorCodes
from saleor.checkout import CheckoutAuthorizeStatus, CheckoutChargeStatus
from saleor.checkout.error_codes import CheckoutErrorCode as CheckoutErrorCodes
from saleor.discount import DiscountValueType, VoucherType
from saleor.discount.error_codes import DiscountErrorCode as DiscountErrorCodes
from saleor.giftcard.error_codes import GiftCardErrorCode as GiftCardErrorCodes
from saleor.order import (
    OrderAuthorizeStatus,
    OrderChargeStatus,
    OrderEvents,
    OrderStatus,
)
from saleor.payment import (
    ChargeStatus,
    StorePaymentMethod,
    TransactionAction,
    TransactionEventType,
    TransactionKind,
    error_codes,
)
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


class OrderErrorCodes(Enum):
    CANNOT_CANCEL_ORDER = "cannot_cancel_order"
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
ChannelErrorCode = _of_enum("ChannelErrorCode", ChannelErrorCodes)
CheckoutErrorCode = _of_enum("CheckoutErrorCode", CheckoutErrorCodes)
DiscountErrorCode = _of_enum("DiscountErrorCode", DiscountErrorCodes)
GiftCardErrorCode = _of_enum("GiftCardErrorCode", GiftCardErrorCodes)
OrderErrorCode = _of_enum("OrderErrorCode", OrderErrorCodes)
PaymentErrorCode = _of_enum("PaymentErrorCode", error_codes.PaymentErrorCode)
PluginErrorCode = _of_enum("PluginErrorCode", PluginErrorCodes)
ProductErrorCode = _of_enum("ProductErrorCode", ProductErrorCodes)
OrderAction = _of_enum("OrderAction", OrderActions)
PaymentGatewayConfigErrorCode = _of_enum(
    "PaymentGatewayConfigErrorCode", error_codes.PaymentGatewayConfigErrorCode
)
PaymentGatewayInitializeErrorCode = _of_enum(
    "PaymentGatewayInitializeErrorCode", error_codes.PaymentGatewayInitializeErrorCode
)
TransactionInitializeErrorCode = _of_enum(
    "TransactionInitializeErrorCode", error_codes.TransactionInitializeErrorCode
)
TransactionProcessErrorCode = _of_enum(
    "TransactionProcessErrorCode", error_codes.TransactionProcessErrorCode
)
TransactionRequestActionErrorCode = _of_enum(
    "TransactionRequestActionErrorCode", error_codes.TransactionRequestActionErrorCode
)

ConfigurationTypeFieldEnum = _of_choices(
    "ConfigurationTypeFieldEnum", ConfigurationTypeField.CHOICES
)
CheckoutAuthorizeStatusEnum = _of_choices(
    "CheckoutAuthorizeStatusEnum", CheckoutAuthorizeStatus.CHOICES
)
CheckoutChargeStatusEnum = _of_choices(
    "CheckoutChargeStatusEnum", CheckoutChargeStatus.CHOICES
)
CountryCode = _of_choices("CountryCode", [(code, code) for code in COUNTRIES])
DiscountValueTypeEnum = _of_choices("DiscountValueTypeEnum", DiscountValueType.CHOICES)
LanguageCodeEnum = _of_choices("LanguageCodeEnum", settings.LANGUAGES)
MarkAsPaidStrategyEnum = _of_choices(
    "MarkAsPaidStrategyEnum", MarkAsPaidStrategy.CHOICES
)
OrderAuthorizeStatusEnum = _of_choices(
    "OrderAuthorizeStatusEnum", OrderAuthorizeStatus.CHOICES
)
OrderChargeStatusEnum = _of_choices("OrderChargeStatusEnum", OrderChargeStatus.CHOICES)
OrderEventsEnum = _of_choices("OrderEventsEnum", OrderEvents.CHOICES)
OrderStatusEnum = _of_choices("OrderStatus", OrderStatus.CHOICES)
PaymentChargeStatusEnum = _of_choices("PaymentChargeStatusEnum", ChargeStatus.CHOICES)
StorePaymentMethodEnum = _of_choices(
    "StorePaymentMethodEnum", StorePaymentMethod.CHOICES
)
TransactionActionEnum = _of_choices("TransactionActionEnum", TransactionAction.CHOICES)
TransactionEventTypeEnum = _of_choices(
    "TransactionEventTypeEnum", TransactionEventType.CHOICES
)
TransactionFlowStrategyEnum = _of_choices(
    "TransactionFlowStrategyEnum", TransactionFlowStrategy.CHOICES
)
TransactionKindEnum = _of_choices("TransactionKind", TransactionKind.CHOICES)
VoucherTypeEnum = _of_choices("VoucherTypeEnum", VoucherType.CHOICES)
