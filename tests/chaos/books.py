"""The books of both sides, compared payment by payment."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import graphene

from tests.chaos.customer import Customer
from tests.hosts.host import Host
from tests.scenarios.in_store import run_in_store
from tests.scenarios.payment_record import Entry, EntryKind, Money, PaymentRecord
from tests.scenarios.sandbox import Charge, Sandbox
from tests.scenarios.store import Store


class ProviderBooks:
    """What the sandbox says, once all is quiet."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.charges: dict[str, list[Charge]] = defaultdict(list)
        """By the customer's email address."""
        for charge in sandbox.all_charges():
            self.charges[charge["customer_email"]].append(charge)
        self.heard_of = {
            webhook["dgs_reference"]
            for webhook in sandbox.all_webhooks()
            if any(status == 200 for status in webhook["attempts"])
        }
        """References of which the store has accepted a webhook."""


@dataclass(frozen=True)
class Told:
    """What the owner was told."""

    report: list[str]
    """What the reconciliation has left to a person."""
    errors: list[str]
    """The log's lines at level ERROR."""

    def names(self, charge: Charge) -> bool:
        """Whether the reconciliation names it."""
        return any(charge["dgs_reference"] in line for line in self.report)

    def names_title(self, title: str) -> bool:
        return bool(self.report_about(title))

    def report_about(self, title: str, *words: str) -> list[str]:
        """What the reconciliation says of it, with all the words."""
        return [
            line
            for line in self.report
            if re.search(rf"\b{title}\b", line) and all(word in line for word in words)
        ]

    def errors_about(self, charges: list[Charge], *words: str) -> list[str]:
        """The log's lines that name one of these charges, and all the words."""
        references = [charge["dgs_reference"] for charge in charges]
        return [
            line
            for line in self.errors
            if any(reference in line for reference in references)
            and all(word in line for word in words)
        ]


class StoreBooks:
    """What the store's database says of transactions, and GraphQL does not."""

    def __init__(self, host: Host) -> None:
        shown = run_in_store(host, SHOW_TRANSACTIONS)
        self._items: dict[str, tuple[int, str]] = json.loads(shown.splitlines()[-1])
        """By the token in their global ids: primary key, and the stored outcomes."""

    def title_of(self, payment: PaymentRecord) -> str:
        """What the plugin calls a payment, by primary key: "Payment 12"."""
        kind, key = graphene.Node.from_global_id(payment.id)
        if key in self._items:
            primary_key, _ = self._items[key]
            return f"Transaction {primary_key}"
        return f"{kind} {key}"

    def is_waiting(self, payment: PaymentRecord) -> bool:
        """Whether its latest outcome is a step that the customer is asked for.

        Saleor writes a transaction's events once the plugin has let go of the lock, so
        that the event of a step can come after the one of the capture that a webhook
        wrote. What the plugin goes by is in the order in which it was stored.
        """
        _, key = graphene.Node.from_global_id(payment.id)
        if key in self._items:
            _, stored = self._items[key]
            outcomes = json.loads(stored)
            return bool(outcomes) and "confirmation" in outcomes[-1]["record"]
        # What was refused before it was sent has no reference, and changes nothing.
        entries = [
            entry
            for entry in payment.entries
            if entry.kind is not EntryKind.FAILURE or entry.reference
        ]
        return bool(entries) and entries[-1].kind is EntryKind.STEP


def title_in_callback(charge: Charge) -> str:
    """What the store signed into a charge's callback_url: "payment-12:..."."""
    signed: str = charge["callback_url"].rstrip("/").rpartition("/")[2]
    kind, _, key = signed.partition(":")[0].partition("-")
    return f"{kind.capitalize()} {key}"


SHOW_TRANSACTIONS = """
import json
from saleor.payment.models import TransactionItem

rows = TransactionItem.objects.values_list("token", "pk", "private_metadata")
print(json.dumps({
    str(token): (pk, metadata.get("dgspay.outcomes", "[]"))
    for token, pk, metadata in rows
}))
"""


@dataclass(frozen=True)
class Comparison:
    """What both sides have of one checkout."""

    charged: int
    captured: int
    orders: int
    is_overcharged: bool
    """Whether the customer was charged more than the order costs."""
    differences: list[str]


def compare(
    customer: Customer,
    store: Store,
    provider: ProviderBooks,
    told: Told,
    in_store: StoreBooks,
) -> Comparison:
    charges = provider.charges[customer.checkout.email]
    orders = store.orders(customer.checkout)
    payments = store.payments_of(customer.checkout, customer.payments)
    paid = [c for c in charges if c["transaction_status"] == "successful"]
    captures = [c for payment in payments for c in payment.captures]
    differences = [
        *([f"the customer met {customer.surprise}"] if customer.surprise else []),
        *_captures(paid, captures),
        *_charges(paid, captures, payments, provider, told),
        *_orders(customer, orders, payments, paid, told, in_store),
        *_waiting(payments, charges, told, in_store),
    ]
    evidence = _both_books(payments, charges, in_store)
    return Comparison(
        charged=len(paid),
        captured=len(captures),
        orders=len(orders),
        is_overcharged=_excess(paid, orders) > 0,
        differences=[f"{difference}; {evidence}" for difference in differences],
    )


