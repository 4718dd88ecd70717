"""The README's card form, opened as it stands."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SNIPPET
from tests.hosts.host import Host
from tests.readme.readme import blocks
from tests.scenarios import cards
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

SHOP = "http://127.0.0.1:3000"


def test_one_script_tag_one_element_one_line(
    page: Page, host: Host, store: Store, sandbox: Sandbox
) -> None:
    (html,) = (block.text for block in blocks("html"))
    checkout = store.new_checkout()
    html = html.replace("https://shop.example", host.url)
    html = re.sub('checkout-id="[^"]+"', f'checkout-id="{checkout.id}"', html)
    page.route(f"{SHOP}/**", lambda route: route.fulfill(body="", status=404))
    page.route(
        f"{SHOP}/checkout",
        lambda route: route.fulfill(body=html, content_type="text/html"),
    )
    page.route(
        f"{SHOP}/card-form.esm.js",
        lambda route: route.fulfill(path=SNIPPET / "dist/card-form.esm.js"),
    )

    page.goto(f"{SHOP}/checkout")
    page.get_by_label("Card number").fill(cards.APPROVED)
    page.get_by_label("Expiry date").fill("12 / 30")
    page.get_by_label("Security code").fill("737")
    page.get_by_role("button", name="Pay").click()

    page.wait_for_url(f"{SHOP}/thanks/*")
    order = store.order(checkout)
    expect(page).to_have_url(f"{SHOP}/thanks/{order['number']}")
    assert_paid_once(store, sandbox, checkout)
