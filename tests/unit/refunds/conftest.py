"""Refunds that the owner has chosen to note."""

from collections.abc import Iterator

import pytest

from dgspay_plugin.gateway_app import keep_gateway_app
from tests.unit.dgspay import Provider
from tests.unit.merchant import GATEWAY
from tests.unit.refunds.staff import (
    PaymentsStaff,
    Staff,
    TransactionsStaff,
    note_refunds,
)
from tests.unit.shop import Shop


@pytest.fixture
def choice(shop: Shop, provider: Provider) -> None:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    provider.tells("GET balance", {"balance": 1})
    note_refunds(True)


@pytest.fixture(params=[PaymentsStaff, TransactionsStaff])
def staff(
    request: pytest.FixtureRequest, choice: None, shop: Shop, provider: Provider
) -> Iterator[Staff]:
    staff: Staff = request.param(shop, provider)
    sent = len(provider.called)
    yield staff
    # Whatever is noted, DGS-Pay is asked for nothing but how things stand.
    assert all(call.startswith("GET ") for call in provider.called[sent:])
