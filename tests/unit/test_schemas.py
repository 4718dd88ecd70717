"""What a storefront sends and the plugin answers is what docs/schemas say."""

import json
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dgspay_plugin.payment.card_data import STEPS, read_step
from dgspay_plugin.payment.mobile_money import MobileMoney
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    ActionRequired,
    AmountMismatch,
    Declined,
    NextAction,
    Outcome,
    Paid,
    Pending,
)
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal
from dgspay_plugin.records.history import History
from dgspay_plugin.records.replies import mistake, reply_for, wait_for
from dgspay_plugin.records.session_results import refused_authorization, session_result
from tests.docs.pages import blocks, table
from tests.schemas import SCHEMAS, misfits
from tests.unit.browser import (
    address_data,
    card_data,
    mobile_money_data,
    pin_data,
)

DUE = Money(Decimal(12000), "RWF")
WALLET = MobileMoney.model_validate(
    {name: value for name, value in mobile_money_data().items() if name != "type"}
).wallet
STEPS_OF_A_BROWSER: dict[str, dict[str, Any]] = {
    "card": card_data(),
    "mobile_money": mobile_money_data(),
    "pin": pin_data(),
    "otp": {"type": "otp", "auth_otp": "84Q207ZK"},
    "avs": address_data(avs_city="Kigali", avs_postal_code="1"),
    "redirect": {"type": "redirect"},
    "wait": {"type": "wait"},
}
OUTCOMES: list[Outcome] = [
    Paid("DGS-1", DUE),
    *(
        ActionRequired("DGS-1", action, redirect_url="https://bank.example/3ds")
        for action in NextAction
        if action is not NextAction.APPROVE_ON_PHONE
    ),
    ActionRequired("DGS-1", NextAction.OTP, mistake=CustomerMessage.INCORRECT_OTP),
    Pending("DGS-1"),
    Declined("DGS-1", CustomerMessage.DO_NOT_HONOR),
    AmountMismatch("DGS-1", Money(Decimal(1), "RWF")),
]


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


# Sent


def test_every_step_has_a_schema() -> None:
    kinds = [choice["$ref"] for choice in SCHEMAS["payment-data"]["oneOf"]]
    assert kinds == [f"#/$defs/{kind}" for kind in STEPS]


@pytest.mark.parametrize("kind", STEPS)
def test_schema_names_the_fields_that_the_plugin_reads(kind: str) -> None:
    described = SCHEMAS["payment-data"]["$defs"][kind]
    fields = STEPS[kind].model_fields
    assert described["properties"].keys() == {"type", *fields}
    assert set(described["required"]) == {
        "type",
        *(name for name, field in fields.items() if field.is_required()),
    }


@pytest.mark.parametrize("kind", STEPS)
def test_step_is_taken_by_schema_and_plugin(kind: str) -> None:
    step = {**STEPS_OF_A_BROWSER[kind], "reference": "DGS-1"}
    assert not misfits("payment-data", step)
    assert isinstance(read_step(step, "12"), STEPS[kind])


@pytest.mark.parametrize(
    "step",
    [
        {**card_data(), "card_number": "4242424242424242"},
        {**card_data(), "card_encrypted_number": "4242424242424242"},
        {**card_data(), "card_nonce": "short"},
        {name: value for name, value in card_data().items() if name != "card_nonce"},
        {**pin_data(), "auth_otp": "123456"},
        {"type": "otp", "auth_otp": "12 34"},
        {**address_data(), "avs_country": "Rwanda"},
        {**mobile_money_data(), "mobile_money_network": "Tigo"},
        {"type": "cash"},
        "card",
    ],
)
def test_step_is_refused_by_schema_and_plugin(step: object) -> None:
    assert misfits("payment-data", step)
    with pytest.raises(Refusal):
        read_step(step, "12")


@pytest.mark.parametrize("kind", ["card", "mobile_money"])
def test_first_step_of_a_transaction_may_name_the_way_back(kind: str) -> None:
    step = {**STEPS_OF_A_BROWSER[kind], "return_url": "https://shop.example/checkout"}
    assert not misfits("initialize-data", step)
    assert misfits("payment-data", step)


def test_transaction_does_not_begin_with_a_pin() -> None:
    assert misfits("initialize-data", pin_data())


# Answered


@pytest.mark.parametrize("outcome", OUTCOMES, ids=str)
@pytest.mark.parametrize("wallet", [None, WALLET], ids=["card", "mobile money"])
def test_answer_to_an_outcome(outcome: Outcome, wallet: Any) -> None:
    reply = reply_for(outcome, DUE, History(()), wallet=wallet)
    if reply.confirmation:
        assert not misfits("confirmation-data", reply.confirmation)
    assert not misfits("transaction-data", session_result(reply)["data"])


def test_answer_while_nothing_is_known() -> None:
    for wallet in (None, WALLET):
        assert not misfits("confirmation-data", wait_for(None, wallet))


def test_step_that_is_asked_again_says_why() -> None:
    why = mistake(CustomerMessage.INCORRECT_PIN)
    assert not misfits("confirmation-data", {**wait_for("DGS-1"), **why})


def test_answer_to_an_authorization() -> None:
    assert not misfits("transaction-data", refused_authorization()["data"])


def test_every_next_action_has_a_schema() -> None:
    kinds = [choice["$ref"] for choice in SCHEMAS["confirmation-data"]["oneOf"]]
    assert kinds == [f"#/$defs/{action.value}" for action in NextAction]


# Documented


@pytest.mark.parametrize("kind", ["json paymentData", "json mobile money"])
def test_documented_step(kind: str) -> None:
    documented = blocks(kind)
    assert documented
    for block in documented:
        assert not misfits("payment-data", json.loads(block.text))


def test_documented_steps_and_answers_of_a_transaction() -> None:
    sent = [json.loads(block.text) for block in blocks("json transaction variables")]
    (first,) = [one["gateway"]["data"] for one in sent if "gateway" in one]
    assert not misfits("initialize-data", first)
    later = [one["data"] for one in sent if "data" in one]
    assert later
    assert not [data for data in later if misfits("payment-data", data)]

    answers = [json.loads(block.text) for block in blocks("json transaction answer")]
    results = [result for one in answers for result in one["data"].values()]
    told = [result["data"] for result in results if "data" in result]
    assert told
    assert not [data for data in told if misfits("transaction-data", data)]


def test_documented_confirmations() -> None:
    rows = table("`confirmationData`")
    assert rows
    for confirmation, *_ in rows:
        assert not misfits("confirmation-data", json.loads(confirmation.strip("`")))
