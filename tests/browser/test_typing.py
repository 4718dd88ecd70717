"""What a customer's typing, pasting and autofill become in the fields."""

import pytest
from playwright.sync_api import expect

from tests.browser.customer import Customer
from tests.scenarios import cards


def test_number_is_grouped_and_named_by_its_brand(customer: Customer) -> None:
    number = customer.field("Card number")
    number.press_sequentially(cards.APPROVED)
    expect(number).to_have_value("4242 4242 4242 4242")
    customer.sees("Visa")

    number.fill("")
    number.press_sequentially("378282246310005")
    expect(number).to_have_value("3782 822463 10005")
    customer.sees("American Express")


def test_digit_can_be_corrected_in_the_middle(customer: Customer) -> None:
    number = customer.field("Card number")
    number.press_sequentially("42424242")
    for key in ("ArrowLeft", "ArrowLeft", "Backspace", "5"):
        number.press(key)

    expect(number).to_have_value("4242 4542")
    assert number.evaluate("input => input.selectionStart") == len("4242 45")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("1230", "12 / 30"),
        ("930", "09 / 30"),
        ("9/30", "09 / 30"),
        ("1/30", "01 / 30"),
        ("12 / 2030", "12 / 30"),
    ],
)
def test_expiry_is_written_one_way(customer: Customer, typed: str, shown: str) -> None:
    expiry = customer.field("Expiry date")
    expiry.press_sequentially(typed)
    expect(expiry).to_have_value(shown)
    for _ in shown:
        expiry.press("Backspace")
    expect(expiry).to_have_value("")


def test_pasted_and_filled_in_values_are_taken(customer: Customer) -> None:
    """A password manager sets the value at once and fires one event."""
    for label, value in {
        "Card number": " 4242-4242 4242-4242 ",
        "Expiry date": "12/2030",
        "Security code": "737",
    }.items():
        customer.field(label).fill(value)
    customer.presses_pay()
    customer.sees_order()


@pytest.mark.parametrize(
    ("label", "wrong", "told"),
    [
        ("Card number", "4242 4242 4242 4241", "Please check this."),
        ("Expiry date", "12 / 20", "Please check this."),
        ("Security code", "73", "The security code has 3 digits."),
    ],
)
def test_wrong_field_says_why_and_gets_the_focus(
    customer: Customer, label: str, wrong: str, told: str
) -> None:
    customer.types_card(cards.APPROVED)
    field = customer.field(label)
    field.fill(wrong)
    customer.presses_pay()

    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(told)
    # What is left behind half typed is gone when the page is opened again.
    customer.opens_shop()
