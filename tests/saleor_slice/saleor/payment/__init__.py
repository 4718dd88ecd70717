"""What a payment can be and become (``saleor.payment``)."""


class PaymentError(Exception):
    def __init__(self, message: str, code: str | None = None):
        super().__init__(message, code)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.message


class GatewayError(IOError):
    """A plugin answered with something that is not a GatewayResponse."""


class TransactionItemIdempotencyUniqueError(Exception):
    """The idempotency key belongs to another transaction."""


class TransactionKind:
    EXTERNAL = "external"
    AUTH = "auth"
    CAPTURE = "capture"
    CAPTURE_FAILED = "capture_failed"
    ACTION_TO_CONFIRM = "action_to_confirm"
    VOID = "void"
    PENDING = "pending"
    REFUND = "refund"
    REFUND_ONGOING = "refund_ongoing"
    REFUND_FAILED = "refund_failed"
    REFUND_REVERSED = "refund_reversed"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    CHOICES = [
        (EXTERNAL, "External reference"),
        (AUTH, "Authorization"),
        (PENDING, "Pending"),
        (ACTION_TO_CONFIRM, "Action to confirm"),
        (REFUND, "Refund"),
        (REFUND_ONGOING, "Refund in progress"),
        (CAPTURE, "Capture"),
        (VOID, "Void"),
        (CONFIRM, "Confirm"),
        (CANCEL, "Cancel"),
    ]


class ChargeStatus:
    NOT_CHARGED = "not-charged"
    PENDING = "pending"
    PARTIALLY_CHARGED = "partially-charged"
    FULLY_CHARGED = "fully-charged"
    PARTIALLY_REFUNDED = "partially-refunded"
    FULLY_REFUNDED = "fully-refunded"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    CHOICES = [
        (NOT_CHARGED, "Not charged"),
        (PENDING, "Pending"),
        (PARTIALLY_CHARGED, "Partially charged"),
        (FULLY_CHARGED, "Fully charged"),
        (PARTIALLY_REFUNDED, "Partially refunded"),
        (FULLY_REFUNDED, "Fully refunded"),
        (REFUSED, "Refused"),
        (CANCELLED, "Cancelled"),
    ]


class StorePaymentMethod:
    ON_SESSION = "on_session"
    OFF_SESSION = "off_session"
    NONE = "none"
    CHOICES = [
        (ON_SESSION, "On session"),
        (OFF_SESSION, "Off session"),
        (NONE, "None"),
    ]


class TransactionAction:
    CHARGE = "charge"
    REFUND = "refund"
    CANCEL = "cancel"
    CHOICES = [
        (CHARGE, "Charge payment"),
        (REFUND, "Refund payment"),
        (CANCEL, "Cancel payment"),
    ]


class TransactionEventType:
    AUTHORIZATION_SUCCESS = "authorization_success"
    AUTHORIZATION_FAILURE = "authorization_failure"
    AUTHORIZATION_ADJUSTMENT = "authorization_adjustment"
    AUTHORIZATION_REQUEST = "authorization_request"
    AUTHORIZATION_ACTION_REQUIRED = "authorization_action_required"
    CHARGE_SUCCESS = "charge_success"
    CHARGE_FAILURE = "charge_failure"
    CHARGE_BACK = "charge_back"
    CHARGE_ACTION_REQUIRED = "charge_action_required"
    CHARGE_REQUEST = "charge_request"
    REFUND_SUCCESS = "refund_success"
    REFUND_FAILURE = "refund_failure"
    REFUND_REVERSE = "refund_reverse"
    REFUND_REQUEST = "refund_request"
    CANCEL_SUCCESS = "cancel_success"
    CANCEL_FAILURE = "cancel_failure"
    CANCEL_REQUEST = "cancel_request"
    INFO = "info"
    CHOICES = [
        (AUTHORIZATION_SUCCESS, "Represents success authorization"),
        (AUTHORIZATION_FAILURE, "Represents failure authorization"),
        (AUTHORIZATION_ADJUSTMENT, "Represents authorization adjustment"),
        (AUTHORIZATION_REQUEST, "Represents authorization request"),
        (
            AUTHORIZATION_ACTION_REQUIRED,
            "Represents additional actions required for authorization.",
        ),
        (CHARGE_ACTION_REQUIRED, "Represents additional actions required for charge."),
        (CHARGE_SUCCESS, "Represents success charge"),
        (CHARGE_FAILURE, "Represents failure charge"),
        (CHARGE_BACK, "Represents chargeback."),
        (CHARGE_REQUEST, "Represents charge request"),
        (REFUND_SUCCESS, "Represents success refund"),
        (REFUND_FAILURE, "Represents failure refund"),
        (REFUND_REVERSE, "Represents reverse refund"),
        (REFUND_REQUEST, "Represents refund request"),
        (CANCEL_SUCCESS, "Represents success cancel"),
        (CANCEL_FAILURE, "Represents failure cancel"),
        (CANCEL_REQUEST, "Represents cancel request"),
        (INFO, "Represents an info event"),
    ]


FAILED_TRANSACTION_EVENTS = [
    TransactionEventType.AUTHORIZATION_FAILURE,
    TransactionEventType.CHARGE_FAILURE,
    TransactionEventType.REFUND_FAILURE,
    TransactionEventType.CANCEL_FAILURE,
]
