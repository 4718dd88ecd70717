"""Money of nothing, and what a tax service fails with (``saleor.core.taxes``)."""

from prices import Money, TaxedMoney


class TaxError(Exception):
    """The taxes cannot be known; here no plugin and no app is asked for any."""


def zero_money(currency: str) -> Money:
    return Money(0, currency)


def zero_taxed_money(currency: str) -> TaxedMoney:
    zero = zero_money(currency)
    return TaxedMoney(net=zero, gross=zero)
