from decimal import Decimal
from typing import TypeVar

from babel.numbers import get_currency_precision
from prices import Money, TaxedMoney

Price = TypeVar("Price", Decimal, Money, TaxedMoney)


def quantize_price(price: Price, currency: str) -> Price:
    """Round to the currency's minor unit: two decimals for USD, none for RWF."""
    return price.quantize(Decimal(10) ** -get_currency_precision(currency))
