"""The ``scenario_key`` of DGS-Pay's public sandbox page.

Of a card, ``scenario:auth_pin&issuer:insufficient_funds`` asks for a PIN and then
declines. Either half may stand alone: no scenario means no step, no issuer means
approved. Mobile money has two scenarios and no issuer.
"""

from .cards import APPROVED, Behaviour, NextAction
from .errors import ApiError, ErrorCode
from .wallets import SECONDS_TO_DECIDE

SCENARIOS = {
    "auth_pin": (NextAction.PIN,),
    "auth_pin_3ds": (NextAction.PIN, NextAction.REDIRECT),
    "auth_3ds": (NextAction.REDIRECT,),
    "auth_avs": (NextAction.ADDRESS,),
}
ISSUERS = (
    APPROVED,
    "insufficient_funds",
    "incorrect_pin",
    "expired_card",
    "invalid_cvv",
    "do_not_honor",
    "system_error",
)


SCENARIOS_OF_MOBILE_MONEY = {
    # The handset's PIN, which is approved by itself.
    "scenario:auth_pin": Behaviour(stays_pending=True, settles_after=SECONDS_TO_DECIDE),
    "scenario:auth_redirect": Behaviour((NextAction.REDIRECT,)),
}


def behaviour_of_mobile_money(scenario_key: str) -> Behaviour:
    """Read a mobile money charge's key; raise ApiError (90) for an unknown one."""
    if scenario_key not in SCENARIOS_OF_MOBILE_MONEY:
        raise ApiError(
            ErrorCode.VALIDATION,
            "scenario_key is not a known scenario of mobile money",
        )
    return SCENARIOS_OF_MOBILE_MONEY[scenario_key]


def behaviour_of(scenario_key: str) -> Behaviour:
    """Read a scenario key; raise ApiError (90) if a part of it is not documented."""
    steps: tuple[NextAction, ...] = ()
    issuer = APPROVED
    seen: set[str] = set()
    for part in scenario_key.split("&"):
        kind, _, value = part.partition(":")
        if kind == "scenario" and value in SCENARIOS and kind not in seen:
            steps = SCENARIOS[value]
        elif kind == "issuer" and value in ISSUERS and kind not in seen:
            issuer = value
        else:
            raise ApiError(ErrorCode.VALIDATION, "scenario_key is not a known scenario")
        seen.add(kind)
    return Behaviour(steps, issuer)
