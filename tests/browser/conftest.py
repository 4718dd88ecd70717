"""Chromium, the storefront snippet, and customers who use both."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    sync_playwright,
)

from tests.browser.customer import DESKTOP, Api, Customer, Device
from tests.browser.form_page import FormPage
from tests.browser.static_site import static_site
from tests.demo.storefront import storefront
from tests.scenarios.store import Store

if TYPE_CHECKING:
    from tests.hosts.host import Host

SNIPPET = Path(__file__).parents[2] / "frontend_snippet"
CHROMIUM = Path("/usr/bin/chromium")
# Chromium loads its address bar's own pages for every window, and one more process in
# case that somebody goes to another site. Both take longer than most tests.
NOBODY_SEES = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",
)
WITHOUT = "--disable-features="


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Chromium, for this folder's tests alone.

    While Playwright runs, this thread counts as asynchronous, and Django refuses to
    ask its database for the tests of other folders.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        # The last switch of its name counts alone, and Playwright's has names too.
        playwright_s_own = _features_disabled_by_playwright(playwright)
        without = ",".join([playwright_s_own, *NOBODY_SEES])
        browser = _launch(playwright, f"{WITHOUT}{without}")
        yield browser
        browser.close()


def _launch(playwright: Playwright, *switches: str) -> Browser:
    always = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
    return playwright.chromium.launch(
        executable_path=CHROMIUM, args=[*always, *switches]
    )


def _features_disabled_by_playwright(playwright: Playwright) -> str:
    browser = _launch(playwright)
    told = browser.new_browser_cdp_session().send("SystemInfo.getInfo")
    browser.close()
    switches: str = told["commandLine"]
    (names,) = re.findall(rf"{WITHOUT}(\S+)", switches)
    return str(names)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def form(page: Page, snippet_url: str) -> Iterator[FormPage]:
    """The form itself, at a shop that answers as each test says."""
    page.set_default_timeout(8_000)
    form = FormPage(page, snippet_url)
    yield form
    assert form.problems == []


@pytest.fixture(scope="session")
def snippet() -> Path:
    """The folder ``frontend_snippet`` with its bundles built."""
    # Only where it is outdated: another process of the run may be serving it.
    subprocess.run(
        ["make", "--silent", "frontend_snippet/dist/ready"],
        cwd=SNIPPET.parent,
        check=True,
    )
    return SNIPPET


@pytest.fixture(scope="session")
def snippet_url(snippet: Path) -> Iterator[str]:
    with static_site(snippet) as url:
        yield url


@pytest.fixture(scope="session")
def shop_page(host: "Host", store: Store, snippet: Path) -> Iterator[str]:
    """The plain example's page, selling what the store sells in RWF."""
    with storefront(host) as page:
        yield page


@pytest.fixture
def device() -> Device:
    return DESKTOP


@pytest.fixture
def api() -> Api:
    return "transactions"


@pytest.fixture
def customer(
    chromium: Browser, device: Device, api: Api, shop_page: str, store: Store
) -> Iterator[Customer]:
    """A customer at the checkout; in the end, nothing typed may have leaked."""
    context = chromium.new_context(**device, locale="en-GB")
    customer = Customer(context, shop_page, store.new_checkout(), api)
    customer.opens_shop()
    yield customer
    customer.assert_nothing_leaked()
    context.close()
