"""What a voucher takes off, and of what (``saleor.discount``)."""


class DiscountValueType:
    FIXED = "fixed"
    PERCENTAGE = "percentage"
    CHOICES = [(FIXED, "fixed"), (PERCENTAGE, "%")]


class VoucherType:
    """Saleor also has vouchers for single products; the stand-in does not."""

    SHIPPING = "shipping"
    ENTIRE_ORDER = "entire_order"
    CHOICES = [(ENTIRE_ORDER, "Entire order"), (SHIPPING, "Shipping")]
