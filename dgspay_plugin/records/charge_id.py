"""What a charge is for: a Payment or a TransactionItem of Saleor's."""

import re
from dataclasses import dataclass
from typing import Literal, cast

CHARGE_ID = re.compile(r"(payment|transaction)-([0-9]+)", re.ASCII)


@dataclass(frozen=True)
class ChargeId:
    """Names a charge in the webhook's address and in the owner's log."""

    kind: Literal["payment", "transaction"]
    pk: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.pk}"

    @property
    def title(self) -> str:
        """How an owner's sentence begins with it."""
        return f"{self.kind.capitalize()} {self.pk}"

    @classmethod
    def parse(cls, text: str) -> "ChargeId":
        """Read what `str` wrote.

        Raises:
            ValueError: it is something else.
        """
        match = CHARGE_ID.fullmatch(text)
        if not match:
            raise ValueError("not the name of a payment or a transaction")
        kind = cast(Literal["payment", "transaction"], match[1])
        return cls(kind, int(match[2]))
