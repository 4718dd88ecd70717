"""The same store, whose storefront pays by Saleor's Transactions API."""

import base64
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests.hosts.host import Host
from tests.scenarios import staff_documents, storefront_documents
from tests.scenarios.cardholder import PaymentData
from tests.scenarios.payment_record import PaymentRecord, record_of_item
from tests.scenarios.shop import PLUGIN_ID, Checkout, DocumentFailed
from tests.scenarios.store import Completion, Store, code_in, with_records

Step = PaymentData | Mapping[str, Any]
# With which of its events a transaction is over.
FAILURES = ("CHARGE_FAILURE", "AUTHORIZATION_FAILURE")
# What is charged now, or at the latest when a webhook says so.
ENOUGH_FOR_AN_ORDER = ("CHARGE_SUCCESS", "CHARGE_REQUEST")

# What Saleor answers to a press when its checkout has become an order: of another tab,
# of the same press before, or made by Saleor itself.
IS_AN_ORDER = (("id", "NOT_FOUND"), ("idempotencyKey", "UNIQUE"))

# How the global id of an order begins.
ORDER = base64.b64encode(b"Order:").decode()


@dataclass(frozen=True)
class SessionAnswer:
    """What transactionInitialize or transactionProcess answered."""

    transaction_id: str | None
    event: str | None
    """The type of the event."""
    reference: str
    message: str
    data: Mapping[str, Any] | None
    errors: tuple[Mapping[str, Any], ...]
    """Saleor's own; then there is nothing else."""

    @property
    def code(self) -> str | None:
        """The machine code of a refusal, whether or not the step is asked for anew."""
        if self.data:
            return self.data.get("error")
        return code_in(self.message)

    @property
    def comes_after_order(self) -> bool:
        """Whether Saleor says that the checkout has become an order."""
        return any((e["field"], e["code"]) in IS_AN_ORDER for e in self.errors)


@dataclass
class Press:
    """A press of Pay. It may be repeated, and is one charge all the same."""

    paid_for_id: str
    """Global id of a checkout or an order."""
    amount: str
    """In major units."""
    return_url: str | None = None
    idempotency_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    transaction_id: str | None = None
    """None until Saleor's answer to the press has arrived."""
    is_over: bool = False
    """Whether it failed."""


