from tests.unit.settlement.conftest import shop

__all__ = ["shop"]
