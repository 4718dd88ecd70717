"""A customer who wants to pay for one checkout, whatever happens on the way."""

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import requests

from dgspay_plugin.sandbox.credentials import RIGHT_OTP, RIGHT_PIN
from tests.chaos.plan import DECLINED_WALLETS, GOOD_WALLETS, Habit, Intention
from tests.scenarios import bank, wallets
from tests.scenarios.cardholder import (
    WRONG_OTP,
    WRONG_PIN,
    Cardholder,
    PaymentData,
)
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Checkout, Completion, MutationRefused, Store

T = TypeVar("T")

TRIES = 4
"""How many payments a customer starts before giving up."""
PATIENCE = 6
"""How many answers a customer takes in one payment before giving up."""
PAUSE = 0.7
"""Seconds between two looks at a payment that has to be waited for."""
TIME_TO_COME_BACK = 180.0
"""Seconds that a customer gives a dead server."""
DECLINED = frozenset(
    {
        "declined",
        "do_not_honor",
        "expired_card",
        "incorrect_otp",
        "incorrect_pin",
        "insufficient_funds",
        "invalid_cvv",
        "approval_rejected",
        "approved_too_late",
        "mobile_money_declined",
        "wallet_insufficient_funds",
        "wallet_limit_reached",
        "wallet_not_found",
    }
)


class Customer:
    """Buys as the intention says; what came of it stays on the customer."""

    def __init__(
        self,
        intention: Intention,
        store: Store,
        sandbox: Sandbox,
        cardholder: Cardholder,
    ) -> None:
        self.intention = intention
        self.payments: list[str] = []
        """The ids of all payments that were started."""
        self.checkout: Checkout
        self.outcome = "nothing"
        """What the customer saw last."""
        self.surprise: str | None = None
        """What no customer should ever see."""
        self._store = store
        self._sandbox = sandbox
        self._cardholder = cardholder
        self._answers = 0
        self._has_mistyped = False

    def buy(self) -> None:
        """Pay, and try again as people do."""
        for fault in self.intention.faults:
            self._sandbox.order_fault(fault.operation, **fault.order)
        while True:
            # For a moment everything may be sold out.
            with contextlib.suppress(MutationRefused):
                self.checkout = self._reach(self._fill_cart)
                break
            time.sleep(PAUSE)
        try:
            self._buy()
        except Exception as error:  # whatever it is, the report names it
            self.surprise = f"{type(error).__name__}: {error}"

    def _fill_cart(self) -> Checkout:
        currency = self.intention.currency
        if self.intention.is_shipped:
            return self._store.new_shipped_checkout(currency)
        return self._store.new_checkout(currency)

    def _buy(self) -> None:
        numbers = list(self.intention.numbers)
        for _ in range(TRIES):
            answer = self._pay_with(numbers[0])
            self.outcome = outcome_of(answer)
            if answer.order_id or answer.code == "already_paid" or self._has_left:
                return
            if answer.code in DECLINED and len(numbers) > 1:
                numbers.pop(0)
            time.sleep(PAUSE)

    def _pay_with(self, number: str) -> Completion:
        if self.intention.habit is Habit.TWO_TABS:
            tab = partial(self._pay_in_a_tab, number)
            return self._at_once(tab, tab)
        return self._pay_in_a_tab(number)

    def _pay_in_a_tab(self, number: str) -> Completion:
        """Go on until there is an order, a refusal, or no patience left."""
        answer = self._open_page_and_pay(number)
        for _ in range(PATIENCE):
            self._answers += 1
            if answer.asks_for is None or self._has_left or self._tires_of(answer):
                break
            answer = self._answer(answer)
        return answer

    @property
    def _has_left(self) -> bool:
        intention = self.intention
        return (
            intention.habit is Habit.CLOSES_PAGE
            and self._answers > intention.steps_before_leaving
        )

    def _tires_of(self, answer: Completion) -> bool:
        return self.intention.habit is Habit.PAYS_ANEW and answer.asks_for == "wait"

    def _open_page_and_pay(self, number: str) -> Completion:
        # Saleor may be completing this checkout: in the other tab, or for the three
        # minutes after its server died. The customer goes on with that payment.
        with contextlib.suppress(MutationRefused):
            self.payments.append(
                self._reach(lambda: self._store.create_payment(self.checkout))
            )
        return self._press(lambda: self._typed_number(number))

    def _typed_number(self, number: str) -> PaymentData:
        if number in (*GOOD_WALLETS, *DECLINED_WALLETS):
            return self._cardholder.wallet(number)
        return self._cardholder.card(number)

    def _answer(self, asked: Completion) -> Completion:
        """Do what the store has asked for."""
        return self._press(self._next_step(asked))

    def _next_step(self, asked: Completion) -> Callable[[], PaymentData]:
        match asked.asks_for:
            case "pin":
                return partial(self._cardholder.pin, self._typed(RIGHT_PIN, WRONG_PIN))
            case "otp":
                return partial(self._cardholder.otp, self._typed(RIGHT_OTP, WRONG_OTP))
            case "avs":
                return self._cardholder.address
            case "redirect":
                self._visit_bank(asked)
                return self._cardholder.back_from_bank
            case "approve_on_phone":
                self._look_at_phone(asked)
                time.sleep(PAUSE)
                return self._cardholder.waiting
            case _:
                time.sleep(PAUSE)
                return self._cardholder.waiting

    def _typed(self, right: str, wrong: str) -> str:
        """What the customer types: the wrong one once, if that is their habit."""
        if self.intention.habit is not Habit.MISTYPES or self._has_mistyped:
            return right
        self._has_mistyped = True
        return wrong

    def _visit_bank(self, asked: Completion) -> None:
        assert asked.confirmation
        page = asked.confirmation["redirect_url"]
        if self.intention.approves_at_bank:
            bank.approve(page)
        else:
            bank.decline(page)

    def _look_at_phone(self, asked: Completion) -> None:
        """Decide the prompt, unless the sandbox does it by itself."""
        assert asked.confirmation
        reference = asked.confirmation["reference"]
        digits = asked.confirmation["phone_last_digits"]
        if reference and wallets.DECIDED_ON_THE_HANDSET.endswith(digits):
            decision = "approve" if self.intention.approves_at_bank else "reject"
            self._sandbox.on_the_handset(reference, decision)

    def _press(self, data: Callable[[], PaymentData]) -> Completion:
        """Send a step, encrypted anew each time that the button is pressed."""

        def press() -> Completion:
            return self._reach(lambda: self._store.complete(self.checkout, data()))

        if self.intention.habit is Habit.DOUBLE_CLICKS:
            return self._at_once(press, press)
        return press()

    @staticmethod
    def _at_once(*acts: Callable[[], Completion]) -> Completion:
        """Do things at the same time, and go on from the best answer."""
        with ThreadPoolExecutor(len(acts)) as threads:
            answers = list(threads.map(lambda act: act(), acts))
        return max(answers, key=lambda a: (bool(a.order_id), bool(a.confirmation)))

    def _reach(self, call: Callable[[], T]) -> T:
        """Repeat a request that a dead server has not answered."""
        dead_since = None
        while True:
            try:
                return call()
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                now = time.monotonic()
                # What it was asked before it died may have taken minutes.
                dead_since = dead_since or now
                if now - dead_since > TIME_TO_COME_BACK:
                    raise
                time.sleep(PAUSE)


def outcome_of(answer: Completion) -> str:
    """What the customer sees."""
    if answer.order_id:
        return "order"
    return answer.asks_for or answer.code or "; ".join(answer.messages)
