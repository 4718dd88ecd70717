"""The test cards and scenario keys, up to the first answer."""

import datetime

import pytest

from dgspay_plugin.sandbox.cards import APPROVED as ISSUER_APPROVES
from dgspay_plugin.sandbox.cards import CARDS, Card, passes_luhn
from dgspay_plugin.sandbox.scenarios import ISSUERS, SCENARIOS

from .client import APPROVED, PIN_OTP, card
from .test_requests import refused

FULL_WIDTH = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}


@pytest.mark.parametrize("known", CARDS, ids=lambda known: known.number)
def test_each_card_starts_as_described(merchant, known):
    data = merchant.start(known.number)
    behaviour = known.behaviour
    if behaviour.steps:
        assert data["next_action_type"] == behaviour.steps[0]
        expected = "successful" if behaviour.claims_success_early else "pending"
    elif behaviour.stays_pending:
        assert data["next_action_type"] is None
        expected = "pending"
    elif behaviour.issuer == ISSUER_APPROVES:
        expected = "successful"
    else:
        assert data["processor_response"] == behaviour.issuer
        expected = "failed"
    assert data["transaction_status"] == expected


def test_every_card_number_is_valid_and_known_once():
    numbers = [known.number for known in CARDS]
    assert len(set(numbers)) == len(numbers)
    assert all(passes_luhn(number) for number in numbers)


def test_a_charge_answer_tells_neither_amount_nor_currency(merchant):
    assert set(merchant.start()) == {
        "dgs_reference",
        "transaction_status",
        "next_action_type",
    }


def test_the_envelope_says_whether_the_charge_is_still_open(merchant):
    assert merchant.charge(APPROVED).json()["status"] == "success"
    assert merchant.charge(PIN_OTP).json()["status"] == "pending"
    declined = merchant.charge("4000000000000200").json()
    assert (declined["status"], declined.get("error_code")) == ("success", None)


def test_an_open_step_is_never_a_successful_row(merchant):
    early = merchant.start("4000000000000333")
    assert early["transaction_status"] == "successful"
    assert early["next_action_type"] == "requires_otp"
    assert merchant.row(early["dgs_reference"])["status"] == "pending"


def test_a_valid_number_that_is_no_test_card_is_declined(merchant):
    assert merchant.start("4111111111111111")["processor_response"] == "do_not_honor"


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "4242424242424241"},
        {"number": "4242 4242 4242 4242"},
        {"number": "42"},
        {"number": ""},
        {"month": "13"},
        {"month": "00"},
        {"month": "1"},
        {"year": "99"},
        {"year": "1999"},
        {"cvv": "12"},
        {"cvv": "12345"},
        {"cvv": "12a"},
        {"number": APPROVED.translate(FULL_WIDTH)},
    ],
)
def test_card_fields_that_cannot_be_right_are_refused(merchant, wrong):
    message = refused(merchant.charge(**card(**wrong)), "90", 400)
    assert not any(value and value in message for value in wrong.values())


def test_a_card_of_last_month_has_expired(merchant):
    last_month = datetime.datetime.now(datetime.UTC).date().replace(
        day=1
    ) - datetime.timedelta(days=1)
    past = card(month=f"{last_month:%m}", year=f"{last_month:%Y}")
    data = merchant.start(**past)
    assert data["transaction_status"] == "failed"
    assert data["processor_response"] == "expired_card"


def test_a_card_is_good_to_the_last_day_of_its_month():
    known = Card(APPROVED, "02", "2028", "123")
    assert not known.has_expired(datetime.date(2028, 2, 29))
    assert known.has_expired(datetime.date(2028, 3, 1))


def test_a_card_does_not_show_its_values():
    assert repr(Card(APPROVED, "02", "2028", "123")) == "Card()"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_wins_over_the_card(merchant, scenario):
    data = merchant.start(APPROVED, scenario_key=f"scenario:{scenario}&issuer:approved")
    assert data["next_action_type"] == SCENARIOS[scenario][0]


@pytest.mark.parametrize("issuer", ISSUERS)
def test_an_issuer_answers_without_a_step(merchant, issuer):
    data = merchant.start(PIN_OTP, scenario_key=f"issuer:{issuer}")
    assert data["next_action_type"] is None
    if issuer == ISSUER_APPROVES:
        assert data["transaction_status"] == "successful"
    else:
        assert data["transaction_status"] == "failed"
        assert data["processor_response"] == issuer


@pytest.mark.parametrize(
    "scenario_key",
    [
        "",
        "auth_pin",
        "scenario:",
        "scenario:auth_redirect",
        "issuer:maybe",
        "scenario:auth_pin&",
        "scenario:auth_pin|issuer:approved",
        "scenario:auth_pin&scenario:auth_avs",
        "issuer:approved&bank:none",
    ],
)
def test_an_undocumented_scenario_is_refused(merchant, scenario_key):
    refused(merchant.charge(scenario_key=scenario_key), "90", 400)
