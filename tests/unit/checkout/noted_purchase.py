"""A Purchase of no API and no database, for the tests of a press's flow."""

from datetime import datetime
from decimal import Decimal

from dgspay_plugin.checkout.flow import continue_purchase, start_purchase
from dgspay_plugin.checkout.purchase import Purchase
from dgspay_plugin.configuration import read_configuration
from dgspay_plugin.goods import Goods
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import Outcome
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.history import History
from dgspay_plugin.records.other_charges import OtherCharges
from dgspay_plugin.records.replies import Reply
from tests.unit.browser import nonce
from tests.unit.dgspay import Provider
from tests.unit.merchant import fields
from tests.unit.payment_data import history_of, response_for

CONFIGURATION = read_configuration(fields(payment_methods="card,mobile_money"))
DUE = Money(Decimal(12000), "RWF")


class Buyer:
    """Somebody with an address in Rwanda."""

    first_name = "Amina"
    last_name = "Uwase"
    company_name = ""
    phone = "+250788123456"
    country = "RW"


class NotedPurchase(Purchase):
    """A purchase that notes what it is asked, in order, beside DGS-Pay's calls."""

    def __init__(self, provider: Provider, data: object, *outcomes: Outcome) -> None:
        self.asked: list[str] = []
        self._provider = provider
        self._calls_before = len(provider.calls)
        self.charge_id = ChargeId("payment", 7)
        self.price = Money(Decimal("12000.000"), "RWF")
        self.history: History = history_of(*map(response_for, outcomes))
        self.storefront_data = data
        self.customer_email = "amina@example.com"
        self.addresses = (Buyer(), None)
        self.narration_reference = "checkout-1"
        self.key = nonce()
        self.since: datetime | None = None
        self.has_been_overtaken = False
        self.costs: list[Goods] = [Goods(DUE)]
        """What the goods cost, each time they are looked at; the last one stays."""
        self.others = OtherCharges()
        self.lets_the_lock_go = False
        self.webhook_tells: Outcome | None = None
        """What a webhook that waits for the lock then writes."""

    def interrupted_since(self) -> datetime | None:
        return self.since

    def is_overtaken(self) -> bool:
        return self.has_been_overtaken

    def callback_url(self) -> str:
        return "https://store.example/webhook/payment-7"

    def idempotency_key(self) -> str:
        return self.key

    def return_url(self, shops_page: str) -> str:
        return shops_page

    def goods(self) -> Goods:
        self._note("goods")
        return self.costs.pop(0) if len(self.costs) > 1 else self.costs[0]

    def other_charges(self) -> OtherCharges:
        self._note("other charges")
        return self.others

    def begin_attempt(self) -> bool:
        self._note("mark")
        if self.webhook_tells:
            self.history = history_of(response_for(self.webhook_tells))
        return self.lets_the_lock_go

    def _note(self, what: str) -> None:
        sent = self._provider.called[self._calls_before :]
        assert not sent, f"{what} came after {sent}"
        self.asked.append(what)


def start(purchase: Purchase) -> Reply:
    return start_purchase(purchase, CONFIGURATION)


def go_on(purchase: Purchase) -> Reply:
    return continue_purchase(purchase, CONFIGURATION)
