"""What needs a person stands in Saleor's dashboard, and goes when it is mended."""

import json
from typing import Any

import pytest

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import only_with_payments, whatever_the_api
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import Store

PROBLEMS = """
import json
from saleor.app.models import AppProblem

rows = AppProblem.objects.filter(dismissed=False).order_by("pk")
print(json.dumps(list(rows.values("key", "message", "count", "is_critical"))))
"""
FORGET = """
from saleor.app.models import AppProblem

AppProblem.objects.all().delete()
"""


@pytest.fixture(autouse=True)
def _told_from_now_on(host: Host, store: Store) -> None:
    run_in_store(host, FORGET)


def test_paid_checkout_that_cannot_become_an_order(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    store.set_stock("RWF", 0)
    try:
        sandbox.settle(reference)
        sandbox.wait_for_webhook(checkout.email)
        problem = eventually(lambda: _problem_about(host, reference))
    finally:
        store.set_stock("RWF", 1_000_000)

    assert problem["key"].startswith("paid_without_order:")
    assert problem["is_critical"]
    assert "Insufficient" in problem["message"]
    for typed in cardholder.secrets:
        assert typed not in problem["message"]

    def mended() -> bool:
        host.manage("dgspay_reconcile", "--since=1h")
        return bool(store.orders(checkout)) and not _problem_about(host, reference)

    eventually(mended, 60)


@only_with_payments
def test_dashboard_lists_the_problem(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """As staff see it, by Saleor's own API, which the stand-in has nothing of."""
    sandbox.order_fault("charge", error_code="91", times=2)
    for _ in range(2):
        store.pay(store.new_checkout(), cardholder.card(cards.APPROVED))

    (problem,) = [p for p in _problems(host) if p["key"].startswith("credentials")]
    assert problem["count"] == 2
    if host.name == "saleor":
        shown = store.app_problems()
        assert [p["key"] for p in shown] == [problem["key"]]
        assert shown[0]["isCritical"]
        assert "dgspay_check" in shown[0]["message"]


@whatever_the_api
def test_reconciliation_takes_back_what_is_mended(host: Host, store: Store) -> None:
    run_in_store(
        host,
        "from dgspay_plugin.owner.set_up import tell_of_late_reconciliation\n"
        "tell_of_late_reconciliation()",
    )
    assert [p["key"] for p in _problems(host)] == ["reconciliation_late:all channels"]

    host.manage("dgspay_reconcile", "--since=1h", "--dry-run")
    assert _problems(host)
    host.manage("dgspay_reconcile", "--since=1h")

    assert "reconciliation_late:all channels" not in {p["key"] for p in _problems(host)}


def _problems(host: Host) -> list[dict[str, Any]]:
    problems: list[dict[str, Any]] = json.loads(
        run_in_store(host, PROBLEMS).splitlines()[-1]
    )
    return problems


def _problem_about(host: Host, reference: str) -> dict[str, Any] | None:
    return next((p for p in _problems(host) if reference in p["message"]), None)
