"""What an order can be (``saleor.order``), as far as it is ever so here."""


class OrderStatus:
    """Nothing is ever fulfilled here; and only staff make drafts, in Saleor."""

    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    UNFULFILLED = "unfulfilled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    CHOICES = [
        (DRAFT, "Draft"),
        (UNCONFIRMED, "Unconfirmed"),
        (UNFULFILLED, "Unfulfilled"),
        (CANCELED, "Canceled"),
        (EXPIRED, "Expired"),
    ]


class OrderAuthorizeStatus:
    """Of what is authorized or charged, together."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"
    CHOICES = [
        (NONE, "The funds are not authorized"),
        (
            PARTIAL,
            "The funds that are authorized and charged don't cover fully the order's "
            "total",
        ),
        (
            FULL,
            "The funds that are authorized and charged fully cover the order's total",
        ),
    ]


class OrderChargeStatus:
    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"
    OVERCHARGED = "overcharged"
    CHOICES = [
        (NONE, "The order is not charged."),
        (PARTIAL, "The order is partially charged"),
        (FULL, "The order is fully charged"),
        (OVERCHARGED, "The order is overcharged"),
    ]


class OrderEvents:
    CANCELED = "canceled"
    CONFIRMED = "confirmed"
    PLACED = "placed"
    PLACED_AUTOMATICALLY_FROM_PAID_CHECKOUT = "placed_automatically_from_paid_checkout"
    ORDER_FULLY_PAID = "order_fully_paid"
    PAYMENT_CAPTURED = "payment_captured"
    PAYMENT_REFUNDED = "payment_refunded"
    PAYMENT_VOIDED = "payment_voided"
    TRANSACTION_CHARGE_REQUESTED = "transaction_charge_requested"
    TRANSACTION_REFUND_REQUESTED = "transaction_refund_requested"
    TRANSACTION_CANCEL_REQUESTED = "transaction_cancel_requested"
    CHOICES = [
        (CANCELED, "The order was canceled"),
        (CONFIRMED, "Order was confirmed"),
        (PLACED, "The order was placed"),
        (
            PLACED_AUTOMATICALLY_FROM_PAID_CHECKOUT,
            "The order was placed automatically from fully paid checkout",
        ),
        (ORDER_FULLY_PAID, "The order was fully paid"),
        (PAYMENT_CAPTURED, "The payment was captured"),
        (PAYMENT_REFUNDED, "The payment was refunded"),
        (PAYMENT_VOIDED, "The payment was voided"),
        (TRANSACTION_CHARGE_REQUESTED, "The charge requested for transaction"),
        (TRANSACTION_REFUND_REQUESTED, "The refund requested for transaction"),
        (TRANSACTION_CANCEL_REQUESTED, "The cancel requested for transaction"),
    ]
