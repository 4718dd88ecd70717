"""What goes wrong, in two sentences: one for the customer, one for the owner."""

from enum import Enum


class CustomerMessage(Enum):
    """Everything a customer (or staff at an order) can read: what happened, what next.

    Saleor hands a gateway's error to the storefront as one string, so the machine
    code rides in it: "Sentence. (machine_code)". A storefront may show it as it is
    or translate it by the code.
    """

    INSUFFICIENT_FUNDS = (
        "insufficient_funds",
        "Your card does not have enough money for this payment. Use another card.",
    )
    INCORRECT_PIN = ("incorrect_pin", "That PIN was not right. Try again.")
    INCORRECT_OTP = ("incorrect_otp", "That code was not right. Try again.")
    EXPIRED_CARD = ("expired_card", "Your card has expired. Use another card.")
    INVALID_CVV = (
        "invalid_cvv",
        "The security code (CVV) was not right. Check it and try again.",
    )
    DO_NOT_HONOR = (
        "do_not_honor",
        "Your bank declined this payment. Call your bank or use another card.",
    )
    DECLINED = (
        "declined",
        "This payment was declined. Try again or use another card.",
    )
    WALLET_INSUFFICIENT_FUNDS = (
        "wallet_insufficient_funds",
        "Your mobile money account does not have enough money for this payment. Add "
        "money to it, or pay another way.",
    )
    WALLET_NOT_FOUND = (
        "wallet_not_found",
        "This number has no mobile money account with that network. Check the number "
        "and the network.",
    )
    WALLET_LIMIT_REACHED = (
        "wallet_limit_reached",
        "Your mobile money account has reached its limit for payments. Pay another "
        "way, or ask your network.",
    )
    APPROVAL_REJECTED = (
        "approval_rejected",
        "This payment was rejected on your phone. Try again, or pay another way.",
    )
    APPROVAL_EXPIRED = (
        "approval_expired",
        "This payment was not approved on your phone in time. You have not been "
        "charged. Try again, or pay another way.",
    )
    APPROVED_TOO_LATE = (
        "approved_too_late",
        "You approved this payment too late, so it was not made. Try again, or pay "
        "another way.",
    )
    MOBILE_MONEY_DECLINED = (
        "mobile_money_declined",
        "This mobile money payment was declined. Try again, or pay another way.",
    )
    MOBILE_MONEY_REFUSED = (
        "mobile_money_refused",
        "The payment service did not accept this mobile money number. You have not "
        "been charged. Check the number and the network.",
    )
    PROVIDER_UNAVAILABLE = (
        "provider_unavailable",
        "The payment service cannot be reached. You have not been charged. "
        "Try again in a few minutes.",
    )
    PROVIDER_REFUSED = (
        "provider_refused",
        "The payment service did not accept this request. You have not been charged. "
        "Check what you typed, or contact the shop.",
    )
    PAYMENT_IN_DOUBT = (
        "payment_in_doubt",
        "An earlier payment for this order is still being checked, so that you are "
        "not charged twice. Try again in a few minutes.",
    )
    ALREADY_PAID = (
        "already_paid",
        "You have already paid for this order. Reload the page to see it, or contact "
        "the shop.",
    )
    PAID_WITHOUT_ORDER = (
        "paid_without_order",
        "You have been charged, but the shop could not make your order. The shop has "
        "been told. Do not pay again: contact the shop.",
    )
    AMOUNT_MISMATCH = (
        "amount_mismatch",
        "A different amount was charged than this order costs. Do not pay again: "
        "contact the shop.",
    )
    UNKNOWN_NEXT_ACTION = (
        "unknown_next_action",
        "This payment needs a step that this shop does not know. Pay another way.",
    )
    WRONG_STEP = (
        "wrong_step",
        "This payment is not waiting for that. Reload the page and start again.",
    )
    WRONG_REFERENCE = (
        "wrong_reference",
        "That answer belongs to another payment. Reload the page and start again.",
    )
    RAW_CARD_DATA = (
        "raw_card_data",
        "Your card was not sent, because this page did not encrypt it. "
        "Reload the page, and tell the shop if it happens again.",
    )
    INVALID_CARD_DATA = (
        "invalid_card_data",
        "Your card's details did not arrive in good order. "
        "Reload the page and type them again.",
    )
    INVALID_NETWORK = (
        "invalid_network",
        "Choose your mobile money network: MTN or Airtel.",
    )
    INVALID_MOBILE_NUMBER = (
        "invalid_mobile_number",
        "This is not a Rwandan mobile number. Check it and try again.",
    )
    INVALID_MOBILE_MONEY_DATA = (
        "invalid_mobile_money_data",
        "The details of your mobile money payment did not arrive in good order. "
        "Reload the page and type them again.",
    )
    CARD_WITH_MOBILE_MONEY = (
        "card_with_mobile_money",
        "A card and a mobile money number were sent together. You have not been "
        "charged. Reload the page and choose one of them.",
    )
    REUSED_NONCE = (
        "reused_nonce",
        "These card details were sent before. Reload the page and type them again.",
    )
    PHONE_NEEDED = (
        "phone_needed",
        "A phone number is needed to pay. Add it to your billing address.",
    )
    EMAIL_NEEDED = (
        "email_needed",
        "An email address is needed to pay. Add it to your order.",
    )
    NAME_NEEDED = (
        "name_needed",
        "A name is needed to pay. Add it to your billing address.",
    )
    AMOUNT_NOT_CHARGEABLE = (
        "amount_not_chargeable",
        "This amount cannot be charged. Contact the shop.",
    )
    MORE_THAN_DUE = (
        "more_than_due",
        "This is more than there is left to pay. You have not been charged for it. "
        "Reload the page to see what is left to pay.",
    )
    NOTHING_TO_PAY = (
        "nothing_to_pay",
        "There is nothing to pay for this order. Complete it without a payment.",
    )
    BILLING_ADDRESS_NEEDED = (
        "billing_address_needed",
        "A billing address is needed before you pay. Add it to your order.",
    )
    BILLING_ADDRESS_INCOMPLETE = (
        "billing_address_incomplete",
        "Your billing address is not complete. Check it before you pay.",
    )
    SHIPPING_ADDRESS_NEEDED = (
        "shipping_address_needed",
        "A shipping address is needed before you pay. Add it to your order.",
    )
    SHIPPING_ADDRESS_INCOMPLETE = (
        "shipping_address_incomplete",
        "Your shipping address is not complete. Check it before you pay.",
    )
    DELIVERY_METHOD_NEEDED = (
        "delivery_method_needed",
        "Choose how your order is delivered before you pay.",
    )
    DELIVERY_METHOD_NOT_AVAILABLE = (
        "delivery_method_not_available",
        "Your order cannot be delivered that way. Choose another delivery before you "
        "pay.",
    )
    OUT_OF_STOCK = (
        "out_of_stock",
        "Something in your order is sold out. You have not been charged for it. "
        "Change your order before you pay.",
    )
    NOT_FOR_SALE = (
        "not_for_sale",
        "Something in your order is no longer for sale. You have not been charged for "
        "it. Remove it from your order before you pay.",
    )
    NOTHING_IN_ORDER = (
        "nothing_in_order",
        "Your order is empty. Add something to it before you pay.",
    )
    CHANNEL_CLOSED = (
        "channel_closed",
        "This shop takes no orders at the moment. You have not been charged. Contact "
        "the shop.",
    )
    VOUCHER_NOT_APPLICABLE = (
        "voucher_not_applicable",
        "Your voucher cannot be used any more. Remove it from your order before you "
        "pay.",
    )
    GIFT_CARD_NOT_APPLICABLE = (
        "gift_card_not_applicable",
        "Your gift card cannot be used any more. Remove it from your order before you "
        "pay.",
    )
    TAXES_UNAVAILABLE = (
        "taxes_unavailable",
        "The shop cannot work out the taxes of your order. You have not been charged. "
        "Try again in a few minutes.",
    )
    ORDER_NOT_PAYABLE = (
        "order_not_payable",
        "This order cannot be paid any more. Contact the shop.",
    )
    ORDER_NOT_POSSIBLE = (
        "order_not_possible",
        "The shop cannot make your order as it is. You have not been charged. Check "
        "it, or contact the shop.",
    )
    CURRENCY_NOT_SUPPORTED = (
        "currency_not_supported",
        "Cards cannot be charged in this currency here. Choose another way to pay.",
    )
    MOBILE_MONEY_CURRENCY_NOT_SUPPORTED = (
        "mobile_money_currency_not_supported",
        "Mobile money can pay in Rwandan francs only. Choose another way to pay.",
    )
    CARD_NOT_OFFERED = (
        "card_not_offered",
        "This shop takes no cards here. Choose another way to pay.",
    )
    MOBILE_MONEY_NOT_OFFERED = (
        "mobile_money_not_offered",
        "This shop takes no mobile money here. Choose another way to pay.",
    )
    MISCONFIGURED = (
        "misconfigured",
        "Payments are not set up in this shop. Choose another way to pay.",
    )
    AUTHORIZATION_NOT_POSSIBLE = (
        "authorization_not_possible",
        "Payments cannot be reserved for later in this shop. Contact the shop.",
    )
    RETURN_URL_NOT_ALLOWED = (
        "return_url_not_allowed",
        "This page cannot take payments for this shop. Contact the shop.",
    )
    REFUND_IN_PORTAL = (
        "refund_in_portal",
        "DGS-Pay has no refund in its API. Refund this payment in the DGS-Pay "
        "merchant portal, then note the refund on the order.",
    )
    REFUND_NOTED = (
        "refund_noted",
        "This refund is noted, and no money was sent. Send it in the DGS-Pay merchant "
        "portal, then confirm the refund with dgspay_refunds.",
    )
    REFUND_TOO_HIGH = (
        "refund_too_high",
        "This is more than is left of this payment. Reload the order to see what can "
        "still be refunded.",
    )
    VOID_NOT_POSSIBLE = (
        "void_not_possible",
        "DGS-Pay charges at once: there is no authorization to void. Refund "
        "this payment in the DGS-Pay merchant portal.",
    )
    CAPTURE_NOT_POSSIBLE = (
        "capture_not_possible",
        "DGS-Pay charges at once: there is no authorization to capture.",
    )

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.sentence} ({self.code})"


class Refusal(Exception):
    """The payment goes no further, and nothing was sent to the provider.

    Neither sentence ever holds card data or a secret.
    """

    def __init__(self, for_customer: CustomerMessage, for_owner: str) -> None:
        super().__init__(for_owner)
        self.for_customer = for_customer
        self.for_owner = for_owner
