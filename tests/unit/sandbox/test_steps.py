"""PIN, OTP, address and 3-D Secure, right and wrong."""

import pytest

from .client import (
    ADDRESS,
    ADDRESS_3DS,
    APPROVED,
    CHARGE,
    PENDING,
    PIN_3DS,
    PIN_CARD,
    PIN_OTP,
    THREE_DS,
    pin,
)
from .test_requests import refused

OTP = {"auth_type": "otp", "auth_otp": "123456"}
AVS = {"auth_type": "avs", "avs_line1": "KN 4 Ave 1", "avs_country": "RW"}


def step(merchant, reference, **fields):
    answer = merchant.authorize(reference, **fields)
    assert answer.status_code == 200, answer.text
    data = answer.json()["data"]
    assert data["dgs_reference"] == reference
    return data["transaction_status"], data["next_action_type"]


def at_the_bank(merchant, reference, decision):
    answer = merchant.session.post(
        f"{merchant.url}/bank/{reference}/{decision}", allow_redirects=False, timeout=10
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == CHARGE["redirect_url"]
    return merchant.row(reference)["status"]


def test_pin(merchant):
    reference = merchant.start(PIN_CARD)["dgs_reference"]
    assert step(merchant, reference, **pin()) == ("successful", None)


def test_pin_then_otp(merchant):
    reference = merchant.start(PIN_OTP)["dgs_reference"]
    assert step(merchant, reference, **pin()) == ("pending", "requires_otp")
    assert merchant.row(reference)["status"] == "pending"
    assert step(merchant, reference, **OTP) == ("successful", None)
    assert merchant.row(reference)["status"] == "success"


def test_address(merchant):
    reference = merchant.start(ADDRESS)["dgs_reference"]
    assert step(merchant, reference, **AVS) == ("successful", None)


def test_an_address_may_have_all_its_fields(merchant):
    reference = merchant.start(ADDRESS)["dgs_reference"]
    rest = {
        "avs_line2": "",
        "avs_city": "Kigali",
        "avs_state": "",
        "avs_postal_code": "",
    }
    assert step(merchant, reference, **AVS, **rest) == ("successful", None)


def test_address_then_3ds(merchant):
    reference = merchant.start(ADDRESS_3DS)["dgs_reference"]
    answer = merchant.authorize(reference, **AVS).json()["data"]
    assert answer["next_action_type"] == "redirect_url"
    assert answer["redirect_url"] == f"{merchant.url}/bank/{reference}"
    assert at_the_bank(merchant, reference, "approve") == "success"


def test_pin_then_3ds(merchant):
    reference = merchant.start(PIN_3DS)["dgs_reference"]
    assert step(merchant, reference, **pin()) == ("pending", "redirect_url")
    assert at_the_bank(merchant, reference, "approve") == "success"


def test_3ds_declined(merchant):
    reference = merchant.start(THREE_DS)["dgs_reference"]
    assert at_the_bank(merchant, reference, "decline") == "failed"


def test_the_bank_decides_once(merchant):
    reference = merchant.start(THREE_DS)["dgs_reference"]
    assert at_the_bank(merchant, reference, "decline") == "failed"
    assert at_the_bank(merchant, reference, "approve") == "failed"


def test_a_declining_issuer_lets_the_steps_pass_first(merchant):
    key = "scenario:auth_pin_3ds&issuer:insufficient_funds"
    reference = merchant.start(APPROVED, scenario_key=key)["dgs_reference"]
    assert step(merchant, reference, **pin()) == ("pending", "redirect_url")
    assert at_the_bank(merchant, reference, "approve") == "failed"


@pytest.mark.parametrize(
    ("number", "wrong", "right", "refusal"),
    [
        (PIN_CARD, lambda: pin("4321"), pin, "incorrect_pin"),
        (
            "4000000000000333",
            lambda: OTP | {"auth_otp": "000000"},
            lambda: OTP,
            "incorrect_otp",
        ),
    ],
)
class TestWrongAnswer:
    def test_it_asks_again(self, merchant, number, wrong, right, refusal):
        start = merchant.start(number)
        answer = merchant.authorize(start["dgs_reference"], **wrong()).json()["data"]
        assert answer["next_action_type"] == start["next_action_type"]
        assert answer["processor_response"] == refusal
        end = merchant.authorize(start["dgs_reference"], **right()).json()["data"]
        assert end["transaction_status"] == "successful"
        assert "processor_response" not in end

    def test_the_third_fails_the_charge(self, merchant, number, wrong, right, refusal):
        reference = merchant.start(number)["dgs_reference"]
        for _ in range(2):
            merchant.authorize(reference, **wrong())
        end = merchant.authorize(reference, **wrong()).json()["data"]
        assert end["transaction_status"] == "failed"
        assert end["next_action_type"] is None
        assert end["processor_response"] == refusal
        refused(merchant.authorize(reference, **right()), "90", 400)


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        (PIN_CARD, OTP),
        (PIN_CARD, AVS),
        ("4000000000000333", AVS),
        (ADDRESS, OTP),
        (THREE_DS, OTP),
        (APPROVED, OTP),
        (PENDING, OTP),
        ("4000000000000200", OTP),
        ("4000000000000325", OTP),
    ],
)
def test_an_answer_must_fit_the_step(merchant, number, answer):
    start = merchant.start(number)
    refused(merchant.authorize(start["dgs_reference"], **answer), "90", 400)
    [charge] = merchant.control("GET", "/charges")
    assert charge["next_action_type"] == start["next_action_type"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"auth_type": "fingerprint"},
        {"auth_type": "pin"},
        {"auth_type": "pin", "auth_pin_encrypted": "1234", "auth_pin_nonce": "0" * 12},
        {"auth_type": "pin", **OTP},
        pin() | {"auth_otp": "123456"},
        pin() | {"auth_pin_nonce": "0123456789ab"},
        pin() | {"auth_pin": "1234"},
    ],
)
def test_a_pin_must_be_well_formed(merchant, fields):
    reference = merchant.start(PIN_CARD)["dgs_reference"]
    refused(merchant.authorize(reference, **fields), "90", 400)


@pytest.mark.parametrize("otp", [None, 123456, ""])
def test_an_otp_must_be_well_formed(merchant, otp):
    reference = merchant.start("4000000000000333")["dgs_reference"]
    refused(merchant.authorize(reference, auth_type="otp", auth_otp=otp), "90", 400)


@pytest.mark.parametrize(
    "wrong",
    [
        {"avs_line1": ""},
        {"avs_line1": None},
        {"avs_country": "Rwanda"},
        {"avs_country": "rw"},
        {"avs_country": None},
        {"avs_zip": "0"},
    ],
)
def test_an_address_must_be_well_formed(merchant, wrong):
    reference = merchant.start(ADDRESS)["dgs_reference"]
    refused(merchant.authorize(reference, **AVS | wrong), "90", 400)
