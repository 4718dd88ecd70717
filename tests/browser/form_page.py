"""The card form on a page of its own, with a shop that answers as the test says.

Nothing but the browser takes part: the shop is ``frontend_snippet/test/fake-shop.js``.
"""

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

CARD = {"Card number": "4242 4242 4242 4242", "Expiry date": "12/30"}
CVV = "737"

OPEN = """async ([script, api, answers, attributes, checkout, texts, config]) => {
    const tools = await import("/test/fake-shop.js");
    await import(script);
    const names = Object.keys(tools);
    const make = new Function(...names, `return [${answers}];`);
    const shop = new tools.FakeShop(api, ...make(...Object.values(tools)));
    Object.assign(shop.checkout, checkout);
    shop.config = { ...shop.config, ...config };
    window.shop = shop;
    window.events = [];
    for (const name of ["order", "error", "missing", "step"]) {
        document.addEventListener(`dgspay-${name}`, ({ type, detail }) =>
            window.events.push([type, detail]));
    }
    const form = document.createElement("dgspay-card-form");
    form.execute = (...request) => window.shop.execute(...request);
    if (texts) form.texts = texts;
    for (const [name, value] of Object.entries(attributes)) {
        form.setAttribute(name, value);
    }
    document.querySelector("main").append(form);
}"""


class FormPage:
    def __init__(
        self, page: Page, snippet_url: str, script: str = "/card-form.js"
    ) -> None:
        self.page = page
        self.url = snippet_url
        self._script = script
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def opens(
        self,
        *answers: str,
        api: str = "transactions",
        checkout: dict[str, Any] | None = None,
        texts: dict[str, str] | None = None,
        config: dict[str, str] | None = None,
        path: str = "/test/page.html",
        remembers: bool = False,
        **attributes: str,
    ) -> None:
        """Open the form at a shop with these answers, as JavaScript of fake-shop.js."""
        self.page.goto(f"{self.url}{path}")
        if not remembers:
            self.page.evaluate("() => localStorage.clear()")
        given = {"checkout-id": "Q2hlY2tvdXQ6MQ==", **_attributes(attributes)}
        what = [api, ", ".join(answers), given, checkout or {}, texts, config]
        self.page.evaluate(OPEN, [self._script, *what])

    @property
    def form(self) -> Locator:
        return self.page.locator("dgspay-card-form")

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    @property
    def pay_button(self) -> Locator:
        return self.button(re.compile(r"^Pay "))

    def types_card(self, **others: str) -> None:
        for label, value in {**CARD, "Security code": CVV, **others}.items():
            self.field(label).fill(value)

    def pays(self) -> None:
        self.types_card()
        self.pay_button.click()

    def answers(self, label: str, value: str) -> None:
        self.field(label).fill(value)
        self.button("Confirm").click()

    def sees_heading(self, text: str) -> None:
        expect(self.form.get_by_role("heading", name=text)).to_be_visible()

    def sees_order(self) -> None:
        self.sees_heading("Paid. Thank you!")

    def card(self) -> tuple[str, str, str]:
        """What the three fields of the card hold."""
        labels = ("Card number", "Expiry date", "Security code")
        number, expiry, cvv = (self.field(label).input_value() for label in labels)
        return number, expiry, cvv

    def events(self, name: str) -> list[Any]:
        told: list[list[Any]] = self.page.evaluate("() => window.events")
        return [detail for event, detail in told if event == f"dgspay-{name}"]

    def steps(self) -> list[str]:
        """The types of what the plugin was asked."""
        types: list[str] = self.page.evaluate("() => shop.steps.map((s) => s.type)")
        return types

    def operations(self, name: str) -> int:
        count: int = self.page.evaluate(f"() => shop.count({json.dumps(name)})")
        return count


def _attributes(given: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}
