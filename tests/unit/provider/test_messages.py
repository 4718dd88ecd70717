"""DGS-Pay's answers: read tolerantly, judged strictly, never repeated as they are."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from dgspay_plugin.payment.customer import Customer
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    NextAction,
    ProviderTransaction,
    TransactionStatus,
)
from dgspay_plugin.provider.errors import NotFound, OutcomeUnknown, Refused
from dgspay_plugin.provider.messages import (
    ChargeRequest,
    raise_for_error,
    read_transaction,
)
from tests.unit.browser import encrypted_card
from tests.unit.leaks import found_in

PENDING = ProviderTransaction("DGS-1", TransactionStatus.PENDING)

# A request


def test_a_charge_is_written_under_dgs_pays_names() -> None:
    card = encrypted_card()
    request = ChargeRequest(
        money=Money(Decimal("10.50"), "USD"),
        customer=Customer("a@example.com", "Amina", "Uwase", "788123456", "250"),
        method=card,
        redirect_url="https://shop.example/back",
        callback_url="https://store.example/webhook",
        narration="Order 1",
    )
    assert request.body() == {
        "amount": Decimal("10.50"),
        "currency": "USD",
        "payment_type": "card",
        "customer_email": "a@example.com",
        "customer_first_name": "Amina",
        "customer_last_name": "Uwase",
        "customer_phone": "788123456",
        "customer_phone_country_code": "250",
        "redirect_url": "https://shop.example/back",
        "callback_url": "https://store.example/webhook",
        "narration": "Order 1",
        **card.fields(),
    }
    assert found_in(repr(request), card.fields().values()) == []


# Accepted or not


@pytest.mark.parametrize(
    ("http_status", "answer", "error"),
    [
        (200, {"status": "failed", "error_code": "90"}, Refused),
        (400, {"error_code": "90", "message": "bad"}, Refused),
        (401, {"error_code": 91}, Refused),
        (404, {"error_code": "92"}, NotFound),
        (404, {}, NotFound),
        (400, {}, Refused),
        (403, {"message": "no"}, Refused),
        (429, {}, Refused),
        (408, {}, OutcomeUnknown),
        (409, {}, OutcomeUnknown),
        (409, {"error_code": "93"}, OutcomeUnknown),
        (200, {"error_code": "93"}, OutcomeUnknown),
        (500, {"error_code": "99"}, OutcomeUnknown),
        (200, {"error_code": "99"}, OutcomeUnknown),
        (200, {"error_code": "07"}, OutcomeUnknown),
        (400, {"error_code": "07"}, OutcomeUnknown),
        (500, {}, OutcomeUnknown),
        (502, {"error_code": "00"}, OutcomeUnknown),
        (301, {}, OutcomeUnknown),
        (200, [], OutcomeUnknown),
        (200, "ok", OutcomeUnknown),
        (200, None, OutcomeUnknown),
        (400, None, OutcomeUnknown),
    ],
)
def test_what_was_not_accepted(
    http_status: int, answer: object, error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        raise_for_error(http_status, answer)
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("http_status", "answer"),
    [
        (200, {}),
        (201, {"status": "success"}),
        (200, {"error_code": "00"}),
        (200, {"error_code": None}),
        (200, {"error_code": 0}),
        (200, {"status": "failed", "data": {}}),
    ],
)
def test_what_was_accepted(http_status: int, answer: Mapping[str, Any]) -> None:
    assert raise_for_error(http_status, answer) is answer


def test_error_code_is_told() -> None:
    with pytest.raises(Refused, match="error 91: bad key") as raised:
        raise_for_error(401, {"error_code": 91, "message": "bad key"})
    assert raised.value.error_code == "91"


# One transaction


@pytest.mark.parametrize(
    "answer",
    [
        {"dgs_reference": "DGS-1", "transaction_status": "pending"},
        {
            "status": "success",
            "data": {"dgs_reference": "DGS-1", "transaction_status": "pending"},
        },
        {"data": {"dgs_reference": "DGS-1", "status": "pending"}},
        {
            "dgs_reference": "DGS-1",
            "transaction_status": "pending",
            "next_action_type": None,
            "fees": {"a": [1]},
        },
        {
            "dgs_reference": "DGS-1",
            "transaction_status": "pending",
            "next_action_type": "",
        },
    ],
    ids=str,
)
def test_transaction_at_the_top_or_under_data(answer: Mapping[str, Any]) -> None:
    assert read_transaction(answer) == PENDING


def test_status_of_the_envelope_is_not_the_transactions() -> None:
    """ "success" says that the request was accepted, not that money moved."""
    with pytest.raises(OutcomeUnknown):
        read_transaction({"status": "success", "dgs_reference": "DGS-1"})
    answer = {
        "status": "success",
        "dgs_reference": "DGS-1",
        "transaction_status": "failed",
    }
    assert read_transaction(answer).status is TransactionStatus.FAILED
    with pytest.raises(OutcomeUnknown):
        read_transaction({"status": "success", "data": {"dgs_reference": "DGS-1"}})


def test_transaction_status_goes_before_a_rows_status() -> None:
    data = {
        "dgs_reference": "DGS-1",
        "status": "success",
        "transaction_status": "pending",
    }
    assert read_transaction({"data": data}) == PENDING


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        ("12000", Decimal(12000)),
        ("12000.00", Decimal(12000)),
        (12000, Decimal(12000)),
        (Decimal("10.50"), Decimal("10.5")),
    ],
)
def test_numbers_may_be_strings(amount: object, read: Decimal) -> None:
    answer = {
        "dgs_reference": 4211,
        "transaction_status": "successful",
        "amount": amount,
        "currency": "rwf",
    }
    assert read_transaction(answer) == ProviderTransaction(
        "4211", TransactionStatus.SUCCESSFUL, amount=read, currency="RWF"
    )


BANK = "https://bank"
SHOP = "https://shop.example/back"


@pytest.mark.parametrize(
    ("fields", "action", "redirect_url"),
    [
        ({"next_action_type": "requires_pin"}, NextAction.PIN, None),
        ({"next_action": {"type": "requires_pin"}}, NextAction.PIN, None),
        ({"next_action": "requires_pin"}, NextAction.PIN, None),
        ({"next_action_type": "requires_pin", "next_action": {}}, NextAction.PIN, None),
        (
            {"next_action_type": "requires_otp", "next_action": {"note": "Type it"}},
            NextAction.OTP,
            None,
        ),
        (
            {"next_action_type": "none", "next_action": {"type": "requires_pin"}},
            NextAction.PIN,
            None,
        ),
        (
            {"next_action_type": "redirect_url", "redirect_url": BANK},
            NextAction.REDIRECT,
            BANK,
        ),
        (
            {"next_action": {"type": "redirect_url", "redirect_url": {"url": BANK}}},
            NextAction.REDIRECT,
            BANK,
        ),
        (
            {"next_action_type": "redirect_url", "next_action": {"url": BANK}},
            NextAction.REDIRECT,
            BANK,
        ),
        (
            {
                "next_action_type": "redirect_url",
                "next_action": {"redirect_url": BANK},
                "redirect_url": SHOP,
            },
            NextAction.REDIRECT,
            BANK,
        ),
        (
            {"next_action_type": "redirect_url", "redirect_url": 7},
            NextAction.REDIRECT,
            None,
        ),
        ({"next_action_type": None}, None, None),
        ({"next_action_type": ""}, None, None),
        ({"next_action_type": "None"}, None, None),
        ({"next_action": {}}, None, None),
        ({"next_action": {"type": None, "redirect_url": None}}, None, None),
        ({"next_action_type": "none", "next_action": {"note": "Thanks"}}, None, None),
    ],
    ids=str,
)
def test_next_action_flat_or_as_the_processor_nests_it(
    fields: Mapping[str, Any], action: NextAction | None, redirect_url: str | None
) -> None:
    answer = {"dgs_reference": "DGS-1", "transaction_status": "pending", **fields}
    transaction = read_transaction(answer)
    assert transaction.next_action == action
    assert transaction.unknown_action is None
    assert transaction.redirect_url == redirect_url


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"next_action_type": "requires_capture"}, "requires_capture"),
        ({"next_action_type": "requires_thumbprint"}, "requires_thumbprint"),
        ({"next_action": {"type": "requires_dance"}}, "requires_dance"),
        ({"next_action": {"note": "Dance"}}, "a step without a name"),
        ({"next_action_type": ["requires_pin"]}, "a step without a name"),
        ({"next_action_type": 7}, "a step without a name"),
        ({"next_action_type": True}, "a step without a name"),
        ({"next_action_type": {"type": {"type": "pin"}}}, "a step without a name"),
        ({"next_action_type": "-"}, "-"),
    ],
    ids=str,
)
def test_step_that_is_not_known_is_never_taken_for_none(
    fields: Mapping[str, Any], told: str
) -> None:
    answer = {"dgs_reference": "DGS-1", "transaction_status": "successful", **fields}
    transaction = read_transaction(answer)
    assert transaction.next_action is None
    assert transaction.unknown_action == told


def test_one_transaction_in_a_list() -> None:
    row = {"dgs_reference": "DGS-1", "status": "pending"}
    assert read_transaction({"status": "success", "data": [row]}) == PENDING
    with pytest.raises(OutcomeUnknown, match="more than one"):
        read_transaction({"data": [row, row]})


def test_fields_beside_data_count_too() -> None:
    answer = {
        "status": "success",
        "next_action_type": "requires_pin",
        "data": {"dgs_reference": "DGS-1", "transaction_status": "successful"},
    }
    assert read_transaction(answer).next_action is NextAction.PIN


def test_charge_may_fail_without_a_reference() -> None:
    transaction = read_transaction({"transaction_status": "failed"})
    assert transaction == ProviderTransaction("", TransactionStatus.FAILED)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="empty"),
        pytest.param({"dgs_reference": "DGS-1"}, id="no status"),
        pytest.param({"transaction_status": "pending"}, id="no reference"),
        pytest.param({"transaction_status": "successful"}, id="paid, no reference"),
        pytest.param(
            {"dgs_reference": "DGS-1", "transaction_status": "refunded"},
            id="unknown status",
        ),
        pytest.param(
            {"dgs_reference": "../balance", "transaction_status": "pending"},
            id="reference that leads to another path",
        ),
        pytest.param(
            {"dgs_reference": "DGS-1\n", "transaction_status": "pending"},
            id="reference with a line feed",
        ),
        pytest.param(
            {"dgs_reference": "", "transaction_status": "pending"}, id="no characters"
        ),
        pytest.param(
            {
                "dgs_reference": "DGS-1",
                "transaction_status": "successful",
                "amount": "NaN",
            },
            id="amount that is no number",
        ),
        pytest.param(
            {
                "dgs_reference": "DGS-1",
                "transaction_status": "successful",
                "amount": "Infinity",
            },
            id="amount without end",
        ),
        pytest.param(
            {"dgs_reference": "DGS-1", "transaction_status": ["pending"]},
            id="status that is a list",
        ),
    ],
)
def test_answer_that_does_not_say_how_it_stands(answer: Mapping[str, Any]) -> None:
    with pytest.raises(OutcomeUnknown):
        read_transaction(answer)
