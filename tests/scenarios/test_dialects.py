"""Every card in every dialect of DGS-Pay's that its pages leave possible."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dgspay_plugin.sandbox.dialects import DIALECTS
from tests.hosts.host import Host
from tests.scenarios import bank, cards, wallets
from tests.scenarios.apis import whatever_the_api
from tests.scenarios.cardholder import WRONG_PIN, Cardholder
from tests.scenarios.later import manage_later
from tests.scenarios.records import assert_nothing_paid, assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Checkout, Completion, Store

# What a failure of mobile money is called whose reason nobody tells.
DECLINED = "mobile_money_declined"
NOT_UNDERSTOOD = ("no-amount", "reserved", "voided")
UNDERSTOOD = [name for name in DIALECTS if name not in NOT_UNDERSTOOD]
# The one that changes most is played on every host, all others on the stand-in.
on_the_stand_in = pytest.mark.parametrize(
    "host",
    [
        pytest.param(
            "slice",
            marks=pytest.mark.skipif(
                "slice" not in os.environ.get("DGSPAY_HOSTS", "slice"),
                reason="DGSPAY_HOSTS leaves out the stand-in",
            ),
        )
    ],
    indirect=True,
)


class Shopper:
    """A customer of a store whose DGS-Pay speaks a dialect."""

    def __init__(self, store: Store, sandbox: Sandbox, dialect: str) -> None:
        self.store = store
        self.sandbox = sandbox
        self.since = datetime.now(UTC).isoformat()
        self._keyboard = Cardholder()
        self._nonce_format = DIALECTS[dialect].nonce_format
        self.learns_reasons = DIALECTS[dialect].has_reason_in_details

    def press(self, number: str) -> tuple[Checkout, Completion]:
        checkout = self.store.new_checkout()
        card = self._keyboard.card(number, self._nonce_format)
        return checkout, self.store.pay(checkout, card)

    def press_with_mobile_money(self, number: str) -> tuple[Checkout, Completion]:
        checkout = self.store.new_checkout()
        return checkout, self.store.pay(checkout, self._keyboard.wallet(number))

    def take(self, checkout: Checkout, asked: Completion) -> Completion:
        """The step that is asked for, rightly."""
        assert asked.confirmation, asked
        match asked.asks_for:
            case "pin":
                step = self._keyboard.pin(nonce_format=self._nonce_format)
            case "otp":
                step = self._keyboard.otp()
            case "avs":
                step = self._keyboard.address()
            case "redirect":
                bank.approve(asked.confirmation["redirect_url"])
                step = self._keyboard.back_from_bank()
            case "wait" | "approve_on_phone":
                step = self._keyboard.waiting()
        return self.store.complete(checkout, step)

    def mistake(self, checkout: Checkout) -> Completion:
        pin = self._keyboard.pin(WRONG_PIN, nonce_format=self._nonce_format)
        return self.store.complete(checkout, pin)

    def pays_by(self, number: str, *steps: str) -> None:
        checkout, asked = self.press(number)
        for step in steps:
            assert asked.asks_for == step
            asked = self.take(checkout, asked)
        assert asked.order_id, asked
        assert_paid_once(self.store, self.sandbox, checkout)

    def is_declined(self, number: str, code: str) -> None:
        checkout, told = self.press(number)
        assert told.code == code
        assert_nothing_paid(self.store, self.sandbox, checkout)


@pytest.fixture
def shopper(
    store: Store, sandbox: Sandbox, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Shopper]:
    dialect: str = request.param
    with Sandbox(tmp_path, f"--dialect={dialect}") as provider:
        try:
            store.configure_for_sandbox(provider.url)
            nonce_format = DIALECTS[dialect].nonce_format
            assert not store.configure("RWF", nonce_format=nonce_format)
            yield Shopper(store, provider, dialect)
        finally:
            store.configure_for_sandbox(sandbox.url)


@on_the_stand_in
@whatever_the_api
@pytest.mark.parametrize("shopper", UNDERSTOOD, indirect=True)
def test_every_card(shopper: Shopper, host: Host) -> None:
    play_every_card(shopper, host)


@pytest.mark.parametrize("shopper", ["processor"], indirect=True)
def test_every_card_where_much_is_said_otherwise(shopper: Shopper, host: Host) -> None:
    play_every_card(shopper, host)


def play_every_card(shopper: Shopper, host: Host) -> None:
    shopper.pays_by(cards.APPROVED)
    shopper.pays_by(cards.PIN, "pin")
    shopper.pays_by(cards.PIN_THEN_OTP, "pin", "otp")
    shopper.pays_by(cards.ADDRESS, "avs")
    shopper.pays_by(cards.ADDRESS_THEN_BANK_PAGE, "avs", "redirect")
    shopper.pays_by(cards.BANK_PAGE, "redirect")
    shopper.pays_by(cards.PIN_THEN_BANK_PAGE, "pin", "redirect")
    shopper.pays_by(cards.OTP_BUT_CLAIMS_SUCCESS, "otp")
    shopper.is_declined(cards.INSUFFICIENT_FUNDS, "insufficient_funds")
    shopper.is_declined(cards.DO_NOT_HONOR, "do_not_honor")
    shopper.is_declined(cards.EXPIRED, "expired_card")
    shopper.is_declined(cards.WRONG_CVV, "invalid_cvv")
    shopper.is_declined(cards.UNKNOWN_ACTION, "unknown_next_action")
    a_wrong_pin(shopper)
    a_charge_that_is_decided_later(shopper)
    mobile_money(shopper)
    an_answer_that_is_lost(shopper, host)


def a_wrong_pin(shopper: Shopper) -> None:
    checkout, _ = shopper.press(cards.PIN)
    again = shopper.mistake(checkout)
    assert (again.asks_for, again.code) == ("pin", "incorrect_pin")
    assert shopper.take(checkout, again).order_id
    assert_paid_once(shopper.store, shopper.sandbox, checkout)


def a_charge_that_is_decided_later(shopper: Shopper) -> None:
    for status, code in (("successful", None), ("failed", "declined")):
        checkout, asked = shopper.press(cards.PENDING)
        assert asked.asks_for == "wait"
        reference = shopper.sandbox.charge(checkout.email)["dgs_reference"]
        shopper.sandbox.settle(reference, status)
        shopper.sandbox.wait_for_webhook(checkout.email)
        if code is None:
            assert_paid_once(shopper.store, shopper.sandbox, checkout)
        else:
            assert shopper.take(checkout, asked).code == code
            assert_nothing_paid(shopper.store, shopper.sandbox, checkout)


def mobile_money(shopper: Shopper) -> None:
    why = "wallet_insufficient_funds" if shopper.learns_reasons else DECLINED
    for number, code in ((wallets.APPROVED, None), (wallets.NOT_ENOUGH_MONEY, why)):
        checkout, asked = shopper.press_with_mobile_money(number)
        assert asked.asks_for == "approve_on_phone"
        shopper.sandbox.let_pass(wallets.SECONDS_TO_DECIDE)
        shopper.sandbox.wait_for_webhook(checkout.email)
        if code is None:
            assert_paid_once(shopper.store, shopper.sandbox, checkout)
        else:
            assert shopper.take(checkout, asked).code == code
            assert_nothing_paid(shopper.store, shopper.sandbox, checkout)


def an_answer_that_is_lost(shopper: Shopper, host: Host) -> None:
    """Neither the customer's poll nor a webhook can tell: the list does."""
    shopper.sandbox.order_fault("webhook", hold=True)
    shopper.sandbox.order_fault("transaction", status=502, times=1)
    checkout, asked = shopper.press(cards.PENDING)
    reference = shopper.sandbox.charge(checkout.email)["dgs_reference"]
    shopper.sandbox.change_charge(reference, transaction_status="successful")
    assert shopper.take(checkout, asked).asks_for == "wait"
    reconciled = host.manage("dgspay_reconcile", "--since", shopper.since)
    # It needs a person for those alone that have a step nobody knows.
    for charge in shopper.sandbox.all_charges():
        if charge["transaction_status"] == "successful":
            assert charge["dgs_reference"] not in reconciled.stdout, reconciled.stdout
    assert_paid_once(shopper.store, shopper.sandbox, checkout)


