import pytest

from tests.unit.dgspay import Provider

from .shop import Shop


@pytest.fixture
def shop(database: None, cache: None, provider: Provider) -> Shop:
    """A store whose DGS-Pay is the provider."""
    return Shop()
