"""Every checkout lists the ways to pay, so that must cost nothing."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from pydantic_core import SchemaValidator
from saleor.plugins.manager import get_plugins_manager

from tests.structure.audit import input_and_output_of
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop


def validations_of(way: Callable[[], Any]) -> list[str]:
    """What pydantic validates."""
    validated: list[str] = []

    def watch(frame: FrameType, event: str, called: Any) -> None:
        validator = getattr(called, "__self__", None)
        if event == "c_call" and isinstance(validator, SchemaValidator):
            validated.append(validator.title)

    sys.setprofile(watch)
    try:
        way()
    finally:
        sys.setprofile(None)
    return validated


def list_gateways(channel: str) -> list[str]:
    manager = get_plugins_manager(allow_replica=True)
    gateways = manager.list_payment_gateways(channel_slug=channel, currency="RWF")
    return [gateway.id for gateway in gateways]


def queries_of_listing(channel: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        list_gateways(channel)
    return len(queries)


def test_listing_takes_no_query(shop: Shop) -> None:
    channel = shop.channel.slug
    assert list_gateways(channel) == [GATEWAY]
    with_plugin = queries_of_listing(channel)
    others = [path for path in settings.PLUGINS if "dgspay" not in path]
    with override_settings(PLUGINS=others):
        assert list_gateways(channel) == []
        assert queries_of_listing(channel) == with_plugin


def test_listing_opens_nothing(plugin: Any) -> None:
    def gateways() -> Any:
        return plugin.get_payment_gateways("RWF", None, None, None)

    assert gateways()
    assert not input_and_output_of(gateways)
    assert input_and_output_of(Path(__file__).read_text)


def test_listing_reads_no_configuration(plugin: Any) -> None:
    def gateways() -> Any:
        return plugin.get_payment_gateways("RWF", None, None, None)

    assert not validations_of(gateways)
    assert validations_of(plugin._usable_configuration) == ["Configuration"]