@on_the_stand_in
@pytest.mark.parametrize("shopper", ["no-amount"], indirect=True)
def test_success_that_names_no_amount_is_told_to_the_owner(
    shopper: Shopper, host: Host
) -> None:
    checkout, asked = shopper.press(cards.APPROVED)
    assert asked.asks_for == "wait"
    assert not shopper.store.orders(checkout)
    reconciled = manage_later(host, 20, "dgspay_reconcile", "--since", shopper.since)
    reference = shopper.sandbox.charge(checkout.email)["dgs_reference"]
    assert reference in reconciled.stdout
    assert "names no amount" in reconciled.stdout


@on_the_stand_in
@pytest.mark.parametrize("shopper", ["reserved"], indirect=True)
def test_money_that_is_only_reserved_is_not_paid(shopper: Shopper) -> None:
    checkout = shopper.store.new_checkout()
    payment = shopper.store.create_payment(checkout)
    told = shopper.store.complete(checkout, Cardholder().card(cards.APPROVED))
    assert told.code == "unknown_next_action"
    reference = shopper.sandbox.charge(checkout.email)["dgs_reference"]
    assert not shopper.store.orders(checkout)
    assert reference in str(shopper.store.payment(payment))


@on_the_stand_in
@pytest.mark.parametrize("shopper", ["voided"], indirect=True)
def test_status_that_is_not_known_is_in_doubt_and_told_to_the_owner(
    shopper: Shopper, host: Host
) -> None:
    checkout, asked = shopper.press(cards.DO_NOT_HONOR)
    assert asked.asks_for == "wait"
    assert not shopper.store.orders(checkout)
    reconciled = manage_later(host, 20, "dgspay_reconcile", "--since", shopper.since)
    assert reconciled.returncode == 1
