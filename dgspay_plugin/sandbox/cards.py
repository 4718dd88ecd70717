"""The cards the sandbox knows, and what a card must look like to be charged."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .errors import ApiError, ErrorCode


class NextAction(StrEnum):
    """What the customer must do next, in the spelling of the processor.

    DGS-Pay does not document the values of ``next_action_type``; these are the
    ones of Flutterwave v4, which it is built on.
    """

    PIN = "requires_pin"
    OTP = "requires_otp"
    ADDRESS = "requires_additional_fields"
    REDIRECT = "redirect_url"
    THUMBPRINT = "requires_thumbprint"
    """Not a value anyone has documented: callers must say that they are lost."""


APPROVED = "approved"


@dataclass(frozen=True)
class Behaviour:
    """The steps a charge asks for, and what the card's issuer says after them.

    Of mobile money the issuer is the network.
    """

    steps: tuple[NextAction, ...] = ()
    issuer: str = APPROVED
    """``approved``, or the ``processor_response`` of the failed charge."""
    stays_pending: bool = False
    settles_after: float = 0
    """Seconds after which a charge that stays pending is concluded; 0: never."""
    webhook_is_lost: bool = False
    """Nobody is told of the end: it has to be asked for."""
    claims_success_early: bool = False
    """Say ``successful`` while a step is still open, as no caller may believe."""


@dataclass(frozen=True)
class SandboxCard:
    number: str
    description: str
    behaviour: Behaviour


PIN, OTP, ADDRESS, REDIRECT = (
    NextAction.PIN,
    NextAction.OTP,
    NextAction.ADDRESS,
    NextAction.REDIRECT,
)

CARDS = (
    SandboxCard("4242424242424242", "Approved at once", Behaviour()),
    SandboxCard("5555555555554444", "PIN, then approved", Behaviour((PIN,))),
    SandboxCard("4000000000000101", "PIN, then OTP", Behaviour((PIN, OTP))),
    SandboxCard("4000000000000119", "Billing address", Behaviour((ADDRESS,))),
    SandboxCard(
        "4000000000000127", "Billing address, then 3DS", Behaviour((ADDRESS, REDIRECT))
    ),
    SandboxCard("4000000000000135", "3-D Secure", Behaviour((REDIRECT,))),
    SandboxCard("4000000000000143", "PIN, then 3DS", Behaviour((PIN, REDIRECT))),
    SandboxCard("4000000000000200", "Declined", Behaviour(issuer="insufficient_funds")),
    SandboxCard("4000000000000218", "Declined", Behaviour(issuer="do_not_honor")),
    SandboxCard("4000000000000226", "Declined", Behaviour(issuer="expired_card")),
    SandboxCard("4000000000000234", "Declined", Behaviour(issuer="invalid_cvv")),
    SandboxCard(
        "4000000000000309",
        "Pending until it is settled through the control API",
        Behaviour(stays_pending=True),
    ),
    SandboxCard(
        "4000000000000317",
        "Pending, approved after 5 seconds",
        Behaviour(stays_pending=True, settles_after=5),
    ),
    SandboxCard(
        "4000000000000325",
        "An unknown next action",
        Behaviour((NextAction.THUMBPRINT,)),
    ),
    SandboxCard(
        "4000000000000333",
        "OTP, with an answer that already says successful",
        Behaviour((OTP,), claims_success_early=True),
    ),
)

_BEHAVIOUR_BY_NUMBER: Mapping[str, Behaviour] = {
    card.number: card.behaviour for card in CARDS
}
_UNKNOWN_CARD = Behaviour(issuer="do_not_honor")
_EXPIRED_CARD = Behaviour(issuer="expired_card")


@dataclass(frozen=True)
class Card:
    """A decrypted card. It lives for one decision and never shows its values."""

    number: str = field(repr=False)
    expiry_month: str = field(repr=False)
    expiry_year: str = field(repr=False)
    cvv: str = field(repr=False)

    def check(self) -> None:
        """Raise ApiError (90) unless each field is written as DGS-Pay asks."""
        rules = {
            "card number": re.fullmatch(r"[0-9]{12,19}", self.number)
            and passes_luhn(self.number),
            "expiry month": re.fullmatch(r"0[1-9]|1[0-2]", self.expiry_month),
            "expiry year": re.fullmatch(r"20[0-9]{2}", self.expiry_year),
            "CVV": re.fullmatch(r"[0-9]{3,4}", self.cvv),
        }
        for name, holds in rules.items():
            if not holds:
                raise ApiError(ErrorCode.VALIDATION, f"the {name} is not valid")

    def has_expired(self, today: datetime.date) -> bool:
        """A card is good until the last day of its month."""
        return (int(self.expiry_year), int(self.expiry_month)) < (
            today.year,
            today.month,
        )

    def behaviour(self, today: datetime.date) -> Behaviour:
        """A valid number that is none of CARDS is declined, as a bank would."""
        if self.has_expired(today):
            return _EXPIRED_CARD
        return _BEHAVIOUR_BY_NUMBER.get(self.number, _UNKNOWN_CARD)


def passes_luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812-1, for a string of ASCII digits."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
