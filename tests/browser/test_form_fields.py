"""The fields: what is typed, what is said of it, and how long it stays."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.form_page import CVV, FormPage


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

    def test_says_how_a_date_is_typed(self, form: FormPage) -> None:
        form.opens(lang="fr")
        expiry = form.form.locator("#expiry")
        expect(expiry).to_have_attribute("placeholder", "MM / AA")

    def test_page_has_its_own_wording(self, form: FormPage) -> None:
        form.opens(texts={"number": "Number on the card"})
        expect(form.field("Number on the card")).to_be_visible()
