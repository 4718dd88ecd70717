"""The ``scenario_key`` of DGS-Pay's public sandbox page, for card charges.

``scenario:auth_pin&issuer:insufficient_funds`` asks for a PIN and then declines.
Either half may stand alone: no scenario means no step, no issuer means approved.
"""

from .cards import APPROVED, Behaviour, NextAction
from .errors import ApiError, ErrorCode

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
