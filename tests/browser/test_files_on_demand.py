"""Files on demand of the built form: where one cannot be had, a customer pays."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.form_page import FormPage

BANK = "/test/bank.html"
REDIRECT = f"asks({{ type: 'redirect', redirect_url: location.origin + '{BANK}' }})"
ADDRESS = 'asks({ type: "avs" })'
CARD_OR_MOBILE_MONEY = {"payment_methods": "card,mobile_money"}
MOBILE_MONEY = {"payment_methods": "mobile_money"}
NUMBER = "4242424242424242"

Withhold = Callable[[str], None]
"""Lets the browser have all but the file of this name."""


@pytest.fixture
def form(page: Page, snippet_url: str) -> Iterator[FormPage]:
    page.set_default_timeout(15_000)
    page.route(
        f"**{BANK}",
        lambda route: route.fulfill(body="<h1>Bank</h1>", content_type="text/html"),
    )
    form = FormPage(page, snippet_url, "/dist/card-form.esm.js")
    yield form
    assert form.problems == []


def not_found(route: Route) -> None:
    route.fulfill(status=404, body="Not found")


def address_of(name: str) -> str:
    return f"**/card-form.{name}.*.js"


@pytest.fixture(params=["not found", "offline", "forbidden"])
def withhold(request: pytest.FixtureRequest, form: FormPage, snippet: Path) -> Withhold:
    def not_there(name: str) -> None:
        form.page.route(address_of(name), not_found)

    def offline(name: str) -> None:
        form.page.route(
            address_of(name), lambda route: route.abort("internetdisconnected")
        )

    def forbidden(name: str) -> None:
        """The page's policy names each file that it allows, and forgot this one."""
        allowed = [
            f"{form.url}/dist/{file.name}"
            for file in (snippet / "dist").glob("card-form.*.js")
            if f".{name}." not in file.name
        ]
        sources = " ".join([f"{form.url}/test/", "'unsafe-eval'", *allowed])

        def with_policy(route: Route) -> None:
            policy = {"Content-Security-Policy": f"script-src {sources}"}
            answer = route.fetch()
            route.fulfill(response=answer, headers={**answer.headers, **policy})

        form.page.route("**/test/page.html", with_policy)

    how: dict[str, Withhold] = {
        "not found": not_there,
        "offline": offline,
        "forbidden": forbidden,
    }
    return how[request.param]


class TestMobileMoney:
    def test_leaves_the_card(self, form: FormPage, withhold: Withhold) -> None:
        withhold("mobile-money")
        form.opens("paid()", config=CARD_OR_MOBILE_MONEY)
        form.pays()
        form.sees_order()
        expect(form.page.get_by_role("radio")).to_have_count(0)

    def test_is_offered_as_soon_as_it_can_be(self, form: FormPage) -> None:
        form.page.route(address_of("mobile-money"), not_found, times=1)
        form.opens('fails("Refused. (declined)")', config=CARD_OR_MOBILE_MONEY)
        form.types_card()
        form.page.evaluate("() => document.querySelector('dgspay-card-form').refresh()")
        expect(form.page.get_by_role("radio", name="Card")).to_be_checked()
        assert form.card() == ("4242 4242 4242 4242", "12 / 30", "737")

    def test_alone_says_so(self, form: FormPage, withhold: Withhold) -> None:
        withhold("mobile-money")
        form.opens(config=MOBILE_MONEY)
        form.sees_heading("The shop cannot be reached")
        expect(form.form.get_by_role("button")).to_have_text(["Check now"])

    @pytest.mark.parametrize("by", ["itself", "the button"])
    def test_alone_goes_on_by(self, form: FormPage, by: str) -> None:
        form.page.route(address_of("mobile-money"), not_found, times=1)
        form.opens("paid()", config=MOBILE_MONEY)
        form.sees_heading("The shop cannot be reached")
        if by == "itself":
            form.page.evaluate("() => dispatchEvent(new Event('online'))")
        else:
            form.button("Check now").click()
        form.pay_button.click()
        form.sees_order()


