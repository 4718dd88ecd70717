"""The plugin as Saleor's Transactions API holds it, and the App behind it."""

from decimal import Decimal
from importlib.metadata import entry_points
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from saleor.app.models import App
from saleor.payment import TransactionEventType
from saleor.payment.interface import (
    PaymentGatewayData,
    TransactionActionData,
    TransactionProcessActionData,
    TransactionSessionData,
    TransactionSessionResult,
)
from saleor.payment.models import TransactionItem
from saleor.payment.utils import create_failed_transaction_event
from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.gateway_app import keep_gateway_app, refuse_foreign_app
from dgspay_plugin.plugin import DgsPayPlugin
from dgspay_plugin.transactions_api.plugin import DgsPayTransactionsPlugin
from tests.unit.browser import card_data
from tests.unit.dgspay import PAID, Provider
from tests.unit.merchant import ENCRYPTION_KEY, GATEWAY, fields
from tests.unit.shop import Shop

FOREIGN = "another.gateway"
OFFERED = {
    "encryption_key": ENCRYPTION_KEY,
    "environment": "sandbox",
    "nonce_format": "12",
    "payment_methods": "card,mobile_money",
}


@pytest.fixture
def app(shop: Shop) -> App:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    return App.objects.get(identifier=GATEWAY)


@pytest.fixture
def plugin(app: App) -> DgsPayTransactionsPlugin:
    return DgsPayTransactionsPlugin(configuration=[], active=True)


def row() -> PluginConfiguration:
    return PluginConfiguration.objects.get(identifier=GATEWAY)


def save(**cleaned_data: Any) -> None:
    """What the dashboard does with the channel's configuration."""
    DgsPayPlugin.save_plugin_configuration(row(), cleaned_data)


def test_saleor_finds_the_plugin() -> None:
    [entry_point] = [
        entry_point
        for entry_point in entry_points(group="saleor.plugins")
        if entry_point.name == "dgspay_plugin.transactions_api"
    ]
    assert entry_point.load() is DgsPayTransactionsPlugin
    assert issubclass(DgsPayTransactionsPlugin, BasePlugin)
    # Global plugins run last, and only one that comes after Saleor's own webhook
    # plugin has the last word.
    assert not DgsPayTransactionsPlugin.CONFIGURATION_PER_CHANNEL
    assert DgsPayTransactionsPlugin.DEFAULT_ACTIVE
    assert DgsPayTransactionsPlugin.HIDDEN


def test_it_is_no_gateway_of_its_own() -> None:
    """Saleor lists what has this hook, for the Payments API."""
    assert not hasattr(DgsPayTransactionsPlugin, "process_payment")


# What is offered


def offered(
    plugin: DgsPayTransactionsPlugin,
    shop: Shop,
    asked: list[str] | None = None,
    previous: list[PaymentGatewayData] | None = None,
) -> dict[str, Any]:
    gateways = plugin.payment_gateway_initialize_session(
        Decimal(12000),
        [PaymentGatewayData(gateway) for gateway in asked or []],
        shop.new_checkout(),
        previous_value=previous,
    )
    return {gateway.app_identifier: gateway.data for gateway in gateways}


@pytest.mark.parametrize("asked", [None, [GATEWAY], [FOREIGN, GATEWAY]])
def test_offered_to_who_asks(
    plugin: DgsPayTransactionsPlugin, shop: Shop, asked: list[str] | None
) -> None:
    assert offered(plugin, shop, asked) == {GATEWAY: OFFERED}


def test_others_are_still_offered(plugin: DgsPayTransactionsPlugin, shop: Shop) -> None:
    previous = [PaymentGatewayData(FOREIGN, data={"a": 1})]
    assert offered(plugin, shop, None, previous) == {
        FOREIGN: {"a": 1},
        GATEWAY: OFFERED,
    }
    assert offered(plugin, shop, [FOREIGN], previous) == {FOREIGN: {"a": 1}}


def test_not_offered_where_it_is_not_active(
    plugin: DgsPayTransactionsPlugin, shop: Shop
) -> None:
    PluginConfiguration.objects.update(active=False)
    assert offered(plugin, shop) == {}


def test_not_offered_in_a_currency_that_is_not_supported(
    plugin: DgsPayTransactionsPlugin, shop: Shop
) -> None:
    PluginConfiguration.objects.update(configuration=fields(supported_currencies="USD"))
    assert offered(plugin, shop) == {}


def test_not_offered_without_its_app(
    plugin: DgsPayTransactionsPlugin, shop: Shop, app: App
) -> None:
    app.delete()
    assert offered(plugin, shop) == {}


# Sessions


def session(shop: Shop, app: App, gateway: str = GATEWAY) -> TransactionSessionData:
    checkout = shop.new_checkout()
    item = TransactionItem.objects.create(
        checkout=checkout,
        currency="RWF",
        app=app,
        app_identifier=gateway,
        idempotency_key="key-1",
    )
    item.events.create(
        type=TransactionEventType.CHARGE_REQUEST, amount_value=12000, currency="RWF"
    )
    return TransactionSessionData(
        transaction=item,
        source_object=checkout,
        action=TransactionProcessActionData("charge", Decimal(12000), "RWF"),
        payment_gateway_data=PaymentGatewayData(gateway, data=card_data()),
        customer_ip_address=None,
        idempotency_key="key-1",
    )


