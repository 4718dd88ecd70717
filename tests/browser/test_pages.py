"""The form in pages of all kinds: twice, in frames, in shadow trees, in any size."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.form_page import FormPage
from tests.browser.views import (
    faults_of,
    in_each_look,
    in_each_root_font,
    in_each_width,
    set_root_font,
)

BANK = "/test/bank.html"
REDIRECT = f"asks({{ type: 'redirect', redirect_url: location.origin + '{BANK}' }})"


def test_script_that_is_loaded_twice(form: FormPage, snippet: Path) -> None:
    form.opens("paid()")
    for _ in range(2):
        form.page.add_script_tag(url="/dist/card-form.global.js")
    form.pays()
    form.sees_order()


def test_in_another_shadow_tree_it_speaks_the_pages_language(form: FormPage) -> None:
    form.opens("WAIT", "paid()")
    form.page.evaluate(
        """() => {
            const host = document.createElement("section");
            host.lang = "fr";
            document.body.append(host);
            const form = document.querySelector("dgspay-card-form");
            host.attachShadow({ mode: "open" }).append(form);
        }"""
    )
    button = form.page.locator("dgspay-card-form button[type=submit]")
    expect(button).to_have_text(re.compile("Payer"))
    form.page.evaluate("() => { document.querySelector('section').lang = 'rw'; }")
    expect(button).to_have_text(re.compile("Ishyura"))
    form.page.evaluate("() => { document.querySelector('section').lang = 'en'; }")
    form.pays()
    form.sees_order()


def test_in_a_frame_without_an_address(form: FormPage) -> None:
    form.opens()
    form.page.evaluate(
        """() => {
            document.querySelector("dgspay-card-form").remove();
            const frame = document.createElement("iframe");
            frame.srcdoc = `<script type="module">
                import { FakeShop, CHECKOUT_ID, paid } from "/test/fake-shop.js";
                import "/card-form.js";
                window.shop = new FakeShop("transactions", paid());
                const form = document.createElement("dgspay-card-form");
                form.execute = shop.execute;
                form.setAttribute("checkout-id", CHECKOUT_ID);
                document.body.append(form);
            </` + "script>";
            document.body.append(frame);
        }"""
    )
    frame = form.page.frame_locator("iframe")
    frame.get_by_label("Card number").fill("4242424242424242")
    frame.get_by_label("Expiry date").fill("1230")
    frame.get_by_label("Security code").fill("737")
    frame.get_by_role("button", name="Pay").click()
    expect(frame.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_pages_own_query_is_left_alone(form: FormPage) -> None:
    query = "?payment=card&transaction=7&q=a%20b+c"
    form.opens("paid()", path=f"/test/page.html{query}")
    form.pays()
    form.sees_order()
    assert form.page.url.endswith(query)


def test_what_is_inside_is_shown_where_the_script_does_not_run(page: Page) -> None:
    page.set_content("<dgspay-card-form><p>Needs JavaScript.</p></dgspay-card-form>")
    expect(page.get_by_text("Needs JavaScript.")).to_be_visible()


def test_what_is_inside_is_not_shown_beside_the_form(form: FormPage) -> None:
    form.opens()
    form.page.evaluate(
        """() => {
            const inside = document.createElement("p");
            inside.textContent = "Needs JavaScript.";
            document.querySelector("dgspay-card-form").append(inside);
        }"""
    )
    expect(form.pay_button).to_be_visible()
    expect(form.page.get_by_text("Needs JavaScript.")).not_to_be_visible()


def test_browser_without_constructed_style_sheets(form: FormPage) -> None:
    form.page.add_init_script("delete ShadowRoot.prototype.adoptedStyleSheets")
    form.opens()
    expect(form.pay_button).to_have_css("background-color", "rgb(29, 78, 216)")
    form.pays()


def test_browser_without_light_dark_has_plain_colours(form: FormPage) -> None:
    """What is declared first holds where the block that is asked for does not."""
    form.opens()
    form.form.locator("input").first.wait_for()
    plain = form.page.evaluate(
        """() => {
            const { shadowRoot } = document.querySelector("dgspay-card-form");
            const [sheet] = shadowRoot.adoptedStyleSheets;
            const rules = [...sheet.cssRules];
            const conditional = rules.filter((rule) => rule instanceof CSSSupportsRule);
            const others = rules.filter((rule) => !(rule instanceof CSSSupportsRule));
            for (const rule of conditional) {
                sheet.deleteRule([...sheet.cssRules].indexOf(rule));
            }
            const style = getComputedStyle(shadowRoot.querySelector("input"));
            return [others.map((rule) => rule.cssText).join("").includes("light-dark"),
                    style.borderTopColor, style.backgroundColor];
        }"""
    )
    assert plain == [False, "rgb(138, 147, 168)", "rgb(255, 255, 255)"]


def test_spinner_seems_to_turn_in_forced_colours(form: FormPage) -> None:
    """A ring of one colour looks the same however it is turned."""
    form.page.emulate_media(forced_colors="active")
    form.opens('asks({ type: "wait", poll_after_ms: 60_000 })')
    form.pays()
    form.sees_heading("Your bank is checking")
    sides = form.form.locator(".mood").evaluate(
        """mood => {
            const { borderTopColor, borderBottomColor } = getComputedStyle(mood);
            return [borderTopColor, borderBottomColor];
        }"""
    )
    assert sides[0] != sides[1]


def test_buttons_have_borders_in_forced_colours(form: FormPage) -> None:
    """Their faces are taken away."""
    form.page.emulate_media(forced_colors="active")
    form.opens()
    expect(form.pay_button).to_have_css("border", "1px solid rgb(0, 0, 0)")


def test_large_type_in_a_small_page_leaves_the_amount_in_one_piece(
    form: FormPage,
) -> None:
    form.page.set_viewport_size({"width": 320, "height": 800})
    form.opens()
    set_root_font(form, 200)
    lines = form.pay_button.evaluate(
        """button => {
            const amount = document.createRange();
            amount.setStart(button.firstChild, "Pay ".length);
            amount.setEndAfter(button.firstChild);
            return amount.getClientRects().length;
        }"""
    )
    assert lines == 1


class TestBankInADialog:
    @pytest.fixture(autouse=True)
    def bank(self, page: Page) -> None:
        page.route(
            f"**{BANK}",
            lambda route: route.fulfill(
                body="<h1>Your bank</h1><a href='/test/page.html'>Approve</a>",
                content_type="text/html",
            ),
        )

    def test_is_answered_there(self, form: FormPage) -> None:
        form.opens(REDIRECT, REDIRECT, "paid()", bank="dialog")
        form.pays()
        frame = form.page.frame_locator("iframe")
        frame.get_by_role("link", name="Approve").click()
        form.sees_order()
        expect(form.page.locator("dialog")).to_have_count(0)
        assert form.page.url.endswith("/test/page.html")

    def test_is_closed_and_opened_again(self, form: FormPage) -> None:
        form.opens(REDIRECT, REDIRECT, REDIRECT, bank="dialog")
        form.pays()
        form.button("Close").click()
        form.sees_heading("Confirm at your bank")
        form.button("Go to your bank").click()
        expect(form.page.locator("dialog")).to_be_visible()

    def test_stays_open_while_the_page_changes_its_language(
        self, form: FormPage
    ) -> None:
        form.opens(REDIRECT, REDIRECT, bank="dialog")
        form.pays()
        expect(form.page.locator("dialog")).to_be_visible()
        form.page.evaluate("() => { document.documentElement.lang = 'fr'; }")
        expect(form.form.locator("h2")).to_have_text("Confirmez auprès de votre banque")
        expect(form.page.locator("dialog")).to_be_visible()

    def test_goes_to_the_bank_where_the_frame_is_empty(self, form: FormPage) -> None:
        form.opens(REDIRECT, REDIRECT, bank="dialog")
        form.pays()
        form.page.locator("dialog").get_by_role(
            "button", name="Go to your bank"
        ).click()
        form.page.wait_for_url(f"**{BANK}")

    def test_goes_to_the_bank_where_the_page_forbids_frames(
        self, form: FormPage
    ) -> None:
        form.opens(REDIRECT, bank="dialog")
        form.page.evaluate(
            """() => {
                const meta = document.createElement("meta");
                meta.httpEquiv = "Content-Security-Policy";
                meta.content = "frame-src 'none'";
                document.head.append(meta);
            }"""
        )
        form.pays()
        form.page.wait_for_url(f"**{BANK}")


STEPS = {
    "card": "",
    "pin": "PIN",
    "code": 'asks({ type: "otp" })',
    "address": 'asks({ type: "avs" })',
    "bank": REDIRECT,
    "refused": 'fails("Declined. (declined)")',
    "ended": 'fails("Charged. (paid_without_order)")',
    "doubt": 'fails("Wait. (payment_in_doubt)")',
    "missing": 'fails("Voucher. (voucher_not_applicable)")',
    "paid": "paid()",
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
    for name, step in STEPS.items():
        form.opens(*[step] * bool(step))
        set_root_font(form, root_font)
        form.page.evaluate(
            """() => {
                document.addEventListener("dgspay-step",
                    (event) => event.preventDefault());
            }"""
        )
        if step:
            form.pays()
            expect(
                form.field("Security code").or_(form.form.locator("h2"))
            ).to_be_visible()
            form.page.wait_for_timeout(150)
        if faults := faults_of(form.page, snippet):
            wrong[name] = faults
    context.close()
    assert wrong == {}
