from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.provider import Provider
from tests.unit.conftest import database, tables
from tests.unit.merchant import fields
from tests.unit.shop import Shop

__all__ = ["database", "tables"]


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def shop(database: None) -> Shop:
    return Shop()


@pytest.fixture
def plugin(shop: Shop, provider: Provider) -> Any:
    """The plugin of the shop's channel, which charges at the provider."""
    from dgspay_plugin.plugin import DgsPayPlugin

    return DgsPayPlugin(
        configuration=fields(sandbox_url=provider.api_url),
        active=True,
        channel=shop.channel,
    )
