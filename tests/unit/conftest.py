"""What imports Saleor is tested with the stand-in's package, in this process."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from hypothesis import settings

from dgspay_plugin import metrics
from tests import saleor_slice
from tests.unit.dgspay import ConnectionsTo, Provider
from tests.unit.telemetry import Meter, telemetry

if TYPE_CHECKING:
    from tests.unit.shop import Shop
    from tests.unit.storefront import Storefront

# How fast an example runs says how busy the machine is, and nothing of the code.
settings.register_profile("unit", settings(deadline=None))
settings.load_profile("unit")

# Nothing of it is left in the environment: real Saleor is started from here too.
with pytest.MonkeyPatch.context() as _while_django_is_set_up:
    _while_django_is_set_up.setenv("DJANGO_SETTINGS_MODULE", "tests.unit.settings")
    # No file of it is used: Django's tests keep an SQLite database in memory.
    _while_django_is_set_up.setenv("SALEOR_SLICE_DATA_DIR", os.devnull)
    _while_django_is_set_up.syspath_prepend(Path(saleor_slice.__file__).parent)
    django.setup()


@pytest.fixture(scope="session")
def tables() -> Iterator[None]:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    yield
    connection.creation.destroy_test_db(name, verbosity=0)


@pytest.fixture
def database(tables: None) -> Iterator[None]:
    """An empty database, whose transactions end as they do in a store."""
    from tests.unit.database import empty_database

    yield
    empty_database()


@pytest.fixture
def cache() -> Iterator[None]:
    """An empty cache."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """DGS-Pay, at every address."""
    provider = Provider()
    monkeypatch.setattr(
        "dgspay_plugin.provider.client.shared_connections",
        lambda base_url: ConnectionsTo(base_url, provider),
    )
    return provider


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes between two connects."""
    monkeypatch.setattr(
        "dgspay_plugin.provider.client.PAUSES_BETWEEN_CONNECTS", (0.0, 0.0)
    )


@pytest.fixture
def shop(database: None, cache: None, provider: Provider) -> "Shop":
    """A store whose DGS-Pay is the provider."""
    from tests.unit.shop import Shop

    return Shop()


@pytest.fixture
def storefront(shop: "Shop") -> "Storefront":
    """Pays the shop's checkouts by transactions."""
    from tests.unit.storefront import Storefront

    return Storefront(shop)


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    """Saleor's meter, installed as at a start."""
    meter = Meter()
    monkeypatch.setitem(sys.modules, "saleor.core.telemetry", telemetry(meter))
    monkeypatch.setattr(metrics, "_meter", None)
    metrics.install()
    return meter
