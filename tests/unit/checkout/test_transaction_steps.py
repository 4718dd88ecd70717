"""The steps of a transaction after its charge, by transactionProcess."""

from typing import Any

import pytest
from saleor.payment.models import TransactionItem

from tests.unit.browser import mobile_money_data, pin_data
from tests.unit.dgspay import ASKS_FOR_PIN, NO_ANSWER, PAID, PENDING, Provider
from tests.unit.later import pass_deadline
from tests.unit.storefront import (
    ASKED,
    FAILURE,
    REQUEST,
    SUCCESS,
    Storefront,
)

WAIT = {"type": "wait"}


@pytest.fixture
def asked_for_pin(storefront: Storefront, provider: Provider) -> TransactionItem:
    provider.tells("POST charges", ASKS_FOR_PIN)
    item, _ = storefront.press()
    return item


def test_pin_pays(
    storefront: Storefront, provider: Provider, asked_for_pin: TransactionItem
) -> None:
    provider.tells("POST authorize", PAID)
    assert storefront.answer(asked_for_pin, pin_data()) == SUCCESS
    asked_for_pin.refresh_from_db()
    assert asked_for_pin.charged_value == 12000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"type": "otp", "auth_otp": "123456"}, "wrong_step"),
        ({"type": "pin", "pin": "1234"}, "raw_card_data"),
        ({"type": "pin", "auth_pin_encrypted": "x"}, "invalid_card_data"),
        ({**WAIT, "reference": "DGS-9"}, "wrong_reference"),
        ("not a step", "invalid_card_data"),
    ],
)
def test_refused_step_is_asked_for_again(
    storefront: Storefront,
    provider: Provider,
    asked_for_pin: TransactionItem,
    data: Any,
    code: str,
) -> None:
    """A failure would be the end of a charge that goes on at the bank."""
    assert storefront.answer(asked_for_pin, data) == ASKED
    assert storefront.data.pop("message")
    assert storefront.data == {"type": "pin", "reference": "DGS-1", "error": code}
    provider.tells("POST authorize", PAID)
    assert storefront.answer(asked_for_pin, pin_data()) == SUCCESS


def test_refused_step_of_mobile_money_still_says_which_phone_to_look_at(
    storefront: Storefront, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is stored to be asked for again, once the wait took too long."""
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PENDING)
    item, _ = storefront.press(data=mobile_money_data())
    pass_deadline(monkeypatch)
    assert storefront.answer(item, WAIT) == REQUEST
    assert storefront.answer(item, {"type": "pin", "pin": "1234"}) == ASKED
    assert storefront.data["error"] == "raw_card_data"
    assert storefront.data["type"] == "approve_on_phone"
    assert storefront.data["phone_last_digits"] == "456"


def test_decline_is_the_end(
    storefront: Storefront, provider: Provider, asked_for_pin: TransactionItem
) -> None:
    provider.tells("POST authorize", {**PENDING, "transaction_status": "failed"})
    assert storefront.answer(asked_for_pin, pin_data()) == FAILURE
    assert storefront.data["error"] == "declined"


def test_wait_that_takes_too_long_is_a_pending_charge(
    storefront: Storefront, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PENDING)
    item, _ = storefront.press()
    pass_deadline(monkeypatch)
    assert storefront.answer(item, WAIT) == REQUEST
    assert storefront.data == {"type": "pending", "reference": "DGS-1"}
    item.refresh_from_db()
    assert item.charge_pending_value == 12000


def test_wait_without_a_reference_goes_on(
    storefront: Storefront, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saleor keeps no pending charge without a reference."""
    provider.tells("POST charges", NO_ANSWER)
    item, _ = storefront.press()
    pass_deadline(monkeypatch)
    assert storefront.answer(item, WAIT) == ASKED
    assert storefront.data["type"] == "wait"
