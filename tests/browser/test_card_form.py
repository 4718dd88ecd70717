"""Paying with the card form, in a real browser, from the card to the order."""

from collections.abc import Iterator

import pytest

from tests.browser.customer import DESKTOP, PHONE, Customer
from tests.scenarios import cards
from tests.scenarios.cardholder import WRONG_OTP, WRONG_PIN
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

pytestmark = pytest.mark.parametrize(
    ("device", "api"),
    [
        pytest.param(PHONE, "transactions", id="phone-transactions"),
        pytest.param(DESKTOP, "payments", id="desktop-payments"),
    ],
)


@pytest.fixture(autouse=True)
def order_is_paid(customer: Customer, store: Store, sandbox: Sandbox) -> Iterator[None]:
    """Each of these stories ends with one order, paid once."""
    yield
    customer.sees_order()
    customer.assert_paid_by_its_api()
    assert_paid_once(store, sandbox, customer.checkout)


def test_approved_at_once(customer: Customer) -> None:
    customer.pays_with(cards.APPROVED)


def test_pin(customer: Customer) -> None:
    customer.pays_with(cards.PIN)
    customer.answers_pin()


def test_pin_then_one_time_code(customer: Customer) -> None:
    customer.pays_with(cards.PIN_THEN_OTP)
    customer.answers_pin()
    customer.answers_otp()


def test_address_is_filled_in_from_the_billing_address(customer: Customer) -> None:
    customer.pays_with(cards.ADDRESS)
    customer.sees_heading("Billing address")
    assert customer.field("Street and number").input_value() == "KG 7 Avenue 12"
    assert customer.field("Country").input_value() == "RW"
    customer.presses("Confirm")


def test_address_then_the_banks_page(customer: Customer) -> None:
    customer.pays_with(cards.ADDRESS_THEN_BANK_PAGE)
    customer.presses("Confirm")
    customer.approves_at_bank()


def test_banks_page(customer: Customer) -> None:
    customer.pays_with(cards.BANK_PAGE)
    customer.approves_at_bank()


def test_pin_then_the_banks_page(customer: Customer) -> None:
    customer.pays_with(cards.PIN_THEN_BANK_PAGE)
    customer.answers_pin()
    customer.approves_at_bank()


def test_wrong_pin_then_the_right_one(customer: Customer) -> None:
    customer.pays_with(cards.PIN)
    customer.answers_pin(WRONG_PIN)
    customer.sees("That PIN was not right")
    customer.answers_pin()


def test_wrong_one_time_code_then_the_right_one(customer: Customer) -> None:
    customer.pays_with(cards.PIN_THEN_OTP)
    customer.answers_pin()
    customer.answers_otp(WRONG_OTP)
    customer.sees("That code was not right")
    customer.answers_otp()


def test_declined_then_paid_with_another_card(customer: Customer) -> None:
    customer.pays_with(cards.INSUFFICIENT_FUNDS)
    customer.sees_alert("does not have enough money")
    customer.pays_with(cards.APPROVED)


def test_other_card_instead_of_a_pin(customer: Customer) -> None:
    customer.pays_with(cards.PIN)
    customer.presses("Use another card")
    customer.pays_with(cards.APPROVED)


def test_declined_at_the_bank_then_paid_with_another_card(customer: Customer) -> None:
    customer.pays_with(cards.BANK_PAGE)
    customer.sees_bank()
    customer.presses("Decline")
    customer.sees_alert("declined")
    customer.pays_with(cards.APPROVED)


def test_bank_takes_its_time(customer: Customer) -> None:
    customer.pays_with(cards.PENDING_THEN_APPROVED)
    customer.sees_heading("Your bank is checking")
