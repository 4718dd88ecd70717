"""A payment whose page is left, reloaded, pressed twice or cut off."""

import re

import pytest
from playwright.sync_api import APIResponse, Browser, Route, expect

from tests.browser.customer import CVV, DESKTOP, PHONE, Customer
from tests.scenarios import cards
from tests.scenarios.records import assert_nothing_paid, assert_paid_once
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import Store

pytestmark = pytest.mark.parametrize("api", ["transactions", "payments"])

CHARGES = {"transactions": "transactionInitialize", "payments": "checkoutComplete"}
RETURN_SIGNS = ("transaction=", "payment=")
# "You have", or "You may have" as long as Saleor looks at the goods alone.
CHARGED_WITHOUT_ORDER = "have been charged, but the order could not be placed."

# The 10 seconds until the shop is called slow become one.
TEN_TIMES_AS_FAST = """() => {
    const timeout = AbortSignal.timeout;
    window.asFastAsEver = () => { AbortSignal.timeout = timeout; };
    AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms / 10);
}"""


def test_double_click_on_pay_charges_once(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.types_card(cards.APPROVED)
    customer.pay_button.dblclick()

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)
    assert len(sandbox.charges(customer.checkout.email)) == 1


def test_reload_at_each_step(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.sees_card_fields()
    customer.page.reload()
    customer.pays_with(cards.PIN_THEN_OTP)
    customer.field("PIN").wait_for()
    customer.page.reload()
    customer.answers_pin()
    customer.field("One-time code").wait_for()
    customer.page.reload()
    customer.answers_otp()
    customer.sees_order()
    customer.page.reload()

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)


def test_reload_while_the_address_is_asked_for(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.pays_with(cards.ADDRESS)
    customer.field("Country").wait_for()
    customer.page.reload()
    customer.presses("Confirm")

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)


def test_reload_while_the_card_is_charged(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    email = customer.checkout.email
    sandbox.order_fault("charge", delay=2)
    customer.pays_with(cards.APPROVED)
    eventually(lambda: sandbox.arrivals()[-1]["path"].endswith("/charges"))
    customer.page.reload()

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)
    assert len(sandbox.charges(email)) == 1


def test_reload_while_the_bank_is_checking(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.pays_with(cards.PENDING)
    customer.sees_heading("Your bank is checking")
    customer.page.reload()
    customer.sees_heading("Your bank is checking")
    sandbox.settle(sandbox.charge(customer.checkout.email)["dgs_reference"])

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)


def test_back_button_at_the_bank_offers_the_bank_again(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.pays_with(cards.BANK_PAGE)
    customer.sees_bank()
    customer.page.go_back()
    customer.sees_heading("Confirm at your bank")
    customer.page.get_by_role("button", name=re.compile("^Go .*to your bank")).click()
    customer.approves_at_bank()

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)


def test_open_payment_is_found_again_in_a_new_tab(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    """Two cards could both be charged: so the first one has to be decided."""
    customer.pays_with(cards.BANK_PAGE)
    customer.sees_bank()
    customer.page.close()
    customer.page = customer.context.new_page()
    customer.opens_shop()
    customer.sees("you can pay another way in")
    other_way = customer.page.get_by_role("button", name="Pay another way")
    expect(other_way).to_have_count(0)

    customer.presses("Go back to your bank")
    customer.approves_at_bank()
    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)
    assert len(sandbox.charges(customer.checkout.email)) == 1


def test_open_payment_is_found_again_on_another_device(
    customer: Customer, chromium: Browser, store: Store, sandbox: Sandbox
) -> None:
    customer.pays_with(cards.BANK_PAGE)
    customer.sees_bank()
    phone = customer.on_another_device(chromium.new_context(**PHONE, locale="en-GB"))
    phone.opens_shop()

    phone.presses("Go back to your bank")
    phone.approves_at_bank()
    phone.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)
    assert len(sandbox.charges(customer.checkout.email)) == 1
    phone.context.close()


def test_bank_returns_to_another_browser(
    customer: Customer, chromium: Browser, store: Store, sandbox: Sandbox
) -> None:
    """As when the bank's app opens the phone's default browser."""
    customer.pays_with(cards.BANK_PAGE)
    customer.sees_bank()
    bank_page = customer.page.url
    other_browser = chromium.new_context(**DESKTOP, locale="en-GB")
    page = other_browser.new_page()
    page.goto(bank_page)
    page.get_by_role("button", name="Approve").click()

    heading = page.get_by_role("heading", name="Paid. Thank you!")
    expect(heading).to_be_visible(timeout=20_000)
    assert not any(sign in page.url for sign in RETURN_SIGNS)
    other_browser.close()
    assert_paid_once(store, sandbox, customer.checkout)


