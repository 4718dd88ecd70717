from enum import Enum


class PaymentErrorCode(Enum):
    BILLING_ADDRESS_NOT_SET = "billing_address_not_set"
    GRAPHQL_ERROR = "graphql_error"
    INVALID = "invalid"
    NOT_FOUND = "not_found"
    REQUIRED = "required"
    PARTIAL_PAYMENT_NOT_ALLOWED = "partial_payment_not_allowed"
    PAYMENT_ERROR = "payment_error"
    NOT_SUPPORTED_GATEWAY = "not_supported_gateway"
    CHECKOUT_EMAIL_NOT_SET = "checkout_email_not_set"
    NO_CHECKOUT_LINES = "no_checkout_lines"
    CHECKOUT_COMPLETION_IN_PROGRESS = "checkout_completion_in_progress"
