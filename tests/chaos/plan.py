"""What each customer intends and what will go wrong, drawn in advance from a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.scenarios import cards, wallets


class Habit(StrEnum):
    PATIENT = "takes every step"
    CLOSES_PAGE = "closes the page"
    DOUBLE_CLICKS = "clicks twice"
    TWO_TABS = "pays in two tabs"
    MISTYPES = "mistypes PIN and OTP"
    PAYS_ANEW = "pays anew instead of waiting"
    RESTLESS = "does whatever comes to mind"


class Deed(StrEnum):
    """What a restless customer does between two steps of a payment."""

    STARTS_PAYMENT = "starts another payment"
    STARTS_PART = "starts to pay a part"
    ANSWERS = "answers any payment"
    TWO_TABS = "presses Pay in two tabs"
    TWO_CARDS = "presses Pay in two tabs with two cards"
    RELOADS = "reloads the page"
    CHANGES_QUANTITY = "changes the cart"
    CHANGES_ADDRESS = "changes the addresses"
    CHOOSES_DELIVERY = "chooses the delivery method"
    USES_VOUCHER = "uses a voucher"
    VOUCHER_ENDS = "has a voucher that ends"
    USES_GIFT_CARD = "uses a gift card"
    GIFT_CARD_STOPS = "has a gift card that is deactivated"
    DROPS_CODE = "takes a voucher or a gift card off"


@dataclass(frozen=True)
class Fault:
    """A fault that the sandbox is ordered to have once, with whoever comes next."""

    operation: str
    order: Mapping[str, Any]


@dataclass(frozen=True)
class Intention:
    """One customer's wish to pay for one checkout."""

    currency: str
    numbers: tuple[str, ...]
    """Of cards or of mobile money; tried one after the other, if they are declined."""
    habit: Habit
    is_shipped: bool
    """Whether the goods need shipping."""
    steps_before_leaving: int
    """How many answers a customer who closes the page waits for."""
    approves_at_bank: bool
    deeds: tuple[Deed, ...]
    """Of a restless customer, before the end of patience."""
    seed: int
    """Decides which number, which payment and how many."""
    faults: tuple[Fault, ...] = field(repr=False)


GOOD_CARDS = (
    *[cards.APPROVED] * 4,
    *[cards.PIN] * 3,
    *[cards.PIN_THEN_OTP] * 2,
    *[cards.BANK_PAGE] * 2,
    cards.ADDRESS,
    cards.ADDRESS_THEN_BANK_PAGE,
    cards.PIN_THEN_BANK_PAGE,
    cards.PENDING_THEN_APPROVED,
)
DECLINED_CARDS = (
    cards.INSUFFICIENT_FUNDS,
    cards.DO_NOT_HONOR,
    cards.EXPIRED,
    cards.WRONG_CVV,
)
GOOD_WALLETS = (
    *[wallets.APPROVED] * 3,
    *[wallets.DECIDED_ON_THE_HANDSET] * 3,
    wallets.WITHOUT_WEBHOOK,
    wallets.LEADS_TO_A_PAGE,
)
DECLINED_WALLETS = (
    wallets.REJECTED,
    wallets.NOT_ENOUGH_MONEY,
    wallets.NO_ACCOUNT,
    wallets.LIMIT_REACHED,
    wallets.APPROVED_TOO_LATE,
    # Neither is decided before everything is over.
    wallets.EXPIRES,
    wallets.NEVER_DECIDED,
)
HABITS = (*[Habit.PATIENT] * 3, *Habit, *[Habit.RESTLESS] * 5)
# Paying is what matters, and what all else is to come between.
DEEDS = (
    *Deed,
    *[Deed.STARTS_PAYMENT] * 3,
    *[Deed.STARTS_PART] * 2,
    *[Deed.ANSWERS] * 6,
    Deed.TWO_CARDS,
)

# DGS-Pay's facts: an error 90 or 91 means that nothing was done.
SPOILT_ANSWERS: tuple[Mapping[str, Any], ...] = (
    {"delay": 1.5},
    {"delay_processing": 1},
    {"cut": "before"},
    {"cut": "during"},
    {"cut": "after"},
    {"status": 503},
    {"status": 503, "processed": True},
    {"status": 502, "body": "<html>Bad gateway</html>", "processed": True},
    {"body": "<html>Maintenance</html>"},
    {"error_code": "90"},
    {"error_code": "91"},
    {"error_code": "93", "processed": True},
    {"error_code": "99"},
    {"error_code": "99", "processed": True},
)
SPOILT_WEBHOOKS: tuple[Mapping[str, Any], ...] = (
    {"drop": True},
    {"hold": True},
    {"delay": 2},
    {"duplicate": 3},
    {"forge": True},
    {"before_answer": True},
)
FAULTS = (
    *(Fault("charge", order) for order in SPOILT_ANSWERS),
    *(Fault("authorize", order) for order in SPOILT_ANSWERS),
    *(Fault("transaction", order) for order in SPOILT_ANSWERS),
    # As often as a fault of the charge or of its authorization.
    *(Fault("webhook", order) for order in 4 * SPOILT_WEBHOOKS),
)


def draw_intentions(seed: int, count: int) -> list[Intention]:
    dice = random.Random(seed)
    return [_draw_intention(dice) for _ in range(count)]


def draw_moments(seed: int, what: str, how_many: int, payments: int) -> set[int]:
    """After how many finished payments something befalls all who pay."""
    return set(random.Random(f"{seed} {what}").sample(range(1, payments), how_many))


def _draw_intention(dice: random.Random) -> Intention:
    currency = dice.choice(("RWF", "RWF", "USD"))
    # Of francs every second payment is mobile money, and so a third of all.
    by_phone = currency == "RWF" and dice.random() < 0.5
    good, declined = (
        (GOOD_WALLETS, DECLINED_WALLETS) if by_phone else (GOOD_CARDS, DECLINED_CARDS)
    )
    failures = dice.choices(declined, k=dice.choice((0, 0, 0, 1, 2)))
    return Intention(
        currency=currency,
        numbers=(*failures, dice.choice(good)),
        habit=dice.choice(HABITS),
        is_shipped=dice.random() < 0.3,
        steps_before_leaving=dice.randint(0, 2),
        approves_at_bank=dice.random() < 0.8,
        deeds=tuple(dice.choices(DEEDS, k=dice.randint(3, 9))),
        seed=dice.randrange(1_000_000),
        faults=tuple(dice.choices(FAULTS, k=dice.choice((0, 0, 1, 1, 2)))),
    )