@pytest.mark.parametrize(
    "hook", ["transaction_initialize_session", "transaction_process_session"]
)
def test_sessions_of_others_are_left_to_them(
    plugin: DgsPayTransactionsPlugin,
    shop: Shop,
    app: App,
    provider: Provider,
    hook: str,
) -> None:
    theirs = TransactionSessionResult(FOREIGN, response={"result": "CHARGE_SUCCESS"})
    answer = getattr(plugin, hook)(session(shop, app, FOREIGN), previous_value=theirs)
    assert answer is theirs
    assert provider.called == []


def test_session_is_answered_in_place_of_the_webhook_plugin_s_error(
    plugin: DgsPayTransactionsPlugin, shop: Shop, app: App, provider: Provider
) -> None:
    provider.tells("POST charges", PAID)
    previous = TransactionSessionResult(GATEWAY, error="No webhook")
    answer = plugin.transaction_initialize_session(session(shop, app), previous)
    assert answer == TransactionSessionResult(
        GATEWAY,
        response={
            "result": "CHARGE_SUCCESS",
            "pspReference": "DGS-1",
            "amount": Decimal(12000),
            "actions": [],
            "data": {"reference": "DGS-1"},
            "message": "Paid with DGS-Pay card.",
            "paymentMethodDetails": {"type": "CARD", "name": "DGS-Pay card"},
        },
    )


@pytest.mark.parametrize(
    "changes",
    [{"active": False}, {"configuration": fields(encryption_key="not a key")}],
    ids=["not active", "not valid"],
)
def test_channel_that_is_not_set_up(
    plugin: DgsPayTransactionsPlugin,
    shop: Shop,
    app: App,
    provider: Provider,
    changes: dict[str, Any],
) -> None:
    PluginConfiguration.objects.update(**changes)
    answer = plugin.transaction_initialize_session(session(shop, app), None)
    assert answer is not None
    assert answer.response is not None
    assert answer.response["result"] == "CHARGE_FAILURE"
    assert answer.response["data"]["error"] == "misconfigured"
    assert provider.called == []


# What staff asks for


@pytest.mark.parametrize(
    ("action", "failure", "code"),
    [
        ("charge", "charge_failure", "capture_not_possible"),
        ("refund", "refund_failure", "refund_in_portal"),
        ("cancelation", "cancel_failure", "void_not_possible"),
    ],
)
@pytest.mark.parametrize("noted_before", [True, False])
def test_action_that_is_not_possible_fails_with_its_reason(
    plugin: DgsPayTransactionsPlugin,
    shop: Shop,
    app: App,
    action: str,
    failure: str,
    code: str,
    noted_before: bool,
) -> None:
    item = session(shop, app).transaction
    request = item.events.create(
        type=failure.replace("failure", "request"), amount_value=12000, currency="RWF"
    )
    if noted_before:
        create_failed_transaction_event(request, cause="Cannot find a webhook.")
    asked = TransactionActionData(action, item, request, app, Decimal(12000))
    getattr(plugin, f"transaction_{action}_requested")(asked, previous_value=None)
    [failed] = item.events.filter(type=failure)
    assert failed.message.endswith(f"({code})")


def test_actions_on_transactions_of_others_are_left_to_them(
    plugin: DgsPayTransactionsPlugin, shop: Shop, app: App
) -> None:
    item = session(shop, app, FOREIGN).transaction
    request = item.events.create(type="refund_request", currency="RWF")
    asked = TransactionActionData("refund", item, request, None, Decimal(1))
    plugin.transaction_refund_requested(asked, previous_value=None)
    assert not item.events.filter(type="refund_failure").exists()


# The App


def test_app_is_made_when_a_channel_is_activated(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("GET balance", {"balance": 1})
    PluginConfiguration.objects.update(active=False)
    assert not App.objects.exists()
    save(active=True)
    app = App.objects.get()
    assert (app.identifier, app.name, app.type) == (GATEWAY, "DGS-Pay", "local")
    assert app.is_active
    [permission] = app.permissions.all()
    assert permission.codename == "handle_payments"


def test_app_rests_while_no_channel_is_active(
    shop: Shop, provider: Provider, app: App
) -> None:
    provider.tells("GET balance", {"balance": 1})
    save(active=False)
    app.refresh_from_db()
    assert not app.is_active
    save(active=True)
    app.refresh_from_db()
    assert app.is_active
    assert App.objects.count() == 1


def test_app_is_not_made_for_what_is_not_used(shop: Shop) -> None:
    PluginConfiguration.objects.update(active=False)
    keep_gateway_app(GATEWAY, "DGS-Pay")
    assert not App.objects.exists()


def test_app_of_somebody_else_keeps_the_plugin_from_being_active(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("GET balance", {"balance": 1})
    App.objects.create(identifier=GATEWAY, name="Cards Ltd")
    with pytest.raises(ValidationError) as problem:
        save(active=True)
    assert "The app Cards Ltd has the identifier" in str(problem.value.message_dict)
    save(active=False)
    refuse_foreign_app(FOREIGN)
