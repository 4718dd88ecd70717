import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal

import pytest
from pydantic import SecretStr

from dgspay_plugin.payment.customer import Customer
from dgspay_plugin.payment.money import Money
from dgspay_plugin.provider.client import DgsPayClient, shared_session
from dgspay_plugin.provider.messages import ChargeRequest
from tests.unit.browser import encrypted_card

from .raw_server import Behaviour, RawServer

API_KEY = "api-key-of-the-merchant"
ACCOUNT_NUMBER = "ACC-0001234"


@pytest.fixture(autouse=True)
def direct_and_fresh_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No proxy of this machine, and no connection that another test left open."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    shared_session.cache_clear()
    yield
    shared_session().close()
    shared_session.cache_clear()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made between connects, without the time they take."""
    made: list[float] = []
    monkeypatch.setattr("dgspay_plugin.provider.client.time.sleep", made.append)
    return made


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], RawServer]]:
    with ExitStack() as servers:
        yield lambda behaviour: servers.enter_context(RawServer(behaviour))


def client_of(url: str, **options: object) -> DgsPayClient:
    return DgsPayClient(url, SecretStr(API_KEY), ACCOUNT_NUMBER, **options)


def charge_request(amount: str = "12000", currency: str = "RWF") -> ChargeRequest:
    return ChargeRequest(
        money=Money(Decimal(amount), currency),
        customer=Customer("amina@example.com", "Amina", "Uwase", "788123456", "250"),
        card=encrypted_card(),
        redirect_url="https://shop.example/back",
        callback_url="https://store.example/webhook",
        narration="Order 1",
    )