class TransactionsStore(Store):
    api = "transactions"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._presses: dict[str, Press] = {}
        """By idempotency key."""
        self._latest: dict[str, Press] = {}
        """By what it pays for."""

    # --- customers ----------------------------------------------------------------

    def create_payment(self, checkout: Checkout, return_url: str | None = None) -> str:
        """Be about to press Pay anew; Saleor is told when it is pressed."""
        return self.new_press(checkout, return_url=return_url).idempotency_key

    def new_press(
        self,
        checkout: Checkout,
        amount: str | None = None,
        return_url: str | None = None,
    ) -> Press:
        """A press of Pay that is made by `complete` or `initialize`.

        Args:
            checkout: or an order, in the shape of one.
            amount: a part of the total, in major units.
        """
        press = Press(checkout.id, amount or checkout.total, return_url)
        self._latest[checkout.id] = self._presses[press.idempotency_key] = press
        return press

    def complete(self, checkout: Checkout, data: Step | None = None) -> Completion:
        press = self._latest.get(checkout.id)
        if press is None or (press.is_over and _begins_charge(data)):
            press = self.new_press(checkout)
        return self._go_on(press, checkout, data)

    def with_what_is_left(self, checkout: Checkout) -> Checkout:
        whole = self.as_it_is_now(checkout)
        paid = sum(
            Decimal(str(item["chargedAmount"]["amount"]))
            for item in self.transactions_of(checkout.id)
        )
        return replace(whole, total=str(Decimal(whole.total) - paid))

    def go_on(
        self, payment_id: str, checkout: Checkout, data: Step | None = None
    ) -> Completion:
        return self._go_on(self._presses[payment_id], checkout, data)

    def _go_on(self, press: Press, checkout: Checkout, data: Step | None) -> Completion:
        answer = (
            self.initialize(press, data)
            if press.transaction_id is None
            else self.process(press.transaction_id, data)
        )
        if answer.comes_after_order:
            return self._show_order(checkout)
        if answer.errors:
            return _told(*(error["message"] for error in answer.errors))
        press.transaction_id = answer.transaction_id
        press.is_over = answer.event in FAILURES
        if press.is_over:
            return _told(answer.message)
        if answer.event in ENOUGH_FOR_AN_ORDER:
            return self._show_order(checkout)
        return Completion(order_id=None, confirmation=answer.data, messages=())

    def initialize(self, press: Press, step: object) -> SessionAnswer:
        """Charge a checkout or an order: transactionInitialize."""
        page = {"return_url": press.return_url} if press.return_url else {}
        data = {**step, **page} if isinstance(step, Mapping) else step
        return self._session(
            storefront_documents.INITIALIZE_TRANSACTION,
            {
                "id": press.paid_for_id,
                "amount": press.amount,
                "gateway": {"id": PLUGIN_ID, "data": data},
                "idempotencyKey": press.idempotency_key,
            },
        )

    def process(self, transaction_id: str, step: object) -> SessionAnswer:
        """Go on with a transaction: transactionProcess."""
        return self._session(
            storefront_documents.PROCESS_TRANSACTION,
            {"id": transaction_id, "data": step},
        )

    def new_order(self, currency: str = "RWF") -> Checkout:
        """An order that is to be paid, in the shape of a checkout."""
        self.change_channel(currency, orderSettings={"allowUnpaidOrders": True})
        try:
            checkout = self.new_checkout(currency)
            order_id = self.complete_checkout(checkout).order_id
        finally:
            self.change_channel(currency, orderSettings={"allowUnpaidOrders": False})
        assert order_id
        return replace(checkout, id=order_id)

    def complete_checkout(self, checkout: Checkout) -> Completion:
        """Make the order, once enough is paid."""
        # Saleor may be making the order by itself, and then finds half a checkout.
        try:
            answer = self._complete_checkout(checkout)
        except DocumentFailed:
            answer = None
        if answer is None or answer["errors"]:
            time.sleep(1)
            answer = self._complete_checkout(checkout)
        return Completion(
            order_id=answer["order"] and answer["order"]["id"],
            confirmation=None,
            messages=tuple(error["message"] for error in answer["errors"]),
        )

    def gateway_data(self, paid_for_id: str) -> Mapping[str, Any] | None:
        """What paymentGatewayInitialize hands out; None where it is not offered."""
        answer = self._run(
            storefront_documents.INITIALIZE_GATEWAY,
            {"id": paid_for_id, "gateways": [{"id": PLUGIN_ID}]},
        )
        (gateway,) = answer["gatewayConfigs"]
        assert bool(gateway["errors"]) == (gateway["data"] is None), gateway
        data: Mapping[str, Any] | None = gateway["data"]
        return data

    def open_payment(self, checkout: Checkout) -> str | None:
        data = self.gateway_data(checkout.id)
        assert data
        return data.get("open_payment")

    def payment_methods(self, checkout: Checkout) -> str:
        data = self.gateway_data(checkout.id)
        assert data
        methods: str = data["payment_methods"]
        return methods

    def comes_back_with(self, checkout: Checkout, payment_id: str) -> dict[str, str]:
        return {"checkout": checkout.id, "transaction": self.payment(payment_id).id}

    # --- staff --------------------------------------------------------------------

    def payment(self, payment_id: str) -> PaymentRecord:
        """What a press of Pay has left, found by its idempotency key."""
        paid_for_id = self._presses[payment_id].paid_for_id
        (item,) = (
            item
            for item in self.transactions_of(paid_for_id)
            if any(e["idempotencyKey"] == payment_id for e in item["events"])
        )
        return record_of_item(item)

    def payments_of(
        self, checkout: Checkout, started: Iterable[str]
    ) -> list[PaymentRecord]:
        return list(map(record_of_item, self.transactions_of(checkout.id)))

    def order_with(self, order_id: str) -> dict[str, Any]:
        """An order by its id, with its payments' records."""
        return with_records(
            self._run(staff_documents.ORDER, {"id": order_id}, staff=True)
        )

    def refund(self, payment_id: str, amount: str | None = None) -> list[str]:
        before = self.payment(payment_id)
        self.request_action(before.id, "REFUND", amount)
        events = [
            event
            for item in self.transactions_of(self._presses[payment_id].paid_for_id)
            if item["id"] == before.id
            for event in item["events"]
        ]
        new = events[: len(events) - len(before.entries)]
        return [e["message"] for e in new if e["type"] == "REFUND_FAILURE"]

    def grant_refund(
        self, order_id: str, transaction_id: str, amount: str
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Refund as the dashboard's page does: grant it, then request it.

        Returns:
            The transaction as staff are answered it, and the order's granted refunds.
        """
        granted = self._run(
            staff_documents.GRANT_REFUND,
            {
                "id": order_id,
                "input": {"amount": amount, "transactionId": transaction_id},
            },
            staff=True,
        )["grantedRefund"]
        answer = self._run(
            staff_documents.REQUEST_GRANTED_REFUND,
            {"id": transaction_id, "grantedRefundId": granted["id"]},
            staff=True,
        )
        order = self._run(staff_documents.GRANTED_REFUNDS, {"id": order_id}, staff=True)
        return answer["transaction"], order["grantedRefunds"]

    def request_action(
        self, transaction_id: str, action: str, amount: str | None = None
    ) -> None:
        """Have staff ask for a CHARGE, REFUND or CANCEL.

        Args:
            amount: in major units; all that is possible if None.
        """
        self._run(
            staff_documents.REQUEST_ACTION,
            {"id": transaction_id, "action": action, "amount": amount},
            staff=True,
        )

    def transactions_of(self, paid_for_id: str) -> list[dict[str, Any]]:
        """Every transaction for an order, or for a checkout and what became of it."""
        if paid_for_id.startswith(ORDER):
            order = self._run(
                staff_documents.TRANSACTIONS_OF_ORDER, {"id": paid_for_id}, staff=True
            )
            return list(order["transactions"])
        checkout, orders = self._run_all(
            staff_documents.TRANSACTIONS_OF_CHECKOUT,
            {"id": paid_for_id, "checkoutIds": [paid_for_id]},
            staff=True,
        )
        sources = [checkout, *(edge["node"] for edge in orders["edges"])]
        return [item for source in sources if source for item in source["transactions"]]

    # --- GraphQL ------------------------------------------------------------------

    def _show_order(self, paid_for: Checkout) -> Completion:
        if paid_for.id.startswith(ORDER):
            return Completion(order_id=paid_for.id, confirmation=None, messages=())
        return self.complete_checkout(paid_for)

    def _complete_checkout(self, checkout: Checkout) -> dict[str, Any]:
        return self._run(
            storefront_documents.COMPLETE_CHECKOUT,
            {"checkoutId": checkout.id},
            errors_expected=True,
        )

    def _session(self, document: str, variables: Mapping[str, Any]) -> SessionAnswer:
        answer = self._run(document, variables, errors_expected=True)
        event = answer["transactionEvent"] or {}
        return SessionAnswer(
            transaction_id=answer["transaction"] and answer["transaction"]["id"],
            event=event.get("type"),
            reference=event.get("pspReference", ""),
            message=event.get("message", ""),
            data=answer["data"],
            errors=tuple(answer["errors"]),
        )


def _told(*messages: str) -> Completion:
    return Completion(order_id=None, confirmation=None, messages=messages)


def _begins_charge(data: Step | None) -> bool:
    return isinstance(data, Mapping) and data.get("type") in ("card", "mobile_money")
