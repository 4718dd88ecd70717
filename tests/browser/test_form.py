"""The form itself, at a shop that answers as each test says."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

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


@pytest.fixture
def form(page: Page, snippet_url: str) -> Any:
    page.set_default_timeout(8_000)
    form = FormPage(page, snippet_url)
    yield form
    assert form.problems == []


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


class TestPageThatChanges:
    """None of it takes away what is typed."""

    @pytest.fixture(autouse=True)
    def typed(self, form: FormPage) -> Any:
        form.opens("paid()")
        form.types_card()
        form.field("Expiry date").focus()
        yield
        assert form.card() == ("4242 4242 4242 4242", "12 / 30", CVV)
        form.form.locator("button[type=submit]").click()
        expect(form.form.locator(".success")).to_be_visible()

    @pytest.mark.parametrize(
        "change",
        [
            "form.setAttribute('checkout-id', form.getAttribute('checkout-id'))",
            "form.execute = (...request) => shop.execute(...request)",
            "document.body.append(document.createElement('section')); "
            "document.querySelector('section').append(form)",
            "form.before(document.createElement('p'))",
        ],
    )
    def test_in_ways_that_mean_nothing(self, form: FormPage, change: str) -> None:
        form.page.evaluate(
            "() => { const form = document.querySelector('dgspay-card-form');"
            f" {change} }}"
        )
        form.page.wait_for_timeout(50)
        assert form.page.evaluate("() => shop.count('Checkout')") == 1

    @pytest.mark.parametrize("place", ["form", "document.documentElement"])
    def test_its_language(self, form: FormPage, place: str) -> None:
        form.page.evaluate(
            "place => { const form = document.querySelector('dgspay-card-form');"
            f" {place}.lang = 'fr'; }}"
        )
        button = form.form.locator("button[type=submit]")
        expect(button).to_have_text("Payer 12 000 Frw")
        expect(form.form.locator("#expiry")).to_be_focused()
        expect(form.form.get_by_role("status")).to_have_attribute("lang", "fr")
        form.page.evaluate(
            "() => { const form = document.querySelector('dgspay-card-form');"
            f" {place}.lang = 'en'; }}"
        )
        expect(form.pay_button).to_be_visible()


def test_element_that_is_taken_away_forgets_the_card(form: FormPage) -> None:
    form.opens()
    form.types_card()
    values = form.page.evaluate(
        """async () => {
            const form = document.querySelector("dgspay-card-form");
            const inputs = [...form.shadowRoot.querySelectorAll("input")];
            form.remove();
            await new Promise((resolve) => setTimeout(resolve));
            return [inputs.map((input) => input.value).join(""),
                    form.shadowRoot.querySelectorAll("input").length];
        }"""
    )
    assert values == ["", 0]


class TestNetwork:
    def test_offline_before_pay(self, form: FormPage) -> None:
        form.opens("paid()")
        form.types_card()
        form.page.evaluate(
            """() => {
                window.online = shop.execute;
                shop.execute = () => Promise.reject(new TypeError("Failed to fetch"));
            }"""
        )
        form.pay_button.click()
        alert = form.form.get_by_role("alert")
        expect(alert).to_contain_text("You have not been charged")
        expect(form.form.get_by_role("status")).to_have_text("")
        form.page.evaluate(
            "() => { shop.execute = online; dispatchEvent(new Event('online')); }"
        )
        expect(alert).to_have_text("You are online again.")
        form.pay_button.click()
        form.sees_order()

    def test_offline_at_the_start_goes_on_by_itself(self, form: FormPage) -> None:
        form.opens("paid()")
        form.page.evaluate(
            """() => {
                const { execute } = shop;
                let isOnline = false;
                shop.execute = (...request) => isOnline
                    ? execute(...request) : Promise.reject(new TypeError("offline"));
                addEventListener("online", () => { isOnline = true; });
                shop.api = "payments";
                const form = document.querySelector("dgspay-card-form");
                form.setAttribute("api", "payments");
            }"""
        )
        form.sees_heading("The shop cannot be reached")
        form.page.evaluate("() => dispatchEvent(new Event('online'))")
        form.pays()
        form.sees_order()

    def test_element_that_leaves_while_offline_leaves_nothing_behind(
        self, form: FormPage
    ) -> None:
        form.opens()
        form.page.evaluate(
            """() => {
                window.rejected = [];
                addEventListener("unhandledrejection", ({ reason }) =>
                    window.rejected.push(String(reason)));
                shop.execute = () => Promise.reject(new TypeError("offline"));
                const form = document.querySelector("dgspay-card-form");
                form.setAttribute("api", "payments");
            }"""
        )
        form.sees_heading("The shop cannot be reached")
        form.page.evaluate("() => document.querySelector('dgspay-card-form').remove()")
        form.page.wait_for_timeout(100)
        assert form.page.evaluate("() => window.rejected") == []

    def test_offline_at_the_pin_is_told_and_asked_again(self, form: FormPage) -> None:
        form.opens("PIN", "lost()", "PIN", "paid()")
        form.pays()
        form.answers("PIN", "1234")
        form.sees_heading("The shop cannot be reached")
        form.page.evaluate("() => dispatchEvent(new Event('online'))")
        alert = form.form.get_by_role("alert")
        expect(alert).to_have_text("Your answer did not arrive. Type it again.")
        form.answers("PIN", "1234")
        form.sees_order()

    def test_slow_shop_is_told_after_ten_seconds(self, form: FormPage) -> None:
        form.opens("paid()")
        form.types_card()
        form.page.evaluate(
            """() => {
                const { execute } = shop;
                shop.execute = async (...request) => {
                    await new Promise((resolve) => setTimeout(resolve, 11_000));
                    shop.execute = execute;
                    return execute(...request);
                };
            }"""
        )
        form.pay_button.click()
        slow = "This takes longer than usual. You need not press again."
        expect(form.form.locator("form")).to_contain_text(slow, timeout=12_000)
        expect(form.form.get_by_role("status")).to_have_text(slow)
        expect(form.form.get_by_role("heading", name="Paid")).to_be_visible(
            timeout=12_000
        )


class TestTyping:
    @pytest.mark.parametrize(
        ("label", "typed", "shown"),
        [
            ("Card number", "4242424242424242", "4242 4242 4242 4242"),
            ("Card number", "٤٢٤٢٤٢٤٢", "4242 4242"),
            ("Card number", "42424242424242424", "4242 4242 4242 4242 4"),
            ("Card number", "4242a", "4242a"),
            ("Expiry date", "1230", "12 / 30"),
            ("Expiry date", "2030-12", "2030-12"),
            ("Expiry date", "Dec 2030", "Dec 2030"),
            ("Security code", "\uff17\uff13\uff17", "737"),
        ],
    )
    def test_key_by_key(
        self, form: FormPage, label: str, typed: str, shown: str
    ) -> None:
        form.opens()
        form.field(label).press_sequentially(typed)
        expect(form.field(label)).to_have_value(shown)

    def test_date_is_written_one_way_once_the_field_is_left(
        self, form: FormPage
    ) -> None:
        form.opens()
        form.field("Expiry date").press_sequentially("2030-12")
        form.page.keyboard.press("Tab")
        expect(form.field("Expiry date")).to_have_value("12 / 30")

    @pytest.mark.parametrize(
        ("label", "typed", "told"),
        [
            ("Card number", "", "Please fill this in."),
            ("Card number", "4242", "The number is not complete."),
            ("Card number", "42424242424242424", "The number has too many digits."),
            ("Card number", "4242424242424241", "The number is not right."),
            ("Card number", "4242 x", "Type digits only."),
            ("Expiry date", "12 / 20", "This card has expired."),
            ("Expiry date", "13 / 30", "The month is 01 to 12."),
            ("Expiry date", "Dec 2030", "Type month and year in digits, like 04 / 30."),
            ("Security code", "73", "3 digits are needed."),
        ],
    )
    def test_wrong_field_says_why(
        self, form: FormPage, label: str, typed: str, told: str
    ) -> None:
        form.opens()
        form.types_card(**{label: typed})
        form.pay_button.click()
        field = form.field(label)
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(re.escape(told)))
        assert form.steps() == []

    @pytest.mark.parametrize(
        ("number", "brand"), [("37", "American Express"), ("6011", "Discover")]
    )
    def test_brand_that_is_not_taken_is_named_at_once(
        self, form: FormPage, number: str, brand: str
    ) -> None:
        form.opens()
        form.field("Card number").press_sequentially(number)
        expect(form.form).to_contain_text(
            f"{brand} is not taken here. Use Visa, Mastercard."
        )

    def test_brands_are_the_pages_to_choose(self, form: FormPage) -> None:
        form.opens(brands="mastercard")
        expect(form.form.locator(".brands .brand")).to_have_count(1)
        form.field("Card number").press_sequentially("42")
        expect(form.form).to_contain_text("Visa is not taken here. Use Mastercard.")

    def test_script_that_only_tells_of_a_change(self, form: FormPage) -> None:
        form.opens("paid()")
        form.form.locator("input").first.wait_for()
        form.page.evaluate(
            """() => {
                const root = document.querySelector("dgspay-card-form").shadowRoot;
                const number = "4242424242424242";
                const values = { number, expiry: "2030-12", cvv: "737" };
                for (const [id, value] of Object.entries(values)) {
                    root.getElementById(id).value = value;
                    root.getElementById(id).dispatchEvent(new Event("change"));
                }
            }"""
        )
        assert form.card() == ("4242 4242 4242 4242", "12 / 30", "737")
        form.pay_button.click()
        form.sees_order()

    def test_composing_keyboard(self, form: FormPage) -> None:
        form.opens()
        form.field("Card number").focus()
        session = form.page.context.new_cdp_session(form.page)
        for text in ("4", "42", "424", "4242", "42424"):
            session.send(
                "Input.imeSetComposition",
                {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
            )
            expect(form.field("Card number")).to_have_value(text)
        session.send("Input.insertText", {"text": "42424"})
        expect(form.field("Card number")).to_have_value("4242 4")

    @pytest.mark.parametrize(
        ("keys", "left"),
        [
            (["ArrowLeft"] * 2 + ["Delete"], "4242 2"),
            (["ArrowLeft"] * 3 + ["Delete"], "4242 2"),
            (["ArrowLeft"] * 2 + ["Backspace"], "4244 2"),
        ],
    )
    def test_deleting_at_a_gap(
        self, form: FormPage, keys: list[str], left: str
    ) -> None:
        form.opens()
        number = form.field("Card number")
        number.press_sequentially("424242")
        for key in keys:
            number.press(key)
        expect(number).to_have_value(left)

    @pytest.mark.parametrize("code", ["123 456", "123-456", "١٢٣٤٥٦", "\u200e123456"])
    def test_one_time_code(self, form: FormPage, code: str) -> None:
        form.opens('asks({ type: "otp" })', "paid()")
        form.pays()
        form.answers("One-time code", code)
        form.sees_order()
        assert form.page.evaluate("() => shop.steps[1].auth_otp") == "123456"


class TestAddress:
    def test_second_line_is_shown_and_sent(self, form: FormPage) -> None:
        form.opens('asks({ type: "avs" })', "paid()")
        form.pays()
        second = form.field("Building or flat (optional)")
        second.fill("Flat 3")
        form.button("Confirm").click()
        form.sees_order()
        assert form.page.evaluate("() => shop.steps[1].avs_line2") == "Flat 3"


class TestAccessibility:
    def test_secrets_are_neither_shown_nor_spoken(self, form: FormPage) -> None:
        form.opens("PIN")
        expect(form.field("Security code")).to_have_attribute("type", "password")
        form.pays()
        expect(form.field("PIN")).to_have_attribute("type", "password")

    @pytest.mark.parametrize(
        ("step", "label", "explained"),
        [
            ("pin", "PIN", "Your bank asks for it."),
            ("otp", "One-time code", "If none comes, call your bank"),
        ],
    )
    def test_step_is_explained_where_the_focus_is(
        self, form: FormPage, step: str, label: str, explained: str
    ) -> None:
        form.opens(f'asks({{ type: "{step}" }})')
        form.pays()
        expect(form.field(label)).to_be_focused()
        expect(form.field(label)).to_have_accessible_description(re.compile(explained))

    def test_wrong_code_is_marked_where_the_focus_is(self, form: FormPage) -> None:
        wrong = 'asks({ type: "otp", error: "incorrect_otp", attempts_left: 2 })'
        form.opens('asks({ type: "otp" })', wrong)
        form.pays()
        form.answers("One-time code", "000000")
        code = form.field("One-time code")
        expect(code).to_have_attribute("aria-invalid", "true")
        expect(code).to_have_accessible_description(
            re.compile("That code was not right. Try again. Attempts left: 2.")
        )
        expect(code).to_be_focused()
        expect(code).to_have_value("")

    def test_forms_have_names(self, form: FormPage) -> None:
        form.opens("PIN")
        expect(form.page.get_by_role("form", name="Card")).to_be_visible()
        form.pays()
        expect(form.page.get_by_role("form", name="PIN of your card")).to_be_visible()


class TestLocale:
    @pytest.mark.parametrize(
        ("spelled", "pay"),
        [
            ("en-US@posix", "Pay 12,000 Frw"),
            ("fr-FR.UTF-8", "Payer 12 000 Frw"),
            ("fr-", "Payer 12 000 Frw"),
            ("fr_RW", "Payer 12 000 Frw"),
            ("rw", "Ishyura 12,000 Frw"),
        ],
    )
    def test_spelled_as_systems_do(
        self, form: FormPage, spelled: str, pay: str
    ) -> None:
        form.opens(lang=spelled)
        expect(form.form.locator("button[type=submit]")).to_have_text(pay)

    def test_page_has_its_own_wording(self, form: FormPage) -> None:
        form.opens(texts={"number": "Number on the card"})
        expect(form.field("Number on the card")).to_be_visible()
