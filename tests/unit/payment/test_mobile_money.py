"""A mobile money account as a browser sends it, and outcomes in a wallet's words."""

import traceback
from typing import Any

import pytest

from dgspay_plugin.payment.card_data import read_step
from dgspay_plugin.payment.mobile_money import (
    MobileMoney,
    outcome_of_card,
    outcome_of_wallet,
)
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    ActionRequired,
    Declined,
    InDoubt,
    NextAction,
    Outcome,
    Paid,
    Pending,
    UnknownAction,
)
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal
from tests.unit.browser import CARD_NUMBER, WALLET_NUMBER, card_data, mobile_money_data
from tests.unit.leaks import found_in, shown_by


def read(data: dict[str, Any]) -> MobileMoney:
    step = read_step(data, "12")
    assert isinstance(step, MobileMoney)
    return step


def refusal_of(data: dict[str, Any]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read_step(data, "12")
    return refused.value


@pytest.mark.parametrize(
    "typed",
    ["788123456", "0788123456", "+250788123456", "250788123456", "0788 123 456"],
)
def test_number_goes_to_the_provider_as_nine_digits(typed: str) -> None:
    account = read(mobile_money_data(mobile_money_phone=typed))
    assert account.fields() == {
        "mobile_money_network": "MTN",
        "mobile_money_phone": WALLET_NUMBER,
    }


def test_account_is_known_by_its_fields() -> None:
    data = mobile_money_data(mobile_money_network="Airtel")
    del data["type"]
    assert read(data).mobile_money_network == "Airtel"


def test_network_of_another_prefix_is_taken() -> None:
    """Who has moved a number to another network keeps it."""
    read(
        mobile_money_data(mobile_money_network="Airtel", mobile_money_phone="788123456")
    )


def test_three_digits_are_all_that_is_kept() -> None:
    account = read(mobile_money_data())
    assert account.wallet == {"network": "MTN", "phone_last_digits": "456"}
    assert found_in(repr(account), [WALLET_NUMBER]) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mobile_money_network": "mtn"}, "invalid_network"),
        ({"mobile_money_network": "Tigo"}, "invalid_network"),
        ({"mobile_money_network": None}, "invalid_network"),
        ({"mobile_money_phone": ""}, "invalid_mobile_number"),
        ({"mobile_money_phone": "78812345"}, "invalid_mobile_number"),
        ({"mobile_money_phone": "252123456"}, "invalid_mobile_number"),
        ({"mobile_money_phone": "+254712345678"}, "invalid_mobile_number"),
        ({"mobile_money_phone": "+393312345678"}, "invalid_mobile_number"),
        ({"mobile_money_phone": CARD_NUMBER}, "invalid_mobile_number"),
        ({"mobile_money_phone": 788123456}, "invalid_mobile_number"),
        (
            {"mobile_money_phone": "1", "mobile_money_network": "Tigo"},
            "invalid_mobile_money_data",
        ),
        ({"wallet_name": "Amina"}, "invalid_mobile_money_data"),
        ({"mobile_money_pin": "12345"}, "invalid_mobile_money_data"),
        ({"auth_pin": "12345"}, "raw_card_data"),
        ({"card_number": CARD_NUMBER}, "raw_card_data"),
        ({"note": CARD_NUMBER}, "raw_card_data"),
        (card_data(type="mobile_money"), "card_with_mobile_money"),
        (card_data(), "card_with_mobile_money"),
        ({"auth_otp": "123456"}, "card_with_mobile_money"),
    ],
)
def test_what_is_no_account_is_refused(changes: dict[str, Any], code: str) -> None:
    data = mobile_money_data(**changes)
    refusal = refusal_of(data)
    assert refusal.for_customer.code == code
    shown = "".join(traceback.format_exception(refusal))
    values = {str(value) for value in changes.values()} - {"mobile_money"}
    typed = [value for value in values if len(value) > 6]
    assert found_in(shown + shown_by(refusal), [WALLET_NUMBER, *typed]) == []


def test_card_with_the_fields_of_an_account_is_refused() -> None:
    data = card_data(mobile_money_phone=WALLET_NUMBER)
    assert refusal_of(data).for_customer.code == "card_with_mobile_money"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (ActionRequired("DGS-1", NextAction.WAIT), Pending("DGS-1")),
        (ActionRequired("DGS-1", NextAction.PIN), UnknownAction("DGS-1", "pin")),
        (ActionRequired("DGS-1", NextAction.OTP), UnknownAction("DGS-1", "otp")),
        (ActionRequired("DGS-1", NextAction.AVS), UnknownAction("DGS-1", "avs")),
        *(
            (Declined("DGS-1", by_card), Declined("DGS-1", by_wallet))
            for by_card, by_wallet in [
                (
                    CustomerMessage.INSUFFICIENT_FUNDS,
                    CustomerMessage.WALLET_INSUFFICIENT_FUNDS,
                ),
                (CustomerMessage.EXPIRED_CARD, CustomerMessage.APPROVAL_EXPIRED),
                (CustomerMessage.DO_NOT_HONOR, CustomerMessage.MOBILE_MONEY_DECLINED),
                (CustomerMessage.DECLINED, CustomerMessage.MOBILE_MONEY_DECLINED),
                (CustomerMessage.INVALID_CVV, CustomerMessage.MOBILE_MONEY_DECLINED),
            ]
        ),
    ],
)
def test_outcome_in_words_of_a_wallet(said: Outcome, meant: Outcome) -> None:
    assert outcome_of_wallet(said) == meant
    # Also of what was stored in these words before.
    assert outcome_of_wallet(meant) == meant


@pytest.mark.parametrize(
    "outcome",
    [
        Paid("DGS-1", Money.__new__(Money)),
        Pending("DGS-1"),
        InDoubt(None, "the answer was lost"),
        ActionRequired("DGS-1", NextAction.REDIRECT, "https://bank.example/"),
        Declined("DGS-1", CustomerMessage.WALLET_NOT_FOUND),
        Declined("DGS-1", CustomerMessage.APPROVAL_REJECTED),
        Declined("DGS-1", CustomerMessage.APPROVED_TOO_LATE),
        Declined("DGS-1", CustomerMessage.WALLET_LIMIT_REACHED),
    ],
)
def test_outcome_that_a_wallet_shares(outcome: Outcome) -> None:
    assert (
        outcome_of_wallet(outcome) is outcome or outcome_of_wallet(outcome) == outcome
    )


def test_sentences_about_a_wallet_are_for_no_card() -> None:
    rejected = Declined("DGS-1", CustomerMessage.APPROVAL_REJECTED)
    assert outcome_of_card(rejected) == Declined("DGS-1", CustomerMessage.DECLINED)
    expired = Declined("DGS-1", CustomerMessage.EXPIRED_CARD)
    assert outcome_of_card(expired) == expired


def test_no_sentence_about_mobile_money_speaks_of_the_customer_s_card() -> None:
    # The one that is about both has to name both.
    about_both = {CustomerMessage.CARD_WITH_MOBILE_MONEY}
    of_wallets = {
        message
        for message in CustomerMessage
        if "mobile" in message.code or message.code.startswith(("wallet", "approv"))
    } - about_both
    assert len(of_wallets) >= 12
    assert not [m for m in of_wallets if "card" in m.sentence.lower()]