class TestCountries:
    def test_leave_the_known_one(self, form: FormPage, withhold: Withhold) -> None:
        withhold("countries")
        form.opens(ADDRESS, "paid()")
        form.pays()
        expect(form.field("Country").locator("option")).to_have_text(["Rwanda"])
        form.button("Confirm").click()
        form.sees_order()
        assert form.page.evaluate("() => shop.steps[1].avs_country") == "RW"

    def test_are_loaded_when_the_address_is_asked_for_again(
        self, form: FormPage
    ) -> None:
        form.page.route(address_of("countries"), not_found, times=1)
        form.opens(ADDRESS, ADDRESS, "paid()")
        form.pays()
        expect(form.field("Country").locator("option")).to_have_count(1)
        form.button("Confirm").click()
        form.field("Country").select_option("KE")
        form.button("Confirm").click()
        form.sees_order()
        assert form.page.evaluate("() => shop.steps[2].avs_country") == "KE"


class TestBankDialog:
    def test_gives_way_to_the_banks_page(
        self, form: FormPage, withhold: Withhold
    ) -> None:
        withhold("bank-dialog")
        form.opens(REDIRECT, bank="dialog")
        form.pays()
        form.page.wait_for_url(f"**{BANK}")

    def test_is_there_when_the_bank_is_opened_again(self, form: FormPage) -> None:
        form.page.route(address_of("bank-dialog"), not_found, times=1)
        form.opens(REDIRECT, bank="dialog")
        form.pays()
        form.page.wait_for_url(f"**{BANK}")
        form.opens(REDIRECT, bank="dialog", remembers=True)
        form.button("Go back to your bank").click()
        expect(form.page.locator("dialog")).to_be_visible()


class TestLanguage:
    def test_leaves_english(self, form: FormPage, withhold: Withhold) -> None:
        withhold("fr")
        form.opens("paid()", lang="fr")
        form.pays()
        form.sees_order()
        # A screen reader speaks it as what it is.
        expect(form.form.locator("[lang=en] h2")).to_be_visible()


class TestIntegrity:
    """The import map that ``npm run integrity`` prints."""

    ANSWERS = (ADDRESS, REDIRECT, REDIRECT)

    @pytest.fixture(autouse=True)
    def import_map(self, form: FormPage, snippet: Path) -> None:
        printed = subprocess.run(
            ["npm", "run", "--silent", "integrity"],
            cwd=snippet,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        tags = re.findall(r'<script type="importmap">.*</script>', printed, re.DOTALL)
        (tag,) = (tag.replace('"./', '"/dist/') for tag in tags)

        def with_import_map(route: Route) -> None:
            answer = route.fetch()
            body = answer.text().replace("</title>", f"</title>{tag}")
            route.fulfill(response=answer, body=body)

        form.page.route("**/test/page.html", with_import_map)

    @pytest.fixture
    def told(self, form: FormPage) -> list[str]:
        """What is on the console."""
        told: list[str] = []
        form.page.on("console", lambda message: told.append(message.text))
        return told

    def change(self, form: FormPage, file: str) -> None:
        """As whoever gets at the files of a shop would."""

        def changed(route: Route) -> None:
            answer = route.fetch()
            body = f"{answer.text()};console.log('changed');"
            route.fulfill(response=answer, body=body)

        form.page.route(f"**/dist/{file}", changed)

    def test_takes_all_files_as_they_were_built(
        self, form: FormPage, told: list[str]
    ) -> None:
        form.opens(*self.ANSWERS, lang="fr", bank="dialog", config=CARD_OR_MOBILE_MONEY)
        expect(form.page.get_by_role("radio", name="Carte")).to_be_checked()
        for name, typed in {"number": NUMBER, "expiry": "1230", "cvv": "737"}.items():
            form.form.locator(f"#{name}").fill(typed)
        form.form.locator("button[type=submit]").click()
        form.form.locator("#country").select_option("KE")
        form.form.locator("button[type=submit]").click()
        expect(form.page.locator("dialog")).to_be_visible()
        assert told == []

    def test_refuses_files_that_were_changed(
        self, form: FormPage, told: list[str]
    ) -> None:
        self.change(form, "card-form.*.*.js")
        form.opens(*self.ANSWERS, lang="fr", bank="dialog", config=CARD_OR_MOBILE_MONEY)
        form.pays()
        form.button("Confirm").click()
        form.page.wait_for_url(f"**{BANK}")

        assert "changed" not in told
        refused = re.findall(r"integrity.*card-form\.([a-z-]+)\.", "\n".join(told))
        assert set(refused) == {"fr", "mobile-money", "countries", "bank-dialog"}

    def test_refuses_a_form_that_was_changed(
        self, form: FormPage, told: list[str]
    ) -> None:
        self.change(form, "card-form.esm.js")
        with pytest.raises(Error, match="Failed to fetch"):
            form.opens()
        assert "changed" not in told
