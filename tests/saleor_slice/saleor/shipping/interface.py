from dataclasses import dataclass
from typing import Any

import graphene
from prices import Money


@dataclass
class ShippingMethodData:
    """A delivery method as a checkout is offered it, at today's price.

    Saleor's apps may offer methods too; here all are the store's own.
    """

    id: str
    price: Money
    name: str | None = None
    active: bool = True
    message: str = ""

    @property
    def graphql_id(self) -> Any:
        return graphene.Node.to_global_id("ShippingMethod", self.id)