def test_connection_lost_while_the_card_is_charged(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    """The charge goes through; only its answer does not reach the browser."""

    lost: list[APIResponse] = []

    def lose_answer(route: Route) -> None:
        if lost or CHARGES[customer.api] not in (route.request.post_data or ""):
            route.fallback()
        else:
            lost.append(route.fetch())
            route.abort("connectionreset")

    customer.page.route("**/graphql/", lose_answer)
    customer.pays_with(cards.APPROVED)
    customer.sees_heading("The shop cannot be reached")

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)


def test_offline_before_the_card_is_sent_says_so(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.types_card(cards.APPROVED)
    customer.context.set_offline(True)
    customer.presses_pay()
    customer.sees_alert("You have not been charged")
    assert_nothing_paid(store, sandbox, customer.checkout)

    customer.context.set_offline(False)
    customer.presses_pay()
    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)


def test_offline_at_the_pin_asks_for_it_again(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.pays_with(cards.PIN)
    customer.field("PIN").wait_for()
    customer.context.set_offline(True)
    customer.answers_pin()
    customer.sees_heading("The shop cannot be reached")

    customer.context.set_offline(False)
    customer.sees_alert("Your answer did not arrive. Type it again.")
    customer.answers_pin()
    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)


def test_shop_that_does_not_answer_is_slow_then_lost_then_asked(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    kept_waiting: list[Route] = []

    def keep_waiting(route: Route) -> None:
        if kept_waiting or CHARGES[customer.api] not in (route.request.post_data or ""):
            route.fallback()
        else:
            kept_waiting.append(route)
            route.fetch()

    customer.page.route("**/graphql/", keep_waiting)
    customer.types_card(cards.APPROVED)
    customer.page.evaluate(TEN_TIMES_AS_FAST)
    customer.presses_pay()
    customer.sees("This takes longer than usual. You need not press again.")
    customer.page.evaluate("() => asFastAsEver()")
    customer.sees_heading("The shop cannot be reached")

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)
    assert len(sandbox.charges(customer.checkout.email)) == 1


def test_refusal_keeps_the_card_but_for_what_was_wrong(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.pays_with(cards.WRONG_CVV)
    cvv = customer.field("Security code")
    expect(cvv).to_be_focused(timeout=20_000)
    expect(cvv).to_have_value("")
    expect(cvv).to_have_accessible_description(re.compile("was not right"))
    expect(customer.field("Card number")).to_have_value("4000 0000 0000 0234")
    expect(customer.field("Expiry date")).to_have_value("12 / 30")

    customer.field("Card number").fill(cards.APPROVED)
    cvv.fill(CVV)
    customer.presses_pay()
    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)


def test_paid_but_sold_out_is_not_paid_twice(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    """It sold out while the bank was checking."""
    customer.pays_with(cards.PENDING)
    customer.sees_heading("Your bank is checking")
    with store.sold_out():
        sandbox.settle(sandbox.charge(customer.checkout.email)["dgs_reference"])
        customer.sees_heading(CHARGED_WITHOUT_ORDER)
        expect(customer.pay_button).to_have_count(0)
        customer.page.reload()
        customer.sees_heading(CHARGED_WITHOUT_ORDER)

    customer.presses("Check now")
    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)
    assert len(sandbox.charges(customer.checkout.email)) == 1


def test_two_tabs_make_one_order(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.sees_card_fields()
    first_tab = customer.page
    customer.page = customer.context.new_page()
    customer.opens_shop()
    customer.pays_with(cards.APPROVED)
    customer.sees_order()
    customer.page = first_tab
    customer.pays_with(cards.APPROVED)

    customer.sees_order()
    assert_paid_once(store, sandbox, customer.checkout)
    assert len(sandbox.charges(customer.checkout.email)) == 1


def test_changed_total_is_shown_before_it_is_charged(
    customer: Customer, store: Store, sandbox: Sandbox
) -> None:
    customer.types_card(cards.APPROVED)
    store.change_quantity(customer.checkout, 2)
    customer.presses_pay()

    customer.sees_alert("The total has changed")
    expect(customer.pay_button).to_have_text("Pay 24,000 Frw")
    assert_nothing_paid(store, sandbox, customer.checkout)

    customer.presses_pay()
    customer.sees_order()


def test_return_from_the_bank_keeps_the_pages_own_query(customer: Customer) -> None:
    customer.opens_shop(colour="green")
    customer.pays_with(cards.BANK_PAGE)
    customer.approves_at_bank()
    customer.sees_order()

    assert "colour=green" in customer.page.url
    assert not any(sign in customer.page.url for sign in RETURN_SIGNS)
