"""``python -m tests.browser.screenshots``: take the README's pictures of each step."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, SNIPPET
from tests.browser.customer import DESKTOP, PHONE, Customer, Device
from tests.demo.storefront import storefront
from tests.hosts.slice import SliceHost
from tests.scenarios import cards, wallets
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

PICTURES = SNIPPET / "docs"


class Photographer:
    def __init__(
        self,
        browser: Browser,
        shop: str,
        store: Store,
        sandbox: Sandbox,
        folder: Path,
    ) -> None:
        self._browser = browser
        self._shop = shop
        self._store = store
        self._sandbox = sandbox
        self._folder = folder

    def take_all(self) -> None:
        for name, device in {"desktop": DESKTOP, "phone": PHONE}.items():
            self._pin_and_code(name, device)
            self._address_and_bank(name, device)
            self._decline(name, device)
            self._mobile_money(name, device)

    def _pin_and_code(self, name: str, device: Device) -> None:
        customer = self._customer(device)
        customer.types_card(cards.PIN_THEN_OTP)
        self._take(customer, f"card-{name}")
        customer.presses_pay()
        customer.field("PIN").wait_for()
        self._take(customer, f"pin-{name}")
        customer.answers_pin()
        customer.field("One-time code").wait_for()
        self._take(customer, f"code-{name}")
        customer.answers_otp()
        customer.sees_order()
        self._take(customer, f"paid-{name}")

    def _address_and_bank(self, name: str, device: Device) -> None:
        customer = self._customer(device)
        customer.pays_with(cards.ADDRESS_THEN_BANK_PAGE)
        customer.field("Country").wait_for()
        self._take(customer, f"address-{name}")
        customer.presses("Confirm")
        customer.sees_bank()
        customer.page.go_back()
        customer.sees_heading("Confirm at your bank")
        self._take(customer, f"bank-{name}")

    def _decline(self, name: str, device: Device) -> None:
        customer = self._customer({**device, "color_scheme": "dark"})
        customer.pays_with(cards.INSUFFICIENT_FUNDS)
        customer.sees_alert("does not have enough money")
        self._take(customer, f"declined-dark-{name}")

    def _mobile_money(self, name: str, device: Device) -> None:
        customer = self._customer(device)
        customer.page.get_by_role("radio", name="Mobile money").check()
        customer.field("Mobile number").fill(wallets.DECIDED_ON_THE_HANDSET)
        customer.field("Mobile number").blur()
        self._take(customer, f"mobile-money-{name}")
        customer.presses_pay()
        customer.sees_heading("Approve on your phone")
        customer.sees("Last checked at")
        self._take(customer, f"approve-{name}")
        charge = self._sandbox.charge(customer.checkout.email)
        self._sandbox.on_the_handset(charge["dgs_reference"], "reject")
        customer.sees_alert("rejected on your phone")
        self._take(customer, f"rejected-{name}")

    def _customer(self, device: Device) -> Customer:
        context = self._browser.new_context(**device, locale="en-GB")
        customer = Customer(context, self._shop, self._store.new_checkout())
        customer.opens_shop()
        customer.sees_card_fields()
        return customer

    def _take(self, customer: Customer, name: str) -> None:
        customer.page.screenshot(
            path=self._folder / f"{name}.png", animations="disabled"
        )


def main(folder: Path = PICTURES) -> None:
    folder.mkdir(exist_ok=True)
    with ExitStack() as started:
        host = SliceHost()
        started.callback(host.stop)
        host.start()
        logs = started.enter_context(tempfile.TemporaryDirectory())
        sandbox = started.enter_context(Sandbox(Path(logs)))
        store = Store(host)
        store.configure_for_sandbox(sandbox.url)
        shop = started.enter_context(storefront(host))
        playwright = started.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        started.callback(browser.close)
        Photographer(browser, shop, store, sandbox, folder).take_all()


if __name__ == "__main__":
    main()
