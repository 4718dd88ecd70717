"""Where transactions may be paid with the gateway, and the App that Saleor wants."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dgspay_plugin.sandbox import credentials
from tests.hosts.host import Host
from tests.scenarios import bank, cards
from tests.scenarios.apis import only_with_transactions
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.records import assert_nothing_paid, assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.shop import PLUGIN_ID
from tests.scenarios.transactions_store import TransactionsStore

pytestmark = only_with_transactions

SHOW_APPS = f"""
import json
from saleor.app.models import App

apps = App.objects.filter(identifier="{PLUGIN_ID}").order_by("pk")
print(json.dumps([
    {{
        "pk": app.pk,
        "name": app.name,
        "is_active": app.is_active,
        "type": app.type,
        "permissions": [permission.codename for permission in app.permissions.all()],
        "tokens": app.tokens.count() if hasattr(app, "tokens") else 0,
        "webhooks": app.webhooks.count() if hasattr(app, "webhooks") else 0,
    }}
    for app in apps
]))
"""
PUT_FOREIGN_APP = f"""
from saleor.app.models import App

App.objects.filter(identifier="{PLUGIN_ID}").delete()
App.objects.create(identifier="{PLUGIN_ID}", name="Pay elsewhere", is_active=True)
{SHOW_APPS}
"""
REMOVE_APPS = f"""
from saleor.app.models import App

App.objects.filter(identifier="{PLUGIN_ID}").delete()
"""


@pytest.fixture
def restored_configuration(
    store: TransactionsStore, sandbox: Sandbox
) -> Iterator[None]:
    yield
    store.configure_for_sandbox(sandbox.url)


@pytest.fixture
def asking_for_authorizations(store: TransactionsStore) -> Iterator[None]:
    _have_channel_ask_for(store, "AUTHORIZATION")
    yield
    _have_channel_ask_for(store, "CHARGE")


# --- where it is offered ------------------------------------------------------------


def test_storefront_learns_what_the_browser_needs_and_no_more(
    store: TransactionsStore,
) -> None:
    expected = {
        "encryption_key": credentials.ENCRYPTION_KEY,
        "environment": "sandbox",
        "nonce_format": "12",
        "payment_methods": "card,mobile_money",
    }

    assert store.gateway_data(store.new_checkout().id) == expected
    assert store.gateway_data(store.new_order().id) == expected


@pytest.mark.usefixtures("restored_configuration")
def test_not_offered_where_it_is_inactive(store: TransactionsStore) -> None:
    store.configure("USD", active=False)

    assert store.gateway_data(store.new_checkout("RWF").id)
    assert store.gateway_data(store.new_checkout("USD").id) is None


@pytest.mark.usefixtures("restored_configuration")
def test_not_offered_in_another_currency(store: TransactionsStore) -> None:
    store.configure("USD", supported_currencies="RWF")

    assert store.gateway_data(store.new_checkout("RWF").id)
    assert store.gateway_data(store.new_checkout("USD").id) is None


@pytest.mark.usefixtures("restored_configuration")
def test_no_payment_where_it_is_inactive(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    store.configure("USD", active=False)
    checkout = store.new_checkout("USD")
    before = sandbox.payment_requests()

    refused = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert refused.code == "misconfigured"
    assert sandbox.payment_requests() == before


@pytest.mark.usefixtures("asking_for_authorizations")
def test_channel_that_asks_for_authorizations(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    before = sandbox.payment_requests()
    press = store.new_press(checkout)

    refused = store.initialize(press, cardholder.card(cards.APPROVED))

    assert refused.event == "AUTHORIZATION_FAILURE"
    assert refused.data
    assert refused.data["error"] == "authorization_not_possible"
    assert sandbox.payment_requests() == before
    _have_channel_ask_for(store, "CHARGE")
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_page_that_saleor_does_not_allow(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    before = sandbox.payment_requests()
    store.create_payment(checkout, return_url="https://elsewhere.example/pay")

    refused = store.complete(checkout, cardholder.card(cards.BANK_PAGE))

    assert refused.code == "return_url_not_allowed"
    assert sandbox.payment_requests() == before
    assert_nothing_paid(store, sandbox, checkout)


def test_bank_page_and_back_to_an_order(
    store: TransactionsStore, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    order = store.new_order()
    press = store.new_press(order, return_url="http://127.0.0.1:3000/pay")
    asked = store.initialize(press, cardholder.card(cards.BANK_PAGE))
    assert asked.data
    assert asked.transaction_id

    back = bank.approve(asked.data["redirect_url"])

    assert bank.query_of(back) == {
        "order": order.id,
        "transaction": asked.transaction_id,
    }
    done = store.process(asked.transaction_id, cardholder.back_from_bank())
    assert done.event == "CHARGE_SUCCESS"
    assert store.order_with(order.id)["chargeStatus"] == "FULL"


# --- its App ------------------------------------------------------------------------


def test_app_is_the_gateway_s_name_and_no_more(
    host: Host, store: TransactionsStore
) -> None:
    (app,) = _apps(host)

    assert app.pop("pk")
    assert app == {
        "name": "DGS-Pay",
        "is_active": True,
        "type": "local",
        "permissions": ["handle_payments"],
        "tokens": 0,
        "webhooks": 0,
    }


@pytest.mark.usefixtures("restored_configuration")
def test_app_rests_while_the_plugin_is_active_nowhere(
    host: Host, store: TransactionsStore, cardholder: Cardholder
) -> None:
    (app,) = _apps(host)
    checkout = store.new_checkout()

    store.configure("RWF", active=False)
    assert store.gateway_data(store.new_checkout("USD").id)
    store.configure("USD", active=False)
    assert _apps(host) == [{**app, "is_active": False}]
    assert store.gateway_data(checkout.id) is None
    store.configure("RWF")

    assert _apps(host) == [app]
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id


@pytest.mark.usefixtures("restored_configuration")
def test_app_of_somebody_else_is_left_alone(
    host: Host, store: TransactionsStore
) -> None:
    foreign = _apps(host, PUT_FOREIGN_APP)
    try:
        ((field, message),) = store.configure("RWF")
        assert field == "active"
        assert "Pay elsewhere" in message
        assert not store.configure("RWF", active=False)
        assert _apps(host) == foreign
    finally:
        run_in_store(host, REMOVE_APPS)

    assert not store.configure("RWF")
    assert [app["name"] for app in _apps(host)] == ["DGS-Pay"]


def _have_channel_ask_for(store: TransactionsStore, action: str) -> None:
    store.change_channel(
        "RWF", paymentSettings={"defaultTransactionFlowStrategy": action}
    )


def _apps(host: Host, code: str = SHOW_APPS) -> list[dict[str, Any]]:
    apps: list[dict[str, Any]] = json.loads(run_in_store(host, code).splitlines()[-1])
    return apps
