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

    def above(self, total: "Money") -> "Money":
        """By how much it is more than a total in the same currency."""
        return Money(self.amount - total.amount, total.currency)

    def in_minor_unit_steps(self) -> "Money":
        """The same amount with exactly the decimals its currency has (CLDR).

        Saleor keeps three decimals for every currency; RWF has none, USD two.

        Raises:
            ValueError: it is not above 0, or the currency has no coin for a part of
                it, so that no charge could be equal to it.
        """
        if self.amount <= 0:
            raise ValueError(f"{self} is not an amount that can be charged")
        decimals = get_currency_precision(self.currency)
        step = Decimal(1).scaleb(-decimals)
        rounded = self.amount.quantize(step)
        if rounded != self.amount:
            raise ValueError(f"{self} cannot be paid in steps of {step}")
        return Money(rounded, self.currency)
