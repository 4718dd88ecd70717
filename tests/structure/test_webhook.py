"""Anybody can send a webhook, so a forged one must cost next to nothing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from saleor.plugins.manager import get_plugins_manager

from dgspay_plugin.provider import messages
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

BODY = b'{"event": "payment.success", "data": {"dgs_reference": "RWF-12000-1"}}'


def test_forged_webhook_asks_the_database_for_no_more_than_its_channel(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = shop.channel.slug
    with CaptureQueriesContext(connection) as of_saleor:
        assert get_plugins_manager(allow_replica=False).get_plugin(GATEWAY, channel)
    monkeypatch.setattr(messages, "read_json", None)
    with CaptureQueriesContext(connection) as queries:
        answer = Client().post(
            f"/plugins/channel/{channel}/{GATEWAY}/webhook/",
            BODY,
            content_type="application/json",
            headers={"X-DGS-Signature": "0" * 64},
        )
    assert answer.status_code == 401
    assert len(queries) == len(of_saleor)
