"""The task that Saleor's Celery worker runs, with a Celery of the tests' own."""

import logging
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from saleor.payment.models import Transaction

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.reconciliation_schedule import TASK_NAME
from dgspay_plugin.reconciliation_state import last_run, only_one
from tests.unit.browser import card_data
from tests.unit.dgspay import PAID, PENDING, Provider
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

MODULE = "dgspay_plugin.tasks"


class Celery:
    """What the module uses of Celery's app."""

    def __init__(self) -> None:
        self.options: dict[str, Any] = {}

    def task(self, **options: Any) -> Callable[[Any], Any]:
        self.options = options
        return lambda function: function


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module, as it is loaded where Saleor has a Celery app."""
    celery: Any = SimpleNamespace(app=Celery())
    monkeypatch.setitem(sys.modules, "saleor.celeryconf", celery)
    yield import_module(MODULE)
    del sys.modules[MODULE]


@pytest.fixture
def waiting(shop: Shop, provider: Provider) -> int:
    """A payment that DGS-Pay calls successful, unheard by the store."""
    keep_gateway_app(GATEWAY, "DGS-Pay")
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PAID)
    provider.tells("GET transactions[?]*", {"data": [], "pagination": {"pages": 1}})
    payment = shop.new_payment()
    shop.press(payment, card_data())
    return int(payment.pk)


def test_its_name_and_its_limits(tasks: ModuleType) -> None:
    options = tasks.app.options
    assert options["name"] == TASK_NAME
    # A worker's turn outlives the worker that is killed, and nothing else.
    turn = tasks.TURN.total_seconds()
    assert options["soft_time_limit"] < options["time_limit"] < turn


def test_it_reconciles_and_gives_its_turn_back(tasks: ModuleType, waiting: int) -> None:
    tasks.reconcile()

    run = last_run(GATEWAY)
    assert run
    assert run.outcomes == {"Paid": 1}
    with only_one(GATEWAY, tasks.TURN) as is_free:
        assert is_free


def test_it_leaves_the_work_to_a_worker_that_is_about_it(
    tasks: ModuleType, waiting: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with only_one(GATEWAY, timedelta(minutes=1)):
        tasks.reconcile()

    assert last_run(GATEWAY) is None
    assert "No reconciliation: another one runs" in caplog.text


def test_it_tells_of_a_problem_once(
    tasks: ModuleType, waiting: int, caplog: pytest.LogCaptureFixture
) -> None:
    Transaction.objects.filter(payment_id=waiting).update(gateway_response=["?"])

    tasks.reconcile()
    tasks.reconcile()

    told = [line for line in caplog.messages if line.startswith("Reconciliation: ")]
    [line] = told
    assert f"What is stored of Payment {waiting} cannot be read" in line
