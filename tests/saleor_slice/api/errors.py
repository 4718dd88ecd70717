"""From Django's ValidationError to the ``errors`` of a mutation.

The storefront's developer reads ``field`` in camel case, the first sentence as
``message`` and the upper-case name of the ``code``
(``saleor.graphql.core.mutations.validation_error_to_error_type``).
"""

from typing import Any

import graphene
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from graphene.utils.str_converters import to_camel_case

from .enums import (
    AccountErrorCode,
    ChannelErrorCode,
    CheckoutErrorCode,
    DiscountErrorCode,
    GiftCardErrorCode,
    OrderErrorCode,
    PaymentErrorCode,
    PaymentGatewayConfigErrorCode,
    PaymentGatewayInitializeErrorCode,
    PluginErrorCode,
    ProductErrorCode,
    TransactionInitializeErrorCode,
    TransactionProcessErrorCode,
    TransactionRequestActionErrorCode,
)


class Error(graphene.ObjectType):
    class Meta:
        abstract = True

    field = graphene.String()
    message = graphene.String()


class AccountError(Error):
    code = AccountErrorCode(required=True)


class ChannelError(Error):
    code = ChannelErrorCode(required=True)


class CheckoutError(Error):
    code = CheckoutErrorCode(required=True)
    variants = graphene.List(graphene.NonNull(graphene.ID))


class DiscountError(Error):
    code = DiscountErrorCode(required=True)


class GiftCardError(Error):
    code = GiftCardErrorCode(required=True)


class OrderError(Error):
    code = OrderErrorCode(required=True)


class PaymentError(Error):
    code = PaymentErrorCode(required=True)


class PaymentGatewayConfigError(Error):
    code = PaymentGatewayConfigErrorCode(required=True)


class PaymentGatewayInitializeError(Error):
    code = PaymentGatewayInitializeErrorCode(required=True)


class TransactionInitializeError(Error):
    code = TransactionInitializeErrorCode(required=True)


class TransactionProcessError(Error):
    code = TransactionProcessErrorCode(required=True)


class TransactionRequestActionError(Error):
    code = TransactionRequestActionErrorCode(required=True)


class PluginError(Error):
    code = PluginErrorCode(required=True)


class BulkStockError(Error):
    code = ProductErrorCode(required=True)
    index = graphene.Int()


class ProductChannelListingError(Error):
    code = ProductErrorCode(required=True)


def to_errors(error: ValidationError, error_type: type[Error]) -> list[Error]:
    by_field = (
        error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    )
    return [
        _to_error(field, one, error_type)
        for field, errors in by_field.items()
        for one in errors
    ]


def _to_error(
    field: str | None, error: ValidationError, error_type: type[Error]
) -> Error:
    known_codes = error_type._meta.fields["code"].type.of_type._meta.enum
    code = error.code if error.code in {one.value for one in known_codes} else "invalid"
    extra: dict[str, Any] = {
        name: value
        for name, value in (error.params or {}).items()
        if name in error_type._meta.fields
    }
    return error_type(
        field=None if field in (None, NON_FIELD_ERRORS) else to_camel_case(field),
        message=error.messages[0],
        code=code,
        **extra,
    )
