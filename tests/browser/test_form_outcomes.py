"""What the form shows of each outcome, at a shop that answers as each test says."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.form_page import CVV, FormPage

REDIRECT = 'asks({ type: "redirect", redirect_url: "https://bank.example/" })'
HOLD_AT_BANK = """() => document.addEventListener("dgspay-step", (event) => {
    if (event.detail.type === "redirect") event.preventDefault();
})"""
FREE = {
    "totalPrice": {"gross": {"amount": 0, "currency": "RWF"}},
    "totalBalance": {"amount": 0},
}
APIS = pytest.mark.parametrize("api", ["transactions", "payments"])


def failure(code: str) -> str:
    return f'fails("A sentence. ({code})")'


class TestWhatIsMissing:
    def test_is_shown_before_a_card_is_asked_for(self, form: FormPage) -> None:
        sold_out = [{"__typename": "CheckoutLineProblemInsufficientStock"}]
        lacks = {"email": None, "isShippingRequired": True, "problems": sold_out}
        form.opens("paid()", checkout=lacks)
        form.sees_heading("Your order is not complete")
        expect(form.form.get_by_role("listitem")).to_have_text(
            [
                "Add your email address.",
                "Complete the address to deliver to.",
                "Choose how it is delivered.",
                "Change your order: something in it is sold out.",
            ]
        )
        expect(form.pay_button).to_have_count(0)
        codes = ["email_needed", "shipping_address_needed", "delivery_method_needed"]
        assert form.events("missing") == [{"codes": [*codes, "out_of_stock"]}]

        form.page.evaluate(
            """() => Object.assign(shop.checkout, {
                email: "a@example.com", isShippingRequired: false, problems: [],
            })"""
        )
        form.button("Done, go on").click()
        form.pays()
        form.sees_order()

    @APIS
    def test_refused_by_the_shop_keeps_the_card(self, form: FormPage, api: str) -> None:
        """A voucher that ran out cannot be seen before."""
        form.opens(failure("voucher_not_applicable"), "paid()", api=api)
        form.pays()
        form.sees_heading("Your order is not complete")
        form.button("Done, go on").click()
        assert form.card() == ("4242 4242 4242 4242", "12 / 30", CVV)
        form.pay_button.click()
        form.sees_order()

    def test_page_that_has_mended_it_says_so(self, form: FormPage) -> None:
        form.opens(checkout={"email": None})
        form.sees_heading("Your order is not complete")
        form.page.evaluate(
            """() => {
                shop.checkout.email = "a@example.com";
                document.querySelector("dgspay-card-form").refresh();
            }"""
        )
        expect(form.pay_button).to_be_visible()


@APIS
def test_free_checkout_is_completed_without_a_card(form: FormPage, api: str) -> None:
    form.opens(api=api, checkout=FREE)
    form.page.evaluate(
        """() => {
            shop.completesWithoutPayment = true;
            shop.order.total.gross.amount = 0;
        }"""
    )
    form.sees_heading("There is nothing to pay")
    expect(form.field("Card number")).to_have_count(0)
    form.button("Place the order").click()
    form.sees_heading("Order 21")
    assert form.operations("CreatePayment") == 0
    assert form.operations("InitializeTransaction") == 0


class TestMoneyThatMoved:
    @APIS
    @pytest.mark.parametrize(
        "code", ["paid_without_order", "amount_mismatch", "already_paid"]
    )
    @pytest.mark.parametrize("language", ["en", "fr", "rw"])
    def test_is_a_dead_end_that_only_asks(
        self, form: FormPage, api: str, code: str, language: str
    ) -> None:
        answers = [failure(code)] * 4
        form.opens(*answers, api=api, lang=language)
        form.form.locator("#number").fill("4242424242424242")
        form.form.locator("#expiry").fill("1230")
        form.form.locator("#cvv").fill(CVV)
        form.form.locator("button[type=submit]").click()
        heading = form.form.locator(".failure h2")
        expect(heading).to_be_visible()
        told = heading.inner_text()
        assert re.search("[Dd]o not pay again|payez pas|Ntiwongere kwishyura", told)

        buttons = form.form.get_by_role("button")
        expect(buttons).to_have_text(
            [
                {"en": "Check now", "fr": "Vérifier maintenant", "rw": "Genzura ubu"}[
                    language
                ]
            ]
        )
        buttons.click()
        expect(heading).to_have_text(told)
        expect(form.form.locator("input")).to_have_count(0)
        form.opens(failure(code), api=api, lang=language, remembers=True)
        expect(heading).to_have_text(told)
        assert form.steps().count("card") == 0

    @APIS
    def test_page_that_has_waited_enough_only_asks(
        self, form: FormPage, api: str
    ) -> None:
        wait_beyond_its_patience = 'asks({ type: "wait", poll_after_ms: 200_000 })'
        form.opens(wait_beyond_its_patience, "paid()", api=api)
        form.pays()
        form.sees_heading("Your bank is checking")
        expect(form.form).to_contain_text("Do not pay again: the shop will be told.")
        expect(form.form.get_by_role("button")).to_have_text(["Check now"])
        form.button("Check now").click()
        form.sees_order()
        assert form.steps() == ["card", "wait"]

    def test_becomes_the_order_when_there_is_one(self, form: FormPage) -> None:
        form.opens(failure("paid_without_order"), "paid()")
        form.pays()
        form.button("Check now").click()
        form.sees_order()


class TestWayBackToTheBank:
    def test_stays_open(self, form: FormPage) -> None:
        form.opens(REDIRECT, REDIRECT, REDIRECT, "paid()")
        form.page.evaluate(HOLD_AT_BANK)
        form.pays()
        form.sees_heading("Confirm at your bank")
        expect(form.form).to_contain_text("you can pay another way in 15 min")
        expect(form.button("Pay another way")).to_have_count(0)
        form.button("Check now").click()
        expect(form.button("Go back to your bank")).to_be_visible()

    def test_is_known_to_a_new_tab(self, form: FormPage) -> None:
        form.opens(REDIRECT)
        form.page.evaluate(HOLD_AT_BANK)
        form.pays()
        form.sees_heading("Confirm at your bank")
        form.opens(REDIRECT, remembers=True)
        expect(form.button("Go back to your bank")).to_be_visible()

    def test_is_known_to_another_device(self, form: FormPage) -> None:
        form.opens(failure("payment_in_doubt"), REDIRECT, "paid()")
        form.types_card()
        form.page.evaluate(
            """() => {
                const open_payment = "VHJhbnNhY3Rpb25JdGVtOjE=";
                shop.config = { ...shop.config, open_payment };
            }"""
        )
        form.pay_button.click()
        expect(form.button("Go back to your bank")).to_be_visible()
        assert form.steps() == ["card", "wait"]

    def test_leads_to_another_card_once_that_can_work(self, form: FormPage) -> None:
        form.page.clock.install()
        form.opens(REDIRECT, "paid()")
        form.page.evaluate(HOLD_AT_BANK)
        form.pays()
        form.sees_heading("Confirm at your bank")
        form.page.clock.run_for(60_000)
        expect(form.form).to_contain_text("in 14 min")
        form.page.clock.run_for(14 * 60_000)
        form.button("Pay another way").click()
        assert form.card() == ("", "", "")
        form.pays()
        form.sees_order()

    def test_payment_of_another_device_is_told_with_how_long_it_takes(
        self, form: FormPage
    ) -> None:
        form.opens(failure("payment_in_doubt"), "paid()")
        form.pays()
        form.sees_heading("An earlier payment is not decided yet.")
        expect(form.form).to_contain_text("you can pay another way in 15 min")
        expect(form.form.get_by_role("button")).to_have_text(["Check now"])
        form.page.evaluate("() => { shop.checkout.totalBalance.amount = 0; }")
        form.button("Check now").click()
        form.sees_order()

    def test_page_of_another_scheme_is_never_opened(self, form: FormPage) -> None:
        form.opens('asks({ type: "redirect", redirect_url: "javascript:hacked = 1" })')
        form.pays()
        expect(form.form.get_by_role("alert")).to_contain_text("That page is not safe")
        assert form.page.evaluate("() => window.hacked") is None


class TestCardThatSurvives:
    @pytest.mark.parametrize(
        ("code", "kept", "focused"),
        [
            ("invalid_cvv", ("4242 4242 4242 4242", "12 / 30", ""), "Security code"),
            ("expired_card", ("4242 4242 4242 4242", "", CVV), "Expiry date"),
            (
                "insufficient_funds",
                ("4242 4242 4242 4242", "12 / 30", ""),
                "Card number",
            ),
            ("incorrect_pin", ("4242 4242 4242 4242", "12 / 30", ""), "Card number"),
        ],
    )
    @APIS
    def test_refusal(
        self, form: FormPage, api: str, code: str, kept: Any, focused: str
    ) -> None:
        form.opens(failure(code), api=api)
        form.pays()
        expect(form.field(focused)).to_be_focused()
        assert form.card() == kept
        marked = form.form.locator("[aria-invalid=true]")
        is_about_a_field = focused != "Card number"
        expect(marked).to_have_count(1 if is_about_a_field else 0)

    def test_service_that_cannot_be_reached_takes_nothing_away(
        self, form: FormPage
    ) -> None:
        form.opens(failure("provider_unavailable"), "paid()")
        form.pays()
        expect(form.form.get_by_role("alert")).to_contain_text("have not been charged")
        assert form.card() == ("4242 4242 4242 4242", "12 / 30", CVV)
        form.pay_button.click()
        form.sees_order()

    def test_changed_total(self, form: FormPage) -> None:
        form.opens("paid()")
        form.types_card()
        form.page.evaluate("() => { shop.checkout.totalBalance.amount = -15000; }")
        form.pay_button.click()
        expect(form.pay_button).to_have_text("Pay 15,000 Frw")
        expect(form.form.get_by_role("alert")).to_contain_text("The total has changed")
        assert form.card() == ("4242 4242 4242 4242", "12 / 30", CVV)
        form.pay_button.click()
        form.sees_order()

    def test_last_wrong_pin(self, form: FormPage) -> None:
        wrong = 'asks({ type: "pin", error: "incorrect_pin", attempts_left: 1 })'
        form.opens("PIN", wrong, failure("incorrect_pin"), "paid()")
        form.pays()
        form.answers("PIN", "0000")
        pin = form.field("PIN")
        expect(pin).to_have_attribute("aria-invalid", "true")
        expect(pin).to_have_accessible_description(
            re.compile("That PIN was not right. Try again. Attempts left: 1.")
        )
        expect(pin).to_be_focused()
        form.answers("PIN", "0000")
        expect(form.form.get_by_role("alert")).to_contain_text(
            "Your bank did not take it"
        )
        assert form.card() == ("4242 4242 4242 4242", "12 / 30", "")
        form.field("Security code").fill(CVV)
        form.pay_button.click()
        form.sees_order()

    def test_code_is_not_kept_while_the_bank_asks(self, form: FormPage) -> None:
        form.opens("PIN", failure("declined"))
        form.pays()
        form.answers("PIN", "1234")
        expect(form.form.get_by_role("alert")).to_contain_text("declined")
        assert form.card() == ("4242 4242 4242 4242", "12 / 30", "")

    def test_nothing_is_left_once_it_is_paid(self, form: FormPage) -> None:
        form.opens("paid()")
        form.pays()
        form.sees_order()
        expect(form.form.locator("input")).to_have_count(0)
