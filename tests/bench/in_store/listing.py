"""Inside the store: the ways to pay of a checkout, with the plugin and without."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from saleor.channel.models import Channel
from saleor.plugins.models import PluginConfiguration
from stopwatch import allocated_kilobytes, side_by_side

from dgspay_plugin.plugin import DgsPayPlugin

PLUGIN = "dgspay_plugin.plugin.DgsPayPlugin"
IDLE = "idle_plugin.IdlePlugin"
MORE_CHANNELS = 100


def measure(document: str, checkout_id: str, rounds: int) -> dict[str, Any]:
    """Time the GraphQL query, and the plugin's own part in it."""
    logging.disable(logging.INFO)
    body = {"query": document, "variables": {"checkoutId": checkout_id}}
    client = Client(SERVER_NAME="127.0.0.1")

    def ask() -> list[str]:
        answer = client.post("/graphql/", body, content_type="application/json")
        (checkout,) = answer.json()["data"].values()
        return [gateway["id"] for gateway in checkout["availablePaymentGateways"]]

    # In its place one that does nothing: Saleor asks the database for the channel of
    # whatever plugin is set up in one.
    without_plugin = override_settings(
        PLUGINS=[IDLE if path == PLUGIN else path for path in settings.PLUGINS]
    )
    ask_without = without_plugin(ask)
    assert DgsPayPlugin.PLUGIN_ID in ask()
    assert DgsPayPlugin.PLUGIN_ID not in ask_without()
    results = {
        "times": side_by_side(rounds, with_plugin=ask, without=ask_without),
        "queries": _queries(ask),
        "queries_without": _queries(ask_without),
        "kilobytes": allocated_kilobytes(ask),
        "own_ms": _own_part(rounds),
    }
    with transaction.atomic():
        _add_channels()
        results["kilobytes_with_more_channels"] = allocated_kilobytes(ask)
        transaction.set_rollback(True)
    return results


def _own_part(rounds: int) -> float:
    """What the plugin itself does for a listing: an instance, which lists itself."""
    row = PluginConfiguration.objects.filter(
        identifier=DgsPayPlugin.PLUGIN_ID, active=True
    ).first()

    def list_gateway() -> None:
        plugin = DgsPayPlugin(
            configuration=row.configuration, active=True, channel=row.channel
        )
        assert plugin.get_payment_gateways("RWF", None, None, None)

    return side_by_side(rounds, own=list_gateway)["own"]["processor"]


def _queries(ask: Callable[[], Any]) -> int:
    with ExitStack() as stack:
        watched = [
            stack.enter_context(CaptureQueriesContext(connection))
            for connection in connections.all()
        ]
        ask()
        return sum(map(len, watched))


def _add_channels() -> None:
    """More channels in which the plugin is active."""
    row = PluginConfiguration.objects.filter(identifier=DgsPayPlugin.PLUGIN_ID).first()
    for number in range(MORE_CHANNELS):
        channel = Channel.objects.create(
            name=f"Bench {number}",
            slug=f"bench-{number}",
            currency_code="RWF",
            default_country="RW",
            is_active=True,
        )
        PluginConfiguration.objects.create(
            identifier=row.identifier,
            name=row.name,
            active=True,
            channel=channel,
            configuration=row.configuration,
        )
