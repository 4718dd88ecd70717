"""A customer at a storefront's page, and what their browser lets out."""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import urlencode

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
)

from dgspay_plugin.sandbox.credentials import RIGHT_OTP, RIGHT_PIN
from tests.scenarios.store import Checkout

Device = dict[str, Any]
"""Options of a browser context."""

Api = Literal["transactions", "payments"]
"""Which of Saleor's two APIs the form pays by."""

PHONE: Device = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: Device = {"viewport": {"width": 1280, "height": 800}}

CVV = "737"

# Everything that the page keeps: both storages, and all that is shown or filled in,
# inside the card form's shadow tree too.
KEPT_BY_PAGE = """() => {
    const texts = [JSON.stringify(sessionStorage), JSON.stringify(localStorage)];
    const visit = (root) => {
        for (const element of root.querySelectorAll("*")) {
            texts.push(element.cloneNode(false).outerHTML ?? "");
            // Of an item of a list it is a number.
            texts.push(String(element.value ?? ""));
            for (const node of element.childNodes) {
                if (node.nodeType === Node.TEXT_NODE) texts.push(node.data);
            }
            if (element.shadowRoot) visit(element.shadowRoot);
        }
    };
    // The example's own list of cards to try is no leak.
    const list = document.querySelector("details");
    list?.remove();
    visit(document);
    if (list) document.querySelector("section").append(list);
    return texts;
}"""


class Customer:
    def __init__(
        self,
        context: BrowserContext,
        shop: str,
        checkout: Checkout,
        api: Api = "transactions",
    ) -> None:
        self.checkout = checkout
        self.api = api
        self._shop = shop
        self._typed: set[str] = set()
        self._sent: list[str] = []
        """The URL and the body of every request."""
        self.console: list[str] = []
        self.context = context
        context.on("request", self._note_request)
        context.on("console", self._note_console)
        context.add_init_script(
            f"""if (location.href.startsWith({json.dumps(shop)})) {{
                sessionStorage.checkout ??= {json.dumps(checkout.id)};
            }}"""
        )
        self.page: Page = context.new_page()

    def on_another_device(self, context: BrowserContext) -> "Customer":
        """The same customer with the same checkout, in a browser that knows nothing."""
        return Customer(context, self._shop, self.checkout, self.api)

    # --- what a customer does -----------------------------------------------------

    def opens_shop(self, **query: str) -> None:
        """Open its page, which leaves the choice of the API to the form if it can."""
        forced = {} if self.api == "transactions" else {"api": self.api}
        self.page.goto(f"{self._shop}?{urlencode({**forced, **query})}")

    def types_card(self, number: str, expiry: str = "12/30", cvv: str = CVV) -> None:
        """Type key by key, as the form formats while somebody types.

        What a refusal has left in a field is replaced.
        """
        self._typed |= {number, cvv}
        for label, value in {
            "Card number": number,
            "Expiry date": expiry,
            "Security code": cvv,
        }.items():
            self.field(label).fill("")
            self.field(label).press_sequentially(value)

    def presses_pay(self) -> None:
        self.pay_button.click()

    def pays_with(self, number: str) -> None:
        self.types_card(number)
        self.presses_pay()

    def answers_pin(self, pin: str = RIGHT_PIN) -> None:
        self._typed.add(pin)
        self.field("PIN").press_sequentially(pin)
        self.presses("Confirm")

    def answers_otp(self, otp: str = RIGHT_OTP) -> None:
        self.field("One-time code").press_sequentially(otp)
        self.presses("Confirm")

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button).click()

    def approves_at_bank(self) -> None:
        self.sees_bank()
        self.presses("Approve")

    # --- what a customer sees -----------------------------------------------------

    @property
    def pay_button(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile(r"^Pay "))

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def sees(self, text: str) -> None:
        expect(self.form.get_by_text(text).first).to_be_visible(timeout=20_000)

    def sees_heading(self, text: str) -> None:
        heading = self.form.get_by_role("heading", name=text)
        expect(heading).to_be_visible(timeout=20_000)

    def sees_alert(self, text: str) -> None:
        expect(self.page.get_by_role("alert").filter(has_text=text)).to_be_visible(
            timeout=20_000
        )

    def sees_order(self) -> None:
        self.sees_heading("Paid. Thank you!")

    def sees_card_fields(self) -> None:
        expect(self.field("Card number")).to_be_visible(timeout=20_000)

    def sees_bank(self) -> None:
        self.page.wait_for_url("**/bank/**", timeout=20_000)

    @property
    def form(self) -> Locator:
        return self.page.locator("dgspay-card-form")

    def assert_paid_by_its_api(self) -> None:
        """The requests that the page has sent are those of one API alone."""
        sent = " ".join(self._sent)
        started = {
            "transactions": "transactionInitialize" in sent,
            "payments": "checkoutPaymentCreate" in sent,
        }
        assert [api for api, was_sent in started.items() if was_sent] == [self.api]

    # --- what must not get out ----------------------------------------------------

    def kept_by_page(self) -> list[str]:
        return self.page.evaluate(KEPT_BY_PAGE)

    def assert_nothing_leaked(self) -> None:
        """Search requests, console, storage and page for what was typed."""
        places = {
            "requests": self._sent,
            "console": self.console,
            "page": self.kept_by_page(),
        }
        for place, texts in places.items():
            leaked = list(found_in(texts, self._typed))
            assert not leaked, f"typed data in {place}: {leaked}"

    def _note_request(self, request: Request) -> None:
        self._sent += [request.url, request.post_data or ""]

    def _note_console(self, message: ConsoleMessage) -> None:
        self.console.append(message.text)


def found_in(texts: list[str], typed: set[str]) -> Iterator[str]:
    """What of the typed is in a text, however it is spaced, as a word of its own.

    A short PIN stands in many a ciphertext and id by chance, but not alone.
    """
    for secret in typed:
        spaced = r"[ -]?".join(secret)
        word = re.compile(rf"(?<![0-9A-Za-z+/=_-]){spaced}(?![0-9A-Za-z+/=_-])")
        if any(word.search(text) for text in texts):
            yield secret
