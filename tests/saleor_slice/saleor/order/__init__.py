"""What an order can be (``saleor.order``), as far as it is ever so here."""


class OrderStatus:
    UNCONFIRMED = "unconfirmed"
    UNFULFILLED = "unfulfilled"
    CHOICES = [(UNCONFIRMED, "Unconfirmed"), (UNFULFILLED, "Unfulfilled")]


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
    CONFIRMED = "confirmed"
    PLACED = "placed"
    ORDER_FULLY_PAID = "order_fully_paid"
    PAYMENT_CAPTURED = "payment_captured"
    PAYMENT_REFUNDED = "payment_refunded"
    PAYMENT_VOIDED = "payment_voided"
    CHOICES = [
        (CONFIRMED, "Order was confirmed"),
        (PLACED, "The order was placed"),
        (ORDER_FULLY_PAID, "The order was fully paid"),
        (PAYMENT_CAPTURED, "The payment was captured"),
        (PAYMENT_REFUNDED, "The payment was refunded"),
        (PAYMENT_VOIDED, "The payment was voided"),
    ]
