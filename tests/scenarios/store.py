"""The store, as its customers' storefront and its staff use it over GraphQL."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dgspay_plugin.sandbox import credentials
from tests.scenarios import staff_documents, storefront_documents
from tests.scenarios.cardholder import PaymentData
from tests.scenarios.payment_record import (
    PaymentRecord,
    record_of_item,
    record_of_payment,
)
from tests.scenarios.shop import PLUGIN_ID, Checkout, DocumentFailed, Shop
from tests.scenarios.shop import MutationRefused as MutationRefused

STOREFRONT_URL = "http://127.0.0.1:3000/checkout"
# How a storefront has Sentry keep the trace of a request; else it keeps one in ten:
# https://develop.sentry.dev/sdk/telemetry/traces/#header-sentry-trace.
TRACED = {"sentry-trace": f"{'7' * 32}-{'7' * 16}-1"}


@dataclass(frozen=True)
class Completion:
    """What came of a press of Pay, or of the answer to what it asked for."""

    order_id: str | None
    confirmation: Mapping[str, Any] | None
    """What the customer has to do next; None when nothing is left to do."""
    messages: tuple[str, ...]
    """The errors, as the customer reads them."""

    @property
    def code(self) -> str | None:
        """The machine code at the end of the one error: "Sentence. (code)".

        A step that is asked for again says there why.
        """
        if self.confirmation:
            return self.confirmation.get("error")
        return code_in(self.messages[0]) if self.messages else None

    @property
    def asks_for(self) -> str | None:
        return self.confirmation["type"] if self.confirmation else None


class Store(Shop):
    """Its storefront pays by Saleor's Payments API."""

    api = "payments"

    # --- customers ----------------------------------------------------------------

    def gateways(self, checkout: Checkout) -> dict[str, dict[str, Any]]:
        """The ways to pay that are offered for a checkout, by id."""
        answer = self._run(
            storefront_documents.PAYMENT_GATEWAYS, {"checkoutId": checkout.id}
        )
        return {g["id"]: g for g in answer["availablePaymentGateways"]}

    def open_payment(self, checkout: Checkout) -> str | None:
        """What a page that opens the checkout learns of a payment that is open."""
        config = self.gateways(checkout)[PLUGIN_ID]["config"]
        return {c["field"]: c["value"] for c in config}.get("open_payment")

    def payment_methods(self, checkout: Checkout) -> str:
        """What a page that opens the checkout learns of how it can be paid."""
        config = self.gateways(checkout)[PLUGIN_ID]["config"]
        methods: str = {c["field"]: c["value"] for c in config}["payment_methods"]
        return methods

    def create_payment(self, checkout: Checkout, return_url: str | None = None) -> str:
        """Start a payment for the whole checkout and return its id."""
        payment = {
            "gateway": PLUGIN_ID,
            "amount": checkout.total,
            "returnUrl": return_url,
        }
        answer = self._run(
            storefront_documents.CREATE_PAYMENT,
            {"checkoutId": checkout.id, "input": payment},
        )
        payment_id: str = answer["payment"]["id"]
        return payment_id

    def complete(
        self, checkout: Checkout, data: PaymentData | Mapping[str, Any] | None = None
    ) -> Completion:
        """Press Pay, or answer what the last press asked for."""
        answer = self._run(
            storefront_documents.COMPLETE_CHECKOUT,
            {
                "checkoutId": checkout.id,
                "paymentData": None if data is None else json.dumps(data),
            },
            errors_expected=True,
        )
        confirmation = answer["confirmationData"]
        return Completion(
            order_id=answer["order"] and answer["order"]["id"],
            confirmation=json.loads(confirmation)
            if answer["confirmationNeeded"]
            else None,
            messages=tuple(error["message"] for error in answer["errors"]),
        )

    def with_what_is_left(self, checkout: Checkout) -> Checkout:
        """The checkout with what is still to be paid for it."""
        return self.as_it_is_now(checkout)

    def go_on(
        self,
        payment_id: str,
        checkout: Checkout,
        data: PaymentData | Mapping[str, Any] | None = None,
    ) -> Completion:
        """Press Pay, or answer, in the tab of one payment among several.

        By the Payments API the store takes it for the newest.
        """
        return self.complete(checkout, data)

    def pay(self, checkout: Checkout, data: PaymentData) -> Completion:
        """Start a payment and press Pay."""
        self.create_payment(checkout)
        return self.complete(checkout, data)

    def comes_back_with(self, checkout: Checkout, payment_id: str) -> dict[str, str]:
        """What the bank's page hands on to the storefront's."""
        return {"checkout": checkout.id, "payment": payment_id}

    # --- staff --------------------------------------------------------------------

    def configure(
        self, currency: str, *, active: bool = True, **fields: str
    ) -> list[tuple[str, str]]:
        """Save the plugin's fields for a channel, as the dashboard does.

        Returns:
            The field and the message of each error.
        """
        configuration = [{"name": n, "value": v} for n, v in fields.items()]
        answer = self._run(
            staff_documents.UPDATE_PLUGIN,
            {
                "id": PLUGIN_ID,
                "channelId": self._channel_id(currency),
                "input": {"active": active, "configuration": configuration},
            },
            staff=True,
            errors_expected=True,
        )
        return [(error["field"], error["message"]) for error in answer["errors"]]

    def configure_for_sandbox(self, sandbox_url: str) -> None:
        """Configure every channel with the sandbox's own credentials."""
        for currency in self._host.channels:
            errors = self.configure(
                currency,
                environment="sandbox",
                api_key=credentials.API_KEY,
                account_number=credentials.ACCOUNT_NUMBER,
                encryption_key=credentials.ENCRYPTION_KEY,
                webhook_secret=credentials.WEBHOOK_SECRET,
                supported_currencies="RWF,USD",
                payment_methods="card,mobile_money",
                return_url=STOREFRONT_URL,
                narration="Order {reference}",
                nonce_format="12",
                scenario_key="",
                sandbox_url=sandbox_url,
            )
            assert not errors, errors

    def configuration(self, currency: str) -> dict[str, str | None]:
        """The plugin's fields for a channel, as the dashboard shows them."""
        fields = self._channel_configuration(currency)["configuration"]
        return {field["name"]: field["value"] for field in fields}

    def payment(self, payment_id: str) -> PaymentRecord:
        return record_of_payment(
            self._run(staff_documents.PAYMENT, {"id": payment_id}, staff=True)
        )

    def payments_of(
        self, checkout: Checkout, started: Iterable[str]
    ) -> list[PaymentRecord]:
        """All payments that were started, whether or not they came to the order."""
        orders = self.orders(checkout)
        payments = {p.id: p for order in orders for p in order["payments"]}
        for payment_id in started:
            if payment_id not in payments:
                payments[payment_id] = self.payment(payment_id)
        return list(payments.values())

    def orders(self, checkout: Checkout) -> list[dict[str, Any]]:
        """Every order that was made of a checkout, with its payments' records."""
        answer = self._run(
            staff_documents.ORDERS_OF_CHECKOUT,
            {"checkoutIds": [checkout.id]},
            staff=True,
        )
        return [with_records(edge["node"]) for edge in answer["edges"]]

    def order(self, checkout: Checkout) -> dict[str, Any]:
        """The one order that was made of a checkout."""
        (order,) = self.orders(checkout)
        return order

    def order_page(self, order_id: str) -> dict[str, Any]:
        """What the dashboard shows of an order's payments."""
        document = staff_documents.ORDER_PAGE
        if self._host.name != "saleor":
            document = staff_documents.ORDER_PAGE_OF_STAND_IN
        return self._run(document, {"id": order_id}, staff=True)

    def app_problems(self) -> list[dict[str, Any]]:
        """What the dashboard shows of the gateway's problems."""
        edges = self._run(staff_documents.APP_PROBLEMS, {}, staff=True)["edges"]
        (app,) = (e["node"] for e in edges if e["node"]["identifier"] == PLUGIN_ID)
        problems: list[dict[str, Any]] = app["problems"]
        return problems

    def refund(self, payment_id: str, amount: str | None = None) -> list[str]:
        """Have staff ask for a refund; return why it was refused.

        Args:
            amount: in major units; all that is left if None.
        """
        return self._on_payment(
            staff_documents.REFUND_PAYMENT, payment_id, amount=amount
        )

    def void(self, payment_id: str) -> list[str]:
        return self._on_payment(staff_documents.VOID_PAYMENT, payment_id)

    def capture(self, payment_id: str) -> list[str]:
        return self._on_payment(staff_documents.CAPTURE_PAYMENT, payment_id)

    def complete_paid_checkouts(self, *, enabled: bool) -> None:
        """Have every channel make orders by itself of what transactions have paid."""
        known = self._run(staff_documents.CHECKOUT_SETTINGS, {})["inputFields"]
        if {"name": "automaticCompletion"} in known:
            completion = (
                {"enabled": True, "delay": 0} if enabled else {"enabled": False}
            )
            settings: dict[str, Any] = {"automaticCompletion": completion}
        else:
            # Saleor 3.21.
            settings = {"automaticallyCompleteFullyPaidCheckouts": enabled}
        for currency in self._host.channels:
            self.change_channel(currency, checkoutSettings=settings)

    @contextmanager
    def no_automatic_completion(self) -> Iterator[None]:
        """Leave it to the customers to complete what they have paid by transactions."""
        self.complete_paid_checkouts(enabled=False)
        try:
            yield
        finally:
            self.complete_paid_checkouts(enabled=True)

    # --- tests --------------------------------------------------------------------

    @contextmanager
    def broken(self, target: str) -> Iterator[None]:
        """Have a function of the store raise, by its dotted path.

        Raises:
            AssertionError: The store did not fail for it.
        """
        self._headers["X-Break"] = target
        try:
            yield
        except DocumentFailed as failed:
            if "Internal Server Error" not in str(failed):
                raise
        else:
            raise AssertionError(f"{target} broke nothing")
        finally:
            del self._headers["X-Break"]

    @contextmanager
    def traced(self) -> Iterator[None]:
        """Have Sentry keep a trace of each request."""
        self._headers.update(TRACED)
        try:
            yield
        finally:
            for name in TRACED:
                del self._headers[name]

    # --- GraphQL ------------------------------------------------------------------

    def _on_payment(
        self, document: str, payment_id: str, **variables: str | None
    ) -> list[str]:
        """Run a staff action on a payment; return its errors' messages."""
        answer = self._run(
            document,
            {"paymentId": payment_id, **variables},
            staff=True,
            errors_expected=True,
        )
        return [error["message"] for error in answer["errors"]]


def code_in(message: str) -> str | None:
    found = re.search(r"\((\w+)\)$", message)
    return found.group(1) if found else None


def with_records(order: dict[str, Any]) -> dict[str, Any]:
    """An order with one kind of record for what either API has paid."""
    items = order.pop("transactions")
    payments = [
        *map(record_of_payment, order["payments"]),
        *map(record_of_item, items),
    ]
    return {**order, "payments": payments}
