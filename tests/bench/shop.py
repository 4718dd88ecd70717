"""The store and the provider that the parts measure with."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.bench.provider import Provider
from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.store import Checkout, Store

THREADS = 4


@dataclass(frozen=True)
class Shop:
    host: Host
    store: Store
    provider: Provider
    cardholder: Cardholder = field(default_factory=Cardholder)

    def checkouts_to_pay(self, number: int) -> list[Checkout]:
        """Checkouts whose customers are about to press Pay."""
        with ThreadPoolExecutor(THREADS) as customers:
            return list(customers.map(lambda _: self._checkout(), range(number)))

    def waiting_references(self, number: int) -> list[str]:
        """The DGS-Pay references of payments that wait for their outcome."""
        self.provider.status = "pending"
        try:
            with ThreadPoolExecutor(THREADS) as customers:
                references = customers.map(
                    lambda _: self._waiting_reference(), range(number)
                )
                return list(references)
        finally:
            self.provider.status = "successful"

    def _checkout(self) -> Checkout:
        checkout = self.store.new_checkout()
        self.store.create_payment(checkout)
        return checkout

    def _waiting_reference(self) -> str:
        card = self.cardholder.card(cards.APPROVED)
        completion = self.store.complete(self._checkout(), card)
        assert completion.confirmation, completion
        reference: str = completion.confirmation["reference"]
        return reference
