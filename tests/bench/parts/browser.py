"""What the card form costs the customer's phone."""

import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from dgspay_plugin.sandbox.credentials import ENCRYPTION_KEY
from tests.bench.results import Part, Row
from tests.bench.shop import Shop
from tests.browser.conftest import CHROMIUM, SNIPPET
from tests.browser.static_site import static_site

VISITS = 5
# The phone and the network of Lighthouse's mobile audit.
TIMES_SLOWER = 4
SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
MOST_MS_TO_ENCRYPT = 10
MOST_MS_TO_TYPE = 3_000

FORM = """<!doctype html>
<script src="/dist/card-form.esm.js" type="module"></script>
<dgspay-card-form graphql-url="{graphql_url}" checkout-id="{checkout_id}">
</dgspay-card-form>
"""
WAIT_UNTIL_INTERACTIVE = """() => new Promise((resolve) => {
  const look = () => {
    const form = document.querySelector("dgspay-card-form");
    const field = form?.shadowRoot?.querySelector("input:enabled");
    if (field) resolve(performance.now());
    else setTimeout(look, 5);
  };
  look();
})"""
# A browser's clock is too coarse for one.
ENCRYPT = """async (key) => {
  const { encryptCard } = await import("/dist/encrypt.esm.js");
  const card = {
    number: "4242424242424242", expiryMonth: "12", expiryYear: "2030", cvv: "737",
  };
  const taken = [];
  for (let round = 0; round < 50; round += 1) {
    const started = performance.now();
    for (let time = 0; time < 10; time += 1) await encryptCard(card, key);
    taken.push((performance.now() - started) / 10);
  }
  return taken.sort((a, b) => a - b)[25];
}"""


def measure(shop: Shop) -> Part:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "dist").symlink_to(SNIPPET / "dist")
        page = FORM.format(
            graphql_url=f"{shop.host.url}/graphql/",
            checkout_id=shop.store.new_checkout().id,
        )
        (Path(folder) / "index.html").write_text(page)
        with static_site(Path(folder)) as url:
            ready = [_milliseconds_to_type(url) for _ in range(VISITS)]
            with _slow_phone() as phone:
                phone.goto(url)
                encrypt = phone.evaluate(ENCRYPT, ENCRYPTION_KEY)
    return Part(
        "The customer's phone",
        f"Chromium with a processor {TIMES_SLOWER} times slower, 1.6 Mbit/s and 150 ms "
        "of latency. Ready means from the click on the link until a digit can be "
        "typed: page, script (served as it is, not compressed) and the store's answer.",
        [
            Row(
                "`encryptCard`",
                encrypt,
                "ms",
                at_most=MOST_MS_TO_ENCRYPT,
                is_shown=True,
            ),
            Row(
                f"card form ready, median of {VISITS} visits",
                statistics.median(ready),
                "ms",
                at_most=MOST_MS_TO_TYPE,
                is_shown=True,
            ),
            *_sizes(),
        ],
    )


def _milliseconds_to_type(url: str) -> float:
    with _slow_phone() as phone:
        phone.goto(url, wait_until="commit")
        milliseconds: float = phone.evaluate(WAIT_UNTIL_INTERACTIVE)
    return milliseconds


@contextmanager
def _slow_phone() -> Iterator[Page]:
    """A page whose browser has cached nothing."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        devtools = page.context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": TIMES_SLOWER})
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        yield page
        browser.close()


def _sizes() -> list[Row]:
    """What ``npm run size`` says of the ES modules."""
    sizes = subprocess.run(
        ["node", "scripts/size.js"],
        cwd=SNIPPET,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = re.findall(r"(\S+\.esm\.js) +(\d+) of (\d+) bytes gzipped", sizes)
    return [
        Row(f"`{file}`, gzipped", int(size), "bytes", at_most=int(limit), is_shown=True)
        for file, size, limit in found
    ]
