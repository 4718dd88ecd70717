"""One payment with PIN and OTP, told step by step as it happens."""

import json
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_currency

from dgspay_plugin.sandbox.api import PREFIX as API
from dgspay_plugin.sandbox.credentials import RIGHT_OTP, RIGHT_PIN
from tests.demo.browser import Browser, TypedCard
from tests.demo.narrator import Narrator
from tests.scenarios import cards
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import PLUGIN_ID, Checkout, Completion, Store
from tests.scenarios.transactions_store import TransactionsStore

CARD = TypedCard(cards.PIN_THEN_OTP, expiry_month="12", expiry_year="2030", cvv="737")


@dataclass(frozen=True)
class Words:
    """What one of Saleor's APIs calls the steps of a payment."""

    title: str
    press: str
    answer: str
    last_answer: str
    question: str


WORDS = {
    "payments": Words(
        title="By Saleor's Payments API",
        press="checkoutPaymentCreate, then checkoutComplete",
        answer="checkoutComplete",
        last_answer="checkoutComplete",
        question="confirmationData",
    ),
    "transactions": Words(
        title="By Saleor's Transactions API",
        press="transactionInitialize",
        answer="transactionProcess",
        last_answer="transactionProcess, then checkoutComplete",
        question="CHARGE_ACTION_REQUIRED",
    ),
}


class NotPaid(Exception):
    """The store did not go on as it should; the message says what it said instead."""


def set_up(store: Store, sandbox: Sandbox, narrator: Narrator) -> None:
    """Configure the store as its owner does."""
    narrator.step("The owner sets up DGS-Pay in the dashboard")
    store.configure_for_sandbox(sandbox.url)
    narrator.says(
        "Store", "saves the fields of each channel once DGS-Pay accepts the keys"
    )


