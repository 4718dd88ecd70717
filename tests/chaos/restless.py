"""A customer who does whatever comes to mind, and pays in the end all the same."""

import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from tests.chaos.customer import Customer, outcome_of
from tests.chaos.plan import GOOD_CARDS, GOOD_WALLETS, Deed
from tests.scenarios.cardholder import PaymentData
from tests.scenarios.shop import (
    BILLING_ADDRESS,
    SHIPPING_ADDRESS,
    DocumentFailed,
    NoDelivery,
    PromoCode,
)
from tests.scenarios.store import Completion, MutationRefused

NOWHERE_NEAR = {**SHIPPING_ADDRESS, "country": "KE", "phone": ""}
"""Where nothing is shipped to."""
GONE = (["DatabaseError"], ["DoesNotExist"], ["IntegrityError"])
"""What Saleor answers where a row that it works on was deleted."""
VOUCHER_AMOUNTS = {"RWF": "2000", "USD": "2.00"}
GIFT_CARD_AMOUNTS = {"RWF": "3000", "USD": "3.00"}


class RestlessCustomer(Customer):
    """Starts several payments, answers them in any order, and changes the cart.

    What is typed and shown in one tab is not seen in another: the page is reloaded
    only when that comes to mind.
    """

    def _buy(self) -> None:
        self._dice = random.Random(self.intention.seed)
        self._tabs: dict[str, Completion] = {}
        """The payments that ask for something, by id."""
        self._voucher: PromoCode | None = None
        self._gift_card: PromoCode | None = None
        for deed in self.intention.deeds:
            with self._refused_at_times(), self._order_made_meanwhile():
                self._reach(partial(self._do, deed))
            if self.outcome in ("order", "already_paid"):
                return
        with self._refused_at_times(), self._order_made_meanwhile():
            self._reach(self._mend_cart)
        with self._order_made_meanwhile():
            super()._buy()

    @contextlib.contextmanager
    def _refused_at_times(self) -> Iterator[None]:
        """The store refuses some of what comes to mind, as it should."""
        with contextlib.suppress(MutationRefused):
            yield

    @contextlib.contextmanager
    def _order_made_meanwhile(self) -> Iterator[None]:
        """Saleor fails where a webhook makes an order of the checkout that it reads.

        It saves a row that is gone (saleor/graphql/checkout/mutations: "did not affect
        any rows"), adds a gift card to it (saleor/giftcard/utils.py), reads it once
        more (saleor/graphql/checkout/types.py), or finds no delivery for it
        (saleor/checkout/delivery_context.py).
        """
        try:
            yield
        except (DocumentFailed, NoDelivery) as failed:
            is_gone = isinstance(failed, NoDelivery) or failed.codes in GONE
            if not is_gone or not self._store.orders(self.checkout):
                raise

    def _do(self, deed: Deed) -> None:
        match deed:
            case Deed.STARTS_PAYMENT:
                self._start(self._any_number())
            case Deed.STARTS_PART:
                self._start_part(self._any_number())
            case Deed.ANSWERS:
                self._answer_any()
            case Deed.TWO_TABS:
                tab = self._new_tab(self._any_number())
                self._note(self._at_once(tab, tab))
            case Deed.TWO_CARDS:
                tabs = (
                    self._new_tab(self._any_number()),
                    self._new_tab(self._any_number()),
                )
                self._note(self._at_once(*tabs))
            case Deed.RELOADS:
                self.checkout = self._store.with_what_is_left(self.checkout)
            case _:
                self._change_cart(deed)

    # --- paying -------------------------------------------------------------------

    def _any_number(self) -> str:
        good = GOOD_CARDS
        if self.intention.currency == "RWF":
            good = (*GOOD_CARDS, *GOOD_WALLETS)
        return self._dice.choice((*good, *self.intention.numbers))

    def _start(self, number: str) -> None:
        self._note(self._new_tab(number)())

    def _start_part(self, number: str) -> None:
        """Pay a half, where Saleor lets customers pay in parts."""
        whole = self.checkout
        half = Decimal(whole.total) / 2
        self.checkout = replace(whole, total=f"{half:.0f}")
        try:
            self._start(number)
        finally:
            self.checkout = replace(self.checkout, total=whole.total)

    def _new_tab(self, number: str) -> Callable[[], Completion]:
        payment = self._store.create_payment(self.checkout)
        self.payments.append(payment)

        def press() -> Completion:
            return self._send(payment, partial(self._typed_number, number))

        return press

    def _answer_any(self) -> None:
        if self._tabs:
            payment = self._dice.choice(list(self._tabs))
            step = self._next_step(self._tabs[payment])
            self._note(self._send(payment, step))

    def _send(self, payment: str, data: Callable[[], PaymentData]) -> Completion:
        answer = self._reach(lambda: self._store.go_on(payment, self.checkout, data()))
        if answer.asks_for:
            self._tabs[payment] = answer
        else:
            self._tabs.pop(payment, None)
        return answer

    # --- the cart -----------------------------------------------------------------

    def _change_cart(self, deed: Deed) -> None:
        store, checkout, currency = self._store, self.checkout, self.checkout.currency
        match deed:
            case Deed.CHANGES_QUANTITY:
                store.change_quantity(checkout, self._dice.randint(1, 3))
            case Deed.CHANGES_ADDRESS if self.intention.is_shipped:
                there = (SHIPPING_ADDRESS, NOWHERE_NEAR)
                store.change_shipping_address(checkout, self._dice.choice(there))
            case Deed.CHANGES_ADDRESS:
                store.change_billing_address(checkout, SHIPPING_ADDRESS)
            case Deed.CHOOSES_DELIVERY if self.intention.is_shipped:
                # None is offered where nothing is shipped to.
                with contextlib.suppress(NoDelivery):
                    store.choose_delivery(checkout)
            case Deed.USES_VOUCHER if self._voucher is None:
                self._voucher = store.new_voucher(VOUCHER_AMOUNTS[currency], currency)
                store.add_promo_code(checkout, self._voucher)
            case Deed.VOUCHER_ENDS if self._voucher:
                store.end_voucher(self._voucher)
            case Deed.USES_GIFT_CARD if self._gift_card is None:
                self._gift_card = store.new_gift_card(
                    GIFT_CARD_AMOUNTS[currency], currency
                )
                store.add_promo_code(checkout, self._gift_card)
            case Deed.GIFT_CARD_STOPS if self._gift_card:
                store.deactivate_gift_card(self._gift_card)
            case Deed.DROPS_CODE:
                self._drop_codes()

    def _drop_codes(self) -> None:
        for code in (self._voucher, self._gift_card):
            with contextlib.suppress(MutationRefused):
                if code:
                    self._store.remove_promo_code(self.checkout, code)

    def _mend_cart(self) -> None:
        """Let it lack nothing but its payment, and look at what that is."""
        self._drop_codes()
        self._store.change_billing_address(self.checkout, BILLING_ADDRESS)
        if self.intention.is_shipped:
            self._store.change_shipping_address(self.checkout, SHIPPING_ADDRESS)
            self._store.choose_delivery(self.checkout)
        self.checkout = self._store.with_what_is_left(self.checkout)

    # --- what is shown ------------------------------------------------------------

    def _note(self, answer: Completion) -> None:
        self.outcome = outcome_of(answer)
