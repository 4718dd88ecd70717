"""The card form for people who use a keyboard, a screen reader or a small screen."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.customer import CVV, DESKTOP, Customer, Device
from tests.browser.views import faults_of
from tests.scenarios import cards

NARROWEST: Device = {"viewport": {"width": 320, "height": 568}}


@pytest.mark.parametrize(
    "device",
    [
        pytest.param({**NARROWEST, "color_scheme": "light"}, id="narrow-light"),
        pytest.param({**DESKTOP, "color_scheme": "dark"}, id="desktop-dark"),
    ],
)
class TestEachView:
    """axe finds nothing, and nothing sticks out of the screen."""

    @pytest.fixture(autouse=True)
    def axe(self, snippet: Path) -> None:
        self.snippet = snippet

    def check(self, customer: Customer) -> None:
        assert faults_of(customer.page, self.snippet) is None

    def test_card_with_mistakes(self, customer: Customer) -> None:
        customer.sees_card_fields()
        self.check(customer)
        customer.presses_pay()
        customer.sees("Please fill this in.")
        self.check(customer)

    def test_pin_and_code(self, customer: Customer) -> None:
        customer.pays_with(cards.PIN_THEN_OTP)
        customer.field("PIN").wait_for()
        self.check(customer)
        customer.answers_pin()
        customer.field("One-time code").wait_for()
        self.check(customer)

    def test_address_and_bank(self, customer: Customer) -> None:
        customer.pays_with(cards.ADDRESS_THEN_BANK_PAGE)
        customer.field("Country").wait_for()
        self.check(customer)
        customer.presses("Confirm")
        customer.sees_bank()
        customer.opens_shop()
        customer.sees_heading("Confirm at your bank")
        self.check(customer)

    def test_decline_and_order(self, customer: Customer) -> None:
        customer.pays_with(cards.INSUFFICIENT_FUNDS)
        customer.sees_alert("does not have enough money")
        self.check(customer)
        customer.pays_with(cards.APPROVED)
        customer.sees_order()
        self.check(customer)

    def test_waiting(self, customer: Customer) -> None:
        customer.pays_with(cards.PENDING)
        customer.sees_heading("Your bank is checking")
        self.check(customer)


def test_keyboard_alone(customer: Customer) -> None:
    customer.sees_card_fields()
    customer.field("Card number").focus()
    for typed in (cards.PIN_THEN_OTP, "1230", CVV):
        customer.page.keyboard.type(typed)
        customer.page.keyboard.press("Tab")
    expect(customer.pay_button).to_be_focused()
    customer.page.keyboard.press("Space")

    expect(customer.field("PIN")).to_be_focused(timeout=20_000)
    customer.page.keyboard.type("1234")
    customer.page.keyboard.press("Enter")
    expect(customer.field("One-time code")).to_be_focused(timeout=20_000)
    customer.page.keyboard.type("123456")
    customer.page.keyboard.press("Enter")

    heading = customer.page.get_by_role("heading", name="Paid. Thank you!")
    expect(heading).to_be_focused(timeout=20_000)


def test_screen_reader_names(customer: Customer) -> None:
    customer.sees_card_fields()
    expect(customer.form).to_match_aria_snapshot(
        """
        - form "How do you want to pay?":
          - radiogroup "How do you want to pay?":
            - radio "Card" [checked]
            - radio "Mobile money"
          - img "Visa, Mastercard"
          - textbox "Card number"
          - textbox "Expiry date"
          - textbox "Security code"
          - button "Pay 12,000 Frw"
        """
    )


def test_progress_is_announced(customer: Customer) -> None:
    status = customer.form.get_by_role("status")
    customer.pays_with(cards.PENDING)
    expect(status).to_have_text("Your bank is checking", timeout=20_000)


def test_browser_may_fill_in_the_card(customer: Customer) -> None:
    tokens = {
        "Card number": "cc-number",
        "Expiry date": "cc-exp",
        "Security code": "cc-csc",
    }
    for label, token in tokens.items():
        expect(customer.field(label)).to_have_attribute("autocomplete", token)
        expect(customer.field(label)).to_have_attribute("inputmode", "numeric")


@pytest.mark.parametrize("device", [{**DESKTOP, "reduced_motion": "reduce"}])
def test_nothing_spins_for_those_who_want_less_motion(customer: Customer) -> None:
    customer.pays_with(cards.PENDING)
    customer.sees_heading("Your bank is checking")
    duration = customer.form.locator(".mood").evaluate(
        "mood => parseFloat(getComputedStyle(mood).animationDuration)"
    )
    assert duration >= 6


@pytest.mark.parametrize(
    ("language", "pay", "declined"),
    [
        ("fr", "Payer ", "assez de fonds"),
        ("rw", "Ishyura ", "Ikarita yawe nta mafaranga ahagije ifite."),
    ],
)
def test_language_of_the_page(
    customer: Customer, language: str, pay: str, declined: str
) -> None:
    customer.opens_shop(lang=language)
    button = customer.form.locator("button[type=submit]")
    expect(button).to_contain_text(pay)
    for name, typed in {
        "number": cards.INSUFFICIENT_FUNDS,
        "expiry": "1230",
        "cvv": CVV,
    }.items():
        customer.form.locator(f"#{name}").press_sequentially(typed)
    button.click()
    customer.sees_alert(declined)
