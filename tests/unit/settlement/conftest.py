from collections.abc import Iterator

import pytest

from .dgspay import Provider
from .shop import Shop


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(assert_all_requests_are_fired=False) as provider:
        yield provider


@pytest.fixture
def shop(database: None, cache: None, provider: Provider) -> Shop:
    """A store whose DGS-Pay is the provider."""
    return Shop()


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes between two connects."""
    monkeypatch.setattr("dgspay_plugin.provider.client.time.sleep", lambda _: None)
