"""What the store's and the provider's records must say in the end."""

from decimal import Decimal
from typing import Any

from tests.hosts.host import Host
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import Checkout, Store


def assert_paid_once(store: Store, sandbox: Sandbox, checkout: Checkout) -> None:
    """One order, fully charged by the one charge that succeeded at the provider."""
    order = eventually(lambda: store.orders(checkout))[0]
    assert len(store.orders(checkout)) == 1
    assert order["status"] == "UNFULFILLED"
    assert order["isPaid"]
    assert order["paymentStatus"] == "FULLY_CHARGED"
    assert order["chargeStatus"] == "FULL"
    assert_money(order["total"]["gross"], checkout)
    assert_money(order["totalCharged"], checkout)

    (charge,) = successful_charges(sandbox, checkout)
    assert_money(charge, checkout)
    (payment,) = (p for p in order["payments"] if p["isActive"])
    assert payment["gateway"] == "dgspay.payments"
    assert payment["pspReference"] == charge["dgs_reference"]
    assert_captured_once(payment, checkout)


def assert_captured_once(payment: dict[str, Any], checkout: Checkout) -> None:
    assert payment["chargeStatus"] == "FULLY_CHARGED"
    assert_money(payment["capturedAmount"], checkout)
    (capture,) = transactions(payment, "CAPTURE")
    assert_money(capture["amount"], checkout)


def assert_not_captured(payment: dict[str, Any]) -> None:
    assert Decimal(str(payment["capturedAmount"]["amount"])) == 0
    assert payment["chargeStatus"] not in ("FULLY_CHARGED", "PARTIALLY_CHARGED")
    assert not transactions(payment, "CAPTURE")


def assert_nothing_paid(store: Store, sandbox: Sandbox, checkout: Checkout) -> None:
    assert not store.orders(checkout)
    assert not successful_charges(sandbox, checkout)


def assert_money(money: dict[str, Any], checkout: Checkout) -> None:
    assert Decimal(str(money["amount"])) == Decimal(checkout.total)
    assert money["currency"] == checkout.currency


def transactions(payment: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The successful transactions of a kind."""
    return [t for t in payment["transactions"] if t["isSuccess"] and t["kind"] == kind]


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
