"""The README's card form, opened as it stands."""

import re
import shutil
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.static_site import static_site
from tests.docs.pages import blocks
from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store


def test_one_script_tag_one_element_one_line(
    page: Page,
    snippet: Path,
    tmp_path: Path,
    host: Host,
    store: Store,
    sandbox: Sandbox,
) -> None:
    (block,) = blocks("html")
    checkout = store.new_checkout()
    html = block.text.replace("https://shop.example", host.url)
    html = re.sub('checkout-id="[^"]+"', f'checkout-id="{checkout.id}"', html)

    (tmp_path / "checkout.html").write_text(f'<!doctype html><html lang="en">{html}')
    shutil.copy(snippet / "dist/card-form.esm.js", tmp_path)

    with static_site(tmp_path) as shop:
        page.goto(f"{shop}/checkout.html")
        _pay(page)
        page.wait_for_url(f"{shop}/thanks/*")

    assert page.url.endswith(f"/thanks/{store.order(checkout)['number']}")
    assert_paid_once(store, sandbox, checkout)


def _pay(page: Page) -> None:
    page.get_by_label("Card number").fill(cards.APPROVED)
    page.get_by_label("Expiry date").fill("12 / 30")
    page.get_by_label("Security code").fill("737")
    page.get_by_role("button", name="Pay").click()
