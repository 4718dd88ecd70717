"""Mobile money in the form: the choice, the number, the wait, and each end."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.customer import PHONE, Customer
from tests.browser.form_page import FormPage
from tests.browser.views import (
    faults_of,
    in_each_look,
    in_each_root_font,
    in_each_width,
    set_root_font,
)
from tests.scenarios import cards, wallets
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

BOTH = "card,mobile_money"
APPROVE = (
    'asks({ type: "approve_on_phone", network: "MTN", phone_last_digits: "456",'
    " poll_after_ms: 200 })"
)
APIS = pytest.mark.parametrize("api", ["transactions", "payments"])


def opens(form: FormPage, *answers: str, methods: str = BOTH, **options: Any) -> None:
    form.opens(*answers, config={"payment_methods": methods}, **options)


def chosen(form: FormPage, name: str) -> Locator:
    return form.page.get_by_role("radio", name=name)


class TestChoice:
    def test_is_between_two_and_by_keyboard(self, form: FormPage) -> None:
        opens(form)
        expect(chosen(form, "Card")).to_be_checked()
        expect(form.field("Mobile number")).to_be_hidden()
        chosen(form, "Card").focus()
        form.page.keyboard.press("ArrowDown")
        expect(chosen(form, "Mobile money")).to_be_checked()
        expect(form.field("Card number")).to_be_hidden()
        expect(form.field("Mobile number")).to_have_value("0788 123 456")
        expect(chosen(form, "MTN")).to_be_checked()

    def test_takes_one_line_of_a_small_screen(self, form: FormPage) -> None:
        form.page.set_viewport_size({"width": 320, "height": 800})
        opens(form)
        for name in ("Card", "Mobile money"):
            chosen(form, name).check()
            for choice in form.form.locator("#method .choice").all():
                expect(choice).to_have_css("height", "48px")

    def test_that_was_not_made_is_marked_at_each_choice(self, form: FormPage) -> None:
        """A frame around them all would cover them."""
        address = {
            "firstName": "Aline",
            "lastName": "Uwase",
            "phone": "",
            "streetAddress1": "KG 7 Ave",
            "city": "KIGALI",
            "country": {"code": "RW"},
        }
        opens(form, checkout={"billingAddress": address}, methods="mobile_money")
        form.pay_button.click()
        group = form.page.get_by_role("radiogroup", name="Network")
        expect(group).to_have_attribute("aria-invalid", "true")
        expect(group).to_have_css("border-top-width", "0px")
        for choice in group.locator(".choice").all():
            expect(choice).to_have_css("border", "2px solid rgb(179, 38, 30)")

    def test_grows_with_the_text(self, form: FormPage) -> None:
        form.page.set_viewport_size({"width": 320, "height": 800})
        opens(form)
        set_root_font(form, 200)
        expect(chosen(form, "Mobile money")).to_have_css("width", "32px")
        expect(chosen(form, "Mobile money")).to_have_css("height", "32px")

    def test_is_remembered_for_the_session(self, form: FormPage) -> None:
        opens(form)
        chosen(form, "Mobile money").check()
        opens(form, remembers=True)
        expect(chosen(form, "Mobile money")).to_be_checked()

    @pytest.mark.parametrize(
        ("methods", "attributes", "field"),
        [
            ("card", {}, "Card number"),
            ("mobile_money", {}, "Mobile number"),
            (BOTH, {"method": "card"}, "Card number"),
            (BOTH, {"method": "mobile_money"}, "Mobile number"),
        ],
    )
    def test_is_not_asked_for_where_there_is_one(
        self, form: FormPage, methods: str, attributes: dict[str, str], field: str
    ) -> None:
        opens(form, methods=methods, **attributes)
        expect(form.field(field)).to_be_visible()
        expect(form.page.get_by_role("radio", name="Card")).to_have_count(0)

    def test_method_that_the_shop_does_not_take(self, form: FormPage) -> None:
        opens(form, methods="card", method="mobile_money")
        expect(form.form).to_contain_text("cannot be paid this way")
        expect(form.pay_button).to_have_count(0)

    def test_dollars_are_paid_by_card(self, form: FormPage) -> None:
        dollars = {"totalPrice": {"gross": {"amount": 10, "currency": "USD"}}}
        opens(form, checkout=dollars)
        expect(form.field("Card number")).to_be_visible()
        expect(form.page.get_by_role("radio")).to_have_count(0)


class TestNumber:
    @pytest.mark.parametrize(
        ("typed", "shown", "network"),
        [
            ("0722000111", "0722 000 111", "Airtel"),
            ("+250 788 000 111", "0788 000 111", "MTN"),
            ("٠٧٣٠٠٠٠١١١", "0730 000 111", "Airtel"),
        ],
    )
    def test_is_read_and_suggests_its_network(
        self, form: FormPage, typed: str, shown: str, network: str
    ) -> None:
        opens(form, methods="mobile_money")
        form.field("Mobile number").fill(typed)
        form.field("Mobile number").blur()
        expect(form.field("Mobile number")).to_have_value(shown)
        expect(chosen(form, network)).to_be_checked()

    def test_network_that_the_customer_has_chosen_stays(self, form: FormPage) -> None:
        opens(form, methods="mobile_money")
        chosen(form, "Airtel").check()
        form.field("Mobile number").fill("0788 000 111")
        expect(chosen(form, "Airtel")).to_be_checked()

    def test_is_asked_for_again_if_it_is_none(self, form: FormPage) -> None:
        opens(form, methods="mobile_money")
        form.field("Mobile number").fill("0788")
        form.pay_button.click()
        expect(form.field("Mobile number")).to_be_focused()
        expect(form.form).to_contain_text("This is not a Rwandan mobile number")
        assert form.steps() == []

    def test_page_that_is_not_secure_can_take_it(self, form: FormPage) -> None:
        form.page.add_init_script(
            "Object.defineProperty(globalThis, 'isSecureContext', { value: false })"
        )
        opens(form, "paid()")
        expect(form.page.get_by_role("radio", name="Card")).to_have_count(0)
        form.pay_button.click()
        form.sees_order()


class TestWait:
    @APIS
    def test_says_what_to_do_and_ends_with_the_order(
        self, form: FormPage, api: str
    ) -> None:
        opens(
            form, APPROVE, APPROVE, APPROVE, "paid()", methods="mobile_money", api=api
        )
        form.pay_button.click()
        form.sees_heading("Approve on your phone")
        told = form.form
        expect(told).to_contain_text("MTN asks you to approve 12,000 Frw")
        expect(told).to_contain_text("ends in 456")
        expect(told).to_contain_text("never on this page")
        expect(told).to_contain_text(re.compile("Last checked at "))
        form.sees_order()
        assert form.steps() == ["mobile_money", "wait", "wait", "wait"]

    def test_survives_a_reload(self, form: FormPage) -> None:
        opens(form, APPROVE, *[APPROVE] * 40, methods="mobile_money")
        form.pay_button.click()
        form.sees_heading("Approve on your phone")
        opens(form, APPROVE, "paid()", methods="mobile_money", remembers=True)
        form.sees_order()

    def test_never_offers_to_pay_again(self, form: FormPage) -> None:
        form.page.clock.install()
        opens(form, *[APPROVE] * 60, methods="mobile_money")
        form.pay_button.click()
        form.sees_heading("Approve on your phone")
        for _ in range(40):
            form.page.clock.run_for(15_000)
        expect(form.form).to_contain_text("Do not pay again")
        expect(form.form.get_by_role("button")).to_have_text(["Check now"])
        assert form.steps().count("mobile_money") == 1

    @pytest.mark.parametrize("language", ["fr", "rw"])
    def test_speaks_the_page_s_language(self, form: FormPage, language: str) -> None:
        opens(form, *[APPROVE] * 40, methods="mobile_money", lang=language)
        form.form.get_by_role("button").click()
        title = {"fr": "Approuvez sur votre téléphone", "rw": "Emereza kuri telefone"}
        form.sees_heading(title[language])


class TestPageOfTheNetwork:
    REDIRECT = (
        'asks({ type: "redirect", redirect_url: "https://mtn.example/",'
        ' network: "MTN" })'
    )

    @pytest.mark.parametrize(
        ("language", "title"),
        [
            ("en", "Confirm at MTN"),
            ("fr", "Confirmez auprès de MTN"),
            ("rw", "Emereza kuri MTN"),
        ],
    )
    def test_is_no_bank_s(self, form: FormPage, language: str, title: str) -> None:
        form.page.route("https://mtn.example/", lambda route: route.fulfill(status=204))
        opens(form, self.REDIRECT, methods="mobile_money", lang=language)
        form.form.locator("button[type=submit]").click()
        form.sees_heading(title)
        shown = form.form.locator("h2, p, button").all_inner_texts()
        assert not re.search("card|bank|carte|banque|ikarita|banki", " ".join(shown))


class TestFileThatCannotBeHad:
    def test_leaves_the_card(self, form: FormPage) -> None:
        form.page.route("**/form/mobile-money.js", lambda route: route.abort())
        opens(form, "paid()")
        expect(form.page.get_by_role("radio")).to_have_count(0)
        form.pays()
        form.sees_order()

    def test_is_asked_for_again_where_no_card_is_taken(self, form: FormPage) -> None:
        form.page.route("**/form/mobile-money.js", lambda route: route.abort(), times=1)
        opens(form, "paid()", methods="mobile_money")
        form.sees_heading("The shop cannot be reached")
        form.button("Check now").click()
        form.pay_button.click()
        form.sees_order()


class TestRefusal:
    @pytest.mark.parametrize(
        ("code", "told", "focused"),
        [
            ("approval_rejected", "rejected on your phone", "Mobile number"),
            ("wallet_insufficient_funds", "not have enough money", "Mobile number"),
            ("wallet_not_found", "no mobile money with that", "Mobile number"),
            ("mobile_money_refused", "not accepted", "Mobile number"),
        ],
    )
    @APIS
    def test_keeps_the_number_and_can_be_paid_anew(
        self, form: FormPage, api: str, code: str, told: str, focused: str
    ) -> None:
        opens(
            form,
            APPROVE,
            f'fails("Refused. ({code})")',
            "paid()",
            methods="mobile_money",
            api=api,
        )
        form.pay_button.click()
        expect(form.form).to_contain_text(told)
        expect(form.field(focused)).to_be_focused()
        expect(form.field("Mobile number")).to_have_value("0788 123 456")
        form.pay_button.click()
        form.sees_order()

    def test_card_pays_after_it(self, form: FormPage) -> None:
        refused = 'fails("Refused. (approval_expired)")'
        opens(form, APPROVE, refused, "paid()")
        chosen(form, "Mobile money").check()
        form.pay_button.click()
        expect(form.form).to_contain_text("not approved in time")
        chosen(form, "Card").check()
        form.pays()
        form.sees_order()
        assert form.steps() == ["mobile_money", "wait", "card"]


VIEWS = {
    "choice": (),
    "number": (),
    "wait": (APPROVE.replace("200", "60000"),),
    "refused": ('fails("A sentence. (approval_rejected)")',),
}


@in_each_look
@in_each_root_font
@in_each_width
def test_each_view_in_each_size(
    chromium: Browser,
    snippet_url: str,
    snippet: Path,
    width: int,
    root_font: int,
    looks: Any,
) -> None:
    """axe finds nothing, and nothing sticks out of the screen."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, locale="en-GB", **looks
    )
    form = FormPage(context.new_page(), snippet_url)
    wrong = {}
    for name, answers in VIEWS.items():
        opens(form, *answers)
        set_root_font(form, root_font)
        expect(form.pay_button).to_be_visible()
        if name != "choice":
            chosen(form, "Mobile money").check()
        if answers:
            form.pay_button.click()
            told = form.form.locator("h2, .alert:not(:empty)")
            expect(told).to_have_text(re.compile("Approve|rejected"))
        if faults := faults_of(form.page, snippet):
            wrong[name] = faults
    context.close()
    assert wrong == {}


