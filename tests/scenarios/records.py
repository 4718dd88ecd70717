"""What the store's and the provider's records must say in the end."""

from decimal import Decimal
from typing import Any

from tests.hosts.host import Host
from tests.scenarios.payment_record import Money, PaymentRecord
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store


def assert_paid_once(store: Store, sandbox: Sandbox, checkout: Checkout) -> None:
    """One order, fully charged by the one charge that succeeded at the provider."""
    (order,) = eventually(lambda: store.orders(checkout))
    assert order["status"] == "UNFULFILLED"
    assert order["isPaid"]
    assert order["paymentStatus"] == "FULLY_CHARGED"
    assert order["chargeStatus"] == "FULL"
    assert_money(order["total"]["gross"], checkout)
    assert_money(order["totalCharged"], checkout)

    (charge,) = successful_charges(sandbox, checkout)
    assert_money(charge, checkout)
    (payment,) = (p for p in order["payments"] if p.counts)
    assert payment.reference == charge["dgs_reference"]
    assert_captured_once(payment, checkout)


def assert_captured_once(payment: PaymentRecord, checkout: Checkout) -> None:
    assert_money(payment.charged, checkout)
    (capture,) = payment.captures
    assert_money(capture.amount, checkout)
    assert not payment.is_pending


def assert_not_captured(payment: PaymentRecord) -> None:
    assert Decimal(str(payment.charged["amount"])) == 0
    assert not payment.captures


def assert_nothing_paid(store: Store, sandbox: Sandbox, checkout: Checkout) -> None:
    assert not store.orders(checkout)
    assert not successful_charges(sandbox, checkout)


def assert_money(money: Money, checkout: Checkout) -> None:
    assert Decimal(str(money["amount"])) == Decimal(checkout.total)
    assert money["currency"] == checkout.currency


def successful_charges(sandbox: Sandbox, checkout: Checkout) -> list[dict[str, Any]]:
    charges = sandbox.charges(checkout.email)
    return [c for c in charges if c["transaction_status"] == "successful"]


def loud_lines(host: Host, reference: str) -> list[str]:
    """The lines of the log that name a reference and that an owner is alerted to."""
    return [
        line
        for line in host.log().splitlines()
        if reference in line and ("ERROR" in line or "CRITICAL" in line)
    ]
