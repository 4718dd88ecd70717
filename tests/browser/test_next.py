"""The Next.js example, installed and built as a store would, and paid in."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customer import CVV
from tests.hosts.network import free_port, wait_until_answers
from tests.scenarios import cards
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

if TYPE_CHECKING:
    from tests.hosts.host import Host


@pytest.fixture(scope="module")
def built_example(snippet: Path) -> Path:
    example = snippet / "examples/next"
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        subprocess.run(
            command,
            cwd=example,
            check=True,
            env={**os.environ, "NEXT_TELEMETRY_DISABLED": "1"},
            timeout=280,
        )
    return example


@pytest.fixture(scope="module")
def next_url(
    built_example: Path, host: "Host", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    port = free_port()
    log = tmp_path_factory.mktemp("next") / "next.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [built_example / "node_modules/.bin/next", "start", f"--port={port}"],
            cwd=built_example,
            env={**os.environ, "SALEOR_API_URL": f"{host.url}/graphql/"},
            stdout=output,
            stderr=output,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_answers(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.mark.timeout(700)
def test_card_is_paid_and_the_router_says_thank_you(
    page: Page, next_url: str, store: Store, sandbox: Sandbox
) -> None:
    checkout = store.new_checkout()
    page.goto(f"{next_url}/checkout?{urlencode({'checkout': checkout.id})}")
    page.get_by_label("Card number").press_sequentially(cards.BANK_PAGE)
    page.get_by_label("Expiry date").press_sequentially("1230")
    page.get_by_label("Security code").press_sequentially(CVV)
    page.get_by_role("button", name="Pay").click()
    page.get_by_role("button", name="Approve").click()

    thanks = page.get_by_role("heading", name="Thank you for order")
    expect(thanks).to_be_visible(timeout=20_000)
    assert_paid_once(store, sandbox, checkout)
