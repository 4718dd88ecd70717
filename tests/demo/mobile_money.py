"""One payment by mobile money, told step by step as it happens."""

from tests.demo.payment import NotPaid, Payment, description
from tests.scenarios import wallets
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.store import Checkout

NUMBER = wallets.DECIDED_ON_THE_HANDSET
NETWORK = "Airtel"


class MobileMoneyPayment(Payment):
    """A customer with a phone and no card."""

    def run(self) -> None:
        """Pay, and check both sides' records.

        Raises:
            NotPaid: as by card.
        """
        self._narrator.title("By mobile money")
        checkout = self._fill_basket()
        self._open_payment(checkout)
        self._pay_with_number(checkout)
        self._approve(checkout)
        self._compare_records(checkout)
        self._show_order(checkout)

    def _pay_with_number(self, checkout: Checkout) -> None:
        self._narrator.step(f"The customer chooses {NETWORK} and types {NUMBER}")
        self._narrator.says("Browser", self._words.press)
        asked = self._store.pay(checkout, Cardholder().wallet(NUMBER, NETWORK))
        self._expect_question("approve_on_phone", checkout, asked)

    def _approve(self, checkout: Checkout) -> None:
        self._narrator.step("The customer approves it on the phone")
        reference = self._sandbox.charge(checkout.email)["dgs_reference"]
        self._sandbox.on_the_handset(reference, "approve")
        self._sandbox.wait_for_webhook(checkout.email)
        self._narrator.says("DGS-Pay", "tells the store, by signed webhook")
        self._narrator.says("Store", "asks DGS-Pay, and writes the capture down")
        self._narrator.says("Browser", f"asks how it stands: {self._words.answer}")
        completion = self._store.complete(checkout, Cardholder().waiting())
        self._tell_requests()
        if completion.order_id is None:
            raise NotPaid(description(completion))
        self._tell_charge(checkout)
