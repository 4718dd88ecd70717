"""Amounts of money, in major units, always with their currency."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_currency_precision


@dataclass(frozen=True)
class Money:
    """An amount in major units (12000 RWF, 10.50 USD) with its ISO 4217 currency."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount.normalize():f} {self.currency}"

    def in_minor_unit_steps(self) -> "Money":
        """The same amount with exactly the decimals its currency has (CLDR).

        Saleor keeps three decimals for every currency; RWF has none, USD two.

        Raises:
            ValueError: the currency has no coin for a part of this amount, so
                that no charge could be equal to it.
        """
        decimals = get_currency_precision(self.currency)
        step = Decimal(1).scaleb(-decimals)
        rounded = self.amount.quantize(step)
        if rounded != self.amount:
            raise ValueError(f"{self} cannot be paid in steps of {step}")
        return Money(rounded, self.currency)