def _both_books(
    payments: list[PaymentRecord], charges: list[Charge], in_store: StoreBooks
) -> str:
    """All that is written of a customer, which nobody can look up after the run."""
    here = [
        f"{in_store.title_of(payment)} "
        + ", ".join(f"{entry.kind} {entry.reference}" for entry in payment.entries)
        for payment in payments
    ]
    there = [
        f"{charge['dgs_reference']} {charge['transaction_status']} "
        f"of {title_in_callback(charge)}"
        for charge in charges
    ]
    return f"here: {'; '.join(here)}. There: {'; '.join(there)}"


def _captures(paid: list[Charge], captures: list[Entry]) -> Iterator[str]:
    amounts = {charge["dgs_reference"]: _amount(charge) for charge in paid}
    for capture in captures:
        reference = capture.reference
        if reference not in amounts:
            yield f"{reference} is captured here and not paid there"
        elif _amount(capture.amount) != amounts[reference]:
            yield f"{reference} is captured with another amount"


def _charges(
    paid: list[Charge],
    captures: list[Entry],
    payments: list[PaymentRecord],
    provider: ProviderBooks,
    told: Told,
) -> Iterator[str]:
    for charge in paid:
        reference = charge["dgs_reference"]
        times = [capture.reference for capture in captures].count(reference)
        if times > 1:
            yield f"{reference} is captured {times} times"
        elif times == 0 and _is_known(charge, payments, provider):
            yield f"{reference} is paid and known, and not captured"
        elif times == 0 and not told.names(charge):
            yield f"{reference} is paid and not captured, and nobody was told"


def _orders(
    customer: Customer,
    orders: list[dict[str, Any]],
    payments: list[PaymentRecord],
    paid: list[Charge],
    told: Told,
    in_store: StoreBooks,
) -> Iterator[str]:
    captured = [payment for payment in payments if payment.captures]
    if len(orders) > 1:
        yield f"{len(orders)} orders"
    for order in orders:
        if not captured:
            yield f"order {order['number']} is not paid"
        elif _excess(paid, orders) > 0:
            yield from _excess_that_was_not_told(order, paid, told)
        elif order["chargeStatus"] == "PARTIAL":
            yield from _rest_that_was_not_told(order, paid, told)
        elif (
            order["chargeStatus"] != "FULL"
            or _amount(order["totalCharged"]) != _amount(order["total"]["gross"])
            or not (
                order["paymentStatus"] == "FULLY_CHARGED"
                # Saleor shows the newest payment's, which nobody may know.
                or any(
                    told.names_title(in_store.title_of(payment)) for payment in payments
                )
            )
        ):
            yield (
                f"order {order['number']} is {order['chargeStatus']}, "
                f"{order['paymentStatus']}"
            )
    if customer.outcome == "order" and not orders:
        yield "the customer was shown an order that is not there"
    for payment in captured:
        if payment.is_pending:
            yield "a captured payment is pending"
        if not orders and not told.names_title(in_store.title_of(payment)):
            yield f"{in_store.title_of(payment)} is captured without an order"


def _excess(paid: list[Charge], orders: list[dict[str, Any]]) -> Decimal:
    """How much more was charged than the orders cost."""
    if not orders:
        return Decimal(0)
    charged = sum((_amount(charge)[0] for charge in paid), Decimal(0))
    return charged - sum(_amount(order["total"]["gross"])[0] for order in orders)


def _rest_that_was_not_told(
    order: dict[str, Any], paid: list[Charge], told: Told
) -> Iterator[str]:
    """A cart may grow in the moment in which Saleor makes the order of it."""
    about = f"Order {order['number']}"
    if len(told.report_about(about, "only", *_total_and_charged(order, paid))) != 1:
        yield f"{about} is PARTIAL, and the owner was not told of the rest"


def _total_and_charged(order: dict[str, Any], paid: list[Charge]) -> tuple[str, str]:
    """Both amounts as the owner reads them."""
    total, currency = _amount(order["total"]["gross"])
    charged = sum((_amount(charge)[0] for charge in paid), Decimal(0))
    return f"{total.normalize():f} {currency}", f"{charged.normalize():f} {currency}"


def _excess_that_was_not_told(
    order: dict[str, Any], paid: list[Charge], told: Told
) -> Iterator[str]:
    """The owner reads of it with both amounts: once in the log, when it was paid.

    Of a total that has fallen since then, only the reconciliation can tell.
    """
    words = _total_and_charged(order, paid)
    lines = told.errors_about(paid, "has now paid", *words) or told.report_about(
        f"Order {order['number']}", *words
    )
    if len(lines) != 1:
        yield (
            f"order {order['number']} costs {words[0]}, {words[1]} was charged, and "
            f"the owner was told {len(lines)} times"
        )


def _waiting(
    payments: list[PaymentRecord],
    charges: list[Charge],
    told: Told,
    in_store: StoreBooks,
) -> Iterator[str]:
    """A payment that waits here must wait there, or be in a person's hands."""
    for payment in filter(in_store.is_waiting, payments):
        there = [
            charge["transaction_status"]
            for charge in charges
            if title_in_callback(charge) == in_store.title_of(payment)
        ]
        if "pending" not in there and not told.names_title(in_store.title_of(payment)):
            yield f"{in_store.title_of(payment)} waits here, and there it is {there}"


def _is_known(
    charge: Charge, payments: list[PaymentRecord], provider: ProviderBooks
) -> bool:
    """Whether the store has ever heard the charge's reference."""
    reference = charge["dgs_reference"]
    return reference in provider.heard_of or any(
        entry.reference == reference
        for payment in payments
        for entry in payment.entries
    )


def _amount(money: Money) -> tuple[Decimal, str]:
    return Decimal(str(money["amount"])), money["currency"]
