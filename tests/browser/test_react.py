"""The React example: the drop-in component, and a store's own fields on the hook."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customer import CVV
from tests.demo.storefront import PAGE
from tests.scenarios import cards
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Checkout, Store

CARD_FIELDS = {"Month": "12", "Year": "2030", "Security code": CVV}


@pytest.fixture
def checkout(store: Store) -> Checkout:
    return store.new_checkout()


@pytest.fixture
def example(shop_page: str, checkout: Checkout) -> str:
    """The example's URL; what the store is, it reads from /config.json."""
    query = urlencode({"checkout": checkout.id})
    return shop_page.replace(PAGE, f"/examples/react/?{query}")


def test_drop_in_component(
    page: Page, example: str, checkout: Checkout, store: Store, sandbox: Sandbox
) -> None:
    page.goto(example)
    page.get_by_label("Card number").press_sequentially(cards.APPROVED)
    page.get_by_label("Expiry date").press_sequentially("1230")
    page.get_by_label("Security code").press_sequentially(CVV)
    page.get_by_role("button", name="Pay").click()

    expect(page.get_by_text("React knows of order")).to_be_visible(timeout=20_000)
    assert_paid_once(store, sandbox, checkout)


def test_own_fields_on_the_hook(
    page: Page, example: str, checkout: Checkout, store: Store, sandbox: Sandbox
) -> None:
    page.goto(f"{example}&own-fields")
    pay(page, cards.INSUFFICIENT_FUNDS)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("does not have enough money", timeout=20_000)
    pay(page, cards.PIN_THEN_OTP)
    page.get_by_label("PIN").fill("1234")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("One-time code").fill("123456")
    page.get_by_role("button", name="Confirm").click()

    heading = page.get_by_role("heading", name="is paid")
    expect(heading).to_be_visible(timeout=20_000)
    assert_paid_once(store, sandbox, checkout)


def pay(page: Page, number: str) -> None:
    for label, value in {"Card number": number, **CARD_FIELDS}.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Pay").click()
