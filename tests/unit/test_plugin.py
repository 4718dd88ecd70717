"""The plugin as Saleor holds it."""

import json
from dataclasses import asdict
from importlib.metadata import entry_points
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from saleor.payment import TransactionKind
from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.configuration import read_configuration
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.plugin import DgsPayPlugin
from tests.unit.dgspay import Provider
from tests.unit.leaks import found_in, logged
from tests.unit.merchant import API_KEY, ENCRYPTION_KEY, WEBHOOK_SECRET, fields
from tests.unit.payment_data import payment_of

SECRETS = (API_KEY, WEBHOOK_SECRET)


def plugin(**changes: Any) -> DgsPayPlugin:
    return DgsPayPlugin(
        configuration=fields(**changes),
        active=True,
        channel=SimpleNamespace(slug="rwf"),
    )


def test_saleor_finds_the_plugin() -> None:
    [entry_point] = [
        entry_point
        for entry_point in entry_points(group="saleor.plugins")
        if entry_point.name == "dgspay_plugin"
    ]
    assert entry_point.load() is DgsPayPlugin
    assert issubclass(DgsPayPlugin, BasePlugin)
    assert DgsPayPlugin.PLUGIN_ID == "dgspay.payments"
    assert DgsPayPlugin.CONFIGURATION_PER_CHANNEL
    # Saleor lists a gateway only if the plugin's own class has this hook.
    assert "process_payment" in vars(DgsPayPlugin)


def test_browser_is_told_what_it_needs_and_no_secret() -> None:
    gateway = {
        field["field"]: field["value"] for field in plugin().get_payment_config(None)
    }
    assert gateway == {
        "encryption_key": ENCRYPTION_KEY,
        "environment": "sandbox",
        "nonce_format": "12",
        "payment_methods": "card",
    }


@pytest.mark.parametrize(
    ("saved", "currencies"),
    [
        ("RWF,USD", ["RWF", "USD"]),
        (" rwf , usd", ["RWF", "USD"]),
        ("RWF", ["RWF"]),
        ("", []),
        (None, []),
    ],
)
def test_supported_currencies(saved: str | None, currencies: list[str]) -> None:
    gateway = plugin(supported_currencies=saved)
    assert gateway.get_supported_currencies(None) == currencies


@pytest.mark.parametrize("saved", ["RWF,USD", "rwf usd", "RWF;USD", " RWF , USD "])
def test_gateway_is_listed_for_what_can_be_charged(saved: str) -> None:
    configuration = read_configuration(fields(supported_currencies=saved))
    listed = plugin(supported_currencies=saved).get_supported_currencies(None)
    assert tuple(listed) == configuration.supported_currencies == ("RWF", "USD")


def test_gateway_is_listed_for_its_currencies_without_io() -> None:
    """Without a database and without DGS-Pay, and also half configured."""
    for gateway in (plugin(), plugin(api_key=None, encryption_key=None)):
        [listed] = gateway.get_payment_gateways("RWF", None, None, None)
        assert listed.id == "dgspay.payments"
        assert gateway.get_payment_gateways("EUR", None, None, None) == []


def test_new_plugin_has_the_defaults() -> None:
    gateway = DgsPayPlugin(configuration=[], active=False)
    assert gateway.get_supported_currencies(None) == ["RWF"]
    assert {"field": "nonce_format", "value": "12"} in gateway.get_payment_config(None)


def test_payment_needs_no_token() -> None:
    assert plugin().token_is_required_as_payment_input(True) is False


@pytest.mark.parametrize("hook", ["process_payment", "confirm_payment"])
def test_payment_in_a_shop_that_is_not_set_up(
    hook: str, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = plugin(encryption_key=f"{ENCRYPTION_KEY}x", return_url=None)
    answer = getattr(gateway, hook)(payment_of(), None)
    assert not answer.is_success
    assert answer.error == str(CustomerMessage.MISCONFIGURED)
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "channel rwf" in record.getMessage()
    assert "encryption_key, return_url" in record.getMessage()
    assert found_in(logged([record]), (*SECRETS, ENCRYPTION_KEY)) == []


@pytest.mark.parametrize(
    ("hook", "message", "kind"),
    [
        ("refund_payment", CustomerMessage.REFUND_IN_PORTAL, TransactionKind.REFUND),
        ("void_payment", CustomerMessage.VOID_NOT_POSSIBLE, TransactionKind.VOID),
        (
            "capture_payment",
            CustomerMessage.CAPTURE_NOT_POSSIBLE,
            TransactionKind.CAPTURE,
        ),
    ],
)
def test_what_the_provider_has_no_call_for(
    hook: str, message: CustomerMessage, kind: str
) -> None:
    answer = getattr(plugin(), hook)(payment_of(order_id="12"), None)
    assert not answer.is_success
    assert answer.kind == kind
    assert answer.error == str(message)
    assert "merchant portal" in answer.error or hook == "capture_payment"
    json.dumps(asdict(answer), default=str)


def test_webhook_in_a_shop_that_is_not_set_up() -> None:
    request = RequestFactory().post("/", b"{}", content_type="application/json")
    answer = plugin(webhook_secret=None).webhook(request, "/webhook/", None)
    assert answer.status_code == 503


def test_webhook_is_handed_on() -> None:
    request = RequestFactory().post("/", b"{}", content_type="application/json")
    assert plugin().webhook(request, "/webhook/", None).status_code == 401
    assert plugin().webhook(request, "/elsewhere/", None).status_code == 404


# The dashboard


def saved(active: bool = True, **changes: Any) -> PluginConfiguration:
    return PluginConfiguration(
        identifier="dgspay.payments", active=active, configuration=fields(**changes)
    )


@pytest.mark.usefixtures("database")
def test_active_configuration_is_tried_out(provider: Provider) -> None:
    provider.tells("GET balance", {"status": "success"})
    DgsPayPlugin.validate_plugin_configuration(saved())
    assert provider.called == ["GET balance"]


def test_active_configuration_is_refused(provider: Provider) -> None:
    provider.tells("GET balance", {"error_code": "91"}, status=401)
    with pytest.raises(ValidationError) as refused:
        DgsPayPlugin.validate_plugin_configuration(saved())
    assert list(refused.value.error_dict) == ["api_key"]


def test_broken_configuration_is_not_tried_out(provider: Provider) -> None:
    with pytest.raises(ValidationError) as refused:
        DgsPayPlugin.validate_plugin_configuration(saved(nonce_format="16"))
    assert list(refused.value.error_dict) == ["nonce_format"]
    assert provider.called == []


def test_configuration_that_is_not_active_may_be_half_done(provider: Provider) -> None:
    DgsPayPlugin.validate_plugin_configuration(saved(active=False, api_key=None))
    assert provider.called == []


def test_dashboard_shows_the_webhooks_url() -> None:
    gateway = plugin()
    fields = gateway.resolve_plugin_configuration(RequestFactory().get("/"))
    [url] = [field["value"] for field in fields if field["name"] == "webhook_url"]
    assert url == ("https://store.example/plugins/channel/rwf/dgspay.payments/webhook/")
