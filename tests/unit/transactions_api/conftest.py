from tests.unit.settlement.conftest import provider, shop

__all__ = ["provider", "shop"]
