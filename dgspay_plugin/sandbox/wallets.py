"""The mobile money accounts the sandbox knows: the number decides what happens.

Other public sandboxes for mobile money choose the outcome by the number too. How
DGS-Pay spells the reasons is not documented: these are the networks' own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .cards import APPROVED, Behaviour, NextAction

Network = Literal["MTN", "Airtel"]

SECONDS_TO_DECIDE = 3
"""What a quick customer needs to take the phone and type the PIN."""
PROMPT_LIVES_FOR = 300
"""MTN's own API: 5 minutes."""


@dataclass(frozen=True)
class SandboxWallet:
    number: str
    """National, 9 digits."""
    description: str
    behaviour: Behaviour


def _decided(
    after: float = SECONDS_TO_DECIDE,
    issuer: str = APPROVED,
    webhook_is_lost: bool = False,
) -> Behaviour:
    return Behaviour(
        issuer=issuer,
        stays_pending=True,
        settles_after=after,
        webhook_is_lost=webhook_is_lost,
    )


WALLETS = (
    SandboxWallet("788000001", "Approved after 3 seconds", _decided()),
    SandboxWallet(
        "788000002", "Rejected after 3 seconds", _decided(issuer="APPROVAL_REJECTED")
    ),
    SandboxWallet("788000003", "Not enough money", _decided(issuer="NOT_ENOUGH_FUNDS")),
    SandboxWallet("788000004", "No such account", Behaviour(issuer="PAYER_NOT_FOUND")),
    SandboxWallet(
        "788000005",
        "Not approved: expires after 5 minutes",
        _decided(PROMPT_LIVES_FOR, issuer="EXPIRED"),
    ),
    SandboxWallet("788000006", "Never decided", Behaviour(stays_pending=True)),
    SandboxWallet(
        "788000007",
        "Approved after 3 seconds, and its webhook is lost",
        _decided(webhook_is_lost=True),
    ),
    SandboxWallet("788000008", "Approved after 6 minutes", _decided(360)),
    SandboxWallet("788000009", "Leads to a page", Behaviour((NextAction.REDIRECT,))),
    SandboxWallet("788000010", "Limit reached", _decided(issuer="PAYER_LIMIT_REACHED")),
    SandboxWallet(
        "788000011",
        "Approved too late",
        _decided(issuer="COULD_NOT_PERFORM_TRANSACTION"),
    ),
)
"""Any other number waits until it is decided on the handset's page."""

_BEHAVIOUR_BY_NUMBER: Mapping[str, Behaviour] = {
    wallet.number: wallet.behaviour for wallet in WALLETS
}
_DECIDED_ON_THE_HANDSET = Behaviour(stays_pending=True)


def behaviour_of(number: str) -> Behaviour:
    return _BEHAVIOUR_BY_NUMBER.get(number, _DECIDED_ON_THE_HANDSET)