class Payment:
    """Told in the words of the API by which the store is paid."""

    def __init__(self, store: Store, sandbox: Sandbox, narrator: Narrator) -> None:
        self._store = store
        self._sandbox = sandbox
        self._narrator = narrator
        self._words = WORDS[store.api]
        self._told = len(sandbox.arrivals())
        """How many of the sandbox's requests have been told."""

    def run(self) -> None:
        """Pay, and check both sides' records.

        Raises:
            NotPaid: the store answered something else than it should, or the order,
                the payment and DGS-Pay's charge do not agree.
        """
        self._narrator.title(self._words.title)
        checkout = self._fill_basket()
        browser = self._open_payment(checkout)
        self._pay(checkout, browser)
        self._answer_pin(checkout, browser)
        self._answer_otp(checkout)
        self._compare_records(checkout)
        self._show_order(checkout)

    def _fill_basket(self) -> Checkout:
        self._narrator.step("A customer goes to the checkout")
        checkout = self._store.new_checkout()
        self._narrator.says("Browser", "checkoutCreate")
        due = {"amount": checkout.total, "currency": checkout.currency}
        self._narrator.says("Store", f"{_amount(due)} to pay")
        return checkout

    def _open_payment(self, checkout: Checkout) -> Browser:
        config = self._gateway_config(checkout)
        self._narrator.says(
            "Store",
            f"offers DGS-Pay and hands the browser {_listed(config)}. Never the API "
            "key.",
        )
        return Browser(config)

    def _gateway_config(self, checkout: Checkout) -> dict[str, str]:
        if isinstance(self._store, TransactionsStore):
            return dict(self._store.gateway_data(checkout.id) or {})
        gateway = self._store.gateways(checkout)[PLUGIN_ID]
        return {item["field"]: item["value"] for item in gateway["config"]}

    def _pay(self, checkout: Checkout, browser: Browser) -> None:
        self._narrator.step(f"The customer types card {_spaced(CARD.number)}")
        encrypted = browser.encrypt_card(CARD)
        ciphertexts = [name for name in encrypted if "encrypted" in name]
        self._narrator.says(
            "Browser",
            f"encrypts {len(ciphertexts)} fields with AES-256-GCM under one fresh "
            "nonce: number, month, year, CVV",
        )
        self._narrator.says("Browser", self._words.press)
        self._expect_question("pin", checkout, self._store.pay(checkout, encrypted))

    def _answer_pin(self, checkout: Checkout, browser: Browser) -> None:
        self._narrator.step(f"The customer types the card's PIN, {RIGHT_PIN}")
        encrypted = browser.encrypt_pin(RIGHT_PIN)
        self._narrator.says("Browser", f"encrypts it too, then {self._words.answer}")
        completion = self._store.complete(checkout, encrypted)
        self._expect_question("otp", checkout, completion)

    def _answer_otp(self, checkout: Checkout) -> None:
        self._narrator.step(f"The customer types the bank's code, {RIGHT_OTP}")
        answer = {"type": "otp", "auth_otp": RIGHT_OTP}
        self._narrator.says("Browser", self._words.last_answer)
        completion = self._store.complete(checkout, answer)
        if completion.order_id is None:
            self._tell_requests()
            raise NotPaid(description(completion))
        self._sandbox.wait_for_webhook(checkout.email)
        self._tell_requests()
        self._tell_charge(checkout)
        self._narrator.says("Store", "writes the capture down and makes the order")
        self._narrator.says("DGS-Pay", "tells the store once more, by signed webhook")

    def _expect_question(
        self, expected: str, checkout: Checkout, completion: Completion
    ) -> None:
        self._tell_requests()
        if completion.confirmation is None or completion.asks_for != expected:
            raise NotPaid(description(completion))
        self._tell_charge(checkout)
        self._narrator.says(
            "Store", f"{self._words.question} {json.dumps(completion.confirmation)}"
        )

    def _tell_requests(self) -> None:
        arrivals = self._sandbox.arrivals()
        for request in arrivals[self._told :]:
            path = request["path"].removeprefix(API)
            self._narrator.says(
                "DGS-Pay", f"{request['method']} {path} -> {request['status']}"
            )
        self._told = len(arrivals)

    def _tell_charge(self, checkout: Checkout) -> None:
        charge = self._sandbox.charge(checkout.email)
        due = charge["next_action_type"]
        self._narrator.says(
            "DGS-Pay",
            f"the charge of {_amount(charge)} is {charge['transaction_status']}"
            + (f", next action {due}" if due else ", with no next action"),
        )

    def _compare_records(self, checkout: Checkout) -> None:
        try:
            assert_paid_once(self._store, self._sandbox, checkout)
        except (AssertionError, ValueError) as difference:
            raise NotPaid(f"the records do not agree: {difference}") from difference

    def _show_order(self, checkout: Checkout) -> None:
        order = self._store.order(checkout)
        (payment,) = order["payments"]
        self._narrator.title("The order, as the store's staff read it")
        facts = {
            "Order": f"number {order['number']}, {order['status'].lower()}",
            "Total": _amount(order["total"]["gross"]),
            "Charged": f"{_amount(order['totalCharged'])}, {order['paymentStatus']}",
            "Gateway": PLUGIN_ID,
            "DGS-Pay reference": payment.reference,
            "Steps": ", then ".join(entry.kind for entry in payment.entries),
        }
        for label, text in facts.items():
            self._narrator.row(label.ljust(17), text)
        self._narrator.succeeds(
            f"PAID. Order {order['number']} is fully charged, once, and DGS-Pay's "
            "records agree."
        )


def description(completion: Completion) -> str:
    if completion.messages:
        return "the store refused: " + " ".join(completion.messages)
    return f"the store asks for {completion.asks_for or 'nothing, and has no order'}"


def _amount(money: dict[str, Any]) -> str:
    return format_currency(
        str(money["amount"]), money["currency"], format="¤¤ #,##0", locale="en"
    )


def _spaced(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def _listed(names: dict[str, str]) -> str:
    *first, last = (name.replace("_", " ") for name in names)
    return f"{', '.join(first)} and {last}"