class TestAtTheStore:
    @APIS
    def test_number_is_approved_on_the_handset(
        self, customer: Customer, store: Store, sandbox: Sandbox
    ) -> None:
        customer.page.get_by_role("radio", name="Mobile money").check()
        number = customer.field("Mobile number")
        number.fill(wallets.DECIDED_ON_THE_HANDSET)
        customer.presses_pay()
        customer.sees_heading("Approve on your phone")
        customer.sees("ends in 014")
        reference = sandbox.charge(customer.checkout.email)["dgs_reference"]

        sandbox.on_the_handset(reference, "approve")

        customer.sees_order()
        assert_paid_once(store, sandbox, customer.checkout)

    @pytest.mark.parametrize("device", [PHONE])
    def test_rejected_and_then_a_card(
        self, customer: Customer, store: Store, sandbox: Sandbox
    ) -> None:
        customer.page.get_by_role("radio", name="Mobile money").check()
        customer.field("Mobile number").fill(wallets.DECIDED_ON_THE_HANDSET)
        customer.presses_pay()
        customer.sees_heading("Approve on your phone")
        reference = sandbox.charge(customer.checkout.email)["dgs_reference"]
        sandbox.on_the_handset(reference, "reject")
        customer.sees_alert("rejected on your phone")

        customer.page.get_by_role("radio", name="Card").check()
        customer.pays_with(cards.APPROVED)

        customer.sees_order()
        assert_paid_once(store, sandbox, customer.checkout)
