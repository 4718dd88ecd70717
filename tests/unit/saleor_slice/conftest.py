from collections.abc import Iterator

import pytest
from django.test import override_settings

from .echoing_gateway import EchoingGateway
from .shop import Shop


@pytest.fixture
def shop(database: None) -> Iterator[Shop]:
    webhooks = "saleor.plugins.webhook.plugin.WebhookPlugin"
    echo = f"{EchoingGateway.__module__}.{EchoingGateway.__name__}"
    shop = Shop()
    with override_settings(PLUGINS=[webhooks, echo]):
        shop.open()
        yield shop
