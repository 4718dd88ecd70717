"""Mobile money: what the browser sends, and how its outcomes differ from a card's.

Facts from DGS-Pay's mobile money page: Rwanda alone, in RWF, by MTN or Airtel. The
customer approves on the handset. There is no step on the store's page, and the wallet's
PIN is never typed there.
"""

from typing import Annotated, ClassVar, Literal, TypedDict

import phonenumbers
from pydantic import AfterValidator, SecretStr

from dgspay_plugin.payment.browser_step import BrowserStep
from dgspay_plugin.payment.outcome import (
    ActionRequired,
    Declined,
    NextAction,
    Outcome,
    Pending,
    UnknownAction,
)
from dgspay_plugin.payment.refusal import CustomerMessage

CURRENCY = "RWF"
RWANDA = "RW"
# What may be kept of a number, so that its owner knows which phone to look at.
LAST_DIGITS = 3

# What a wallet's refusal is called where the word for a card's is the same.
IN_WORDS_OF_A_WALLET = {
    CustomerMessage.INSUFFICIENT_FUNDS: CustomerMessage.WALLET_INSUFFICIENT_FUNDS,
    CustomerMessage.EXPIRED_CARD: CustomerMessage.APPROVAL_EXPIRED,
}
REASONS_OF_A_WALLET = frozenset(
    {
        *IN_WORDS_OF_A_WALLET.values(),
        CustomerMessage.WALLET_NOT_FOUND,
        CustomerMessage.WALLET_LIMIT_REACHED,
        CustomerMessage.APPROVAL_REJECTED,
        CustomerMessage.APPROVED_TOO_LATE,
    }
)
NEVER_ON_A_PAGE = frozenset({NextAction.PIN, NextAction.OTP, NextAction.AVS})


class Wallet(TypedDict):
    """What is stored and shown of a mobile money account. Never the whole number."""

    network: str
    phone_last_digits: str


def _national_number(typed: SecretStr) -> SecretStr:
    """The 9 digits of a Rwandan mobile number, however it was written.

    How DGS-Pay wants ``mobile_money_phone`` is not documented: it is sent as
    ``customer_phone`` is.
    """
    try:
        number = phonenumbers.parse(typed.get_secret_value(), RWANDA)
    except phonenumbers.NumberParseException:
        raise ValueError("not a phone number") from None
    if (
        phonenumbers.region_code_for_number(number) != RWANDA
        or phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE
    ):
        raise ValueError("not a Rwandan mobile number")
    return SecretStr(phonenumbers.national_significant_number(number))


class MobileMoney(BrowserStep):
    """The mobile money account of ``POST /charges``."""

    payment_type: ClassVar[str] = "mobile_money"

    mobile_money_network: Literal["MTN", "Airtel"]
    mobile_money_phone: Annotated[SecretStr, AfterValidator(_national_number)]

    @property
    def number(self) -> phonenumbers.PhoneNumber:
        return phonenumbers.parse(self.mobile_money_phone.get_secret_value(), RWANDA)

    @property
    def wallet(self) -> Wallet:
        digits = self.mobile_money_phone.get_secret_value()
        return {
            "network": self.mobile_money_network,
            "phone_last_digits": digits[-LAST_DIGITS:],
        }


def outcome_of_wallet(outcome: Outcome) -> Outcome:
    """What an outcome means for a charge that was sent to a handset.

    A next action that only waits is the wait for the handset. A PIN, an OTP or an
    address is a step that this plugin does not have for mobile money.
    """
    match outcome:
        case ActionRequired(reference, NextAction.WAIT):
            return Pending(reference)
        case ActionRequired(reference, action) if action in NEVER_ON_A_PAGE:
            return UnknownAction(reference, action.value)
        case Declined(reference, reason):
            return Declined(reference, _reason_of_wallet(reason))
    return outcome


def outcome_of_card(outcome: Outcome) -> Outcome:
    """What an outcome means for a card: no sentence about a handset is for it."""
    match outcome:
        case Declined(reference, reason) if reason in REASONS_OF_A_WALLET:
            return Declined(reference, CustomerMessage.DECLINED)
    return outcome


def _reason_of_wallet(reason: CustomerMessage) -> CustomerMessage:
    if reason in REASONS_OF_A_WALLET:
        return reason
    return IN_WORDS_OF_A_WALLET.get(reason, CustomerMessage.MOBILE_MONEY_DECLINED)
