"""Thousands of steps, in any order; what goes wrong is shrunk to the fewest of them.

``STATE_MACHINE_STEPS=20000 pytest tests/unit/state_machine -s`` plays so many, drawn
anew each time unless ``--hypothesis-seed`` is given. By itself it plays few, and always
the same.
"""

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.unit.database import empty_database
from tests.unit.dgspay import ConnectionsTo

from .books import Books, OwnersLog
from .clock import install_clock
from .provider import Card, DgsPay, Fault
from .steps import Incident, KilledAt, Meanwhile, Press, Steps, World
from .store import ENOUGH, GIFT_CARD, VOUCHER, Cart, Store
from .workers import Workers

STEPS_OF_AN_EXAMPLE = 40
STEPS = int(os.environ.get("STATE_MACHINE_STEPS", "0"))
STEPS_BY_ITSELF = 600

APIS = ("payments", "transactions")
GOODS = ("seat", "seat", "coffee", "coffee", "leaflet")

MEANWHILE = ("the same press", "another card", "a cart of two", "webhooks", "voucher")
incidents = st.one_of(
    *[st.none()] * 4,
    st.sampled_from(Fault),
    st.builds(KilledAt, st.integers(0, 160)),
    st.builds(Meanwhile, st.integers(1, 6), st.sampled_from(MEANWHILE)),
)

amounts = st.sampled_from((*["total"] * 4, "left", "half", "half", "more", "fraction"))
are_asked = st.sampled_from((True, True, True, False))
CHANGES = tuple(
    """one seat, two seats, no seat, coffee too, billing address, incomplete address,
    shipping address, address out of reach, delivery, voucher, no voucher, gift card,
    no gift card, sold out, in stock, cheaper, dearer, voucher ends, gift card stops,
    gift card again, channel closed, channel open, order canceled, refund noted,
    cache flushed""".replace("\n    ", " ").split(", ")
)
changes = st.one_of(*[st.none()] * 3, st.sampled_from(CHANGES))
ANSWERS = ("asked", "pin", "otp", "address", "back", "wait", "card")


class Payments(Steps):
    presses = Bundle("presses")

    @initialize(target=presses, api=st.sampled_from(APIS), card=st.sampled_from(Card))
    def first_press(self, api: str, card: Card) -> Press:
        """An empty world, and a cart that lacks nothing but its payment."""
        world = self.world
        world.workers.forget()
        world.clock.restart()
        world.provider.clear()
        world.books.clear()
        world.store.go_back_to_first_day()
        cache.clear()
        cart = self.open_cart("seat", 1)
        assert cart
        return self._press(cart, api, "left", card, None)

    # --- carts --------------------------------------------------------------------

    def open_cart(
        self,
        goods: str,
        quantity: int,
        has_address: bool = True,
        has_delivery: bool = True,
    ) -> Cart | None:
        """None where it cannot be bought."""
        email = f"customer-{len(self.books.carts) + 1}@example.com"
        with suppress(ValidationError):
            cart = self.store.open_cart(email, goods, quantity, has_address=has_address)
            if goods == "coffee" and has_delivery:
                self.store.choose_delivery(cart)
            self.books.carts[email] = cart
            return cart
        return None

    @rule(press=presses, is_paid_later=st.booleans())
    def order(self, press: Press, is_paid_later: bool) -> None:
        self.store.set_channel(allow_unpaid_orders=is_paid_later)
        with suppress(ValidationError):
            self.store.complete(press.cart)
        self.store.set_channel(allow_unpaid_orders=False)

    @rule(press=presses, change=st.sampled_from(CHANGES))
    def change(self, press: Press, change: str) -> None:
        """Something changes between two steps: the cart, or what the shop sells."""
        store, cart = self.store, press.cart
        changes: dict[str, Callable[[], object]] = {
            "one seat": lambda: store.change_quantity(cart, "seat", 1),
            "two seats": lambda: store.change_quantity(cart, "seat", 2),
            "no seat": lambda: store.change_quantity(cart, "seat", 0),
            "coffee too": lambda: store.change_quantity(cart, "coffee", 1),
            "billing address": lambda: store.change_billing_address(
                cart, is_complete=True
            ),
            "incomplete address": lambda: store.change_billing_address(
                cart, is_complete=False
            ),
            "shipping address": lambda: store.change_shipping_address(
                cart, is_served=True
            ),
            "address out of reach": lambda: store.change_shipping_address(
                cart, is_served=False
            ),
            "delivery": lambda: store.choose_delivery(cart),
            "voucher": lambda: store.add_promo_code(cart, VOUCHER),
            "no voucher": lambda: store.remove_promo_code(cart, VOUCHER),
            "gift card": lambda: store.add_promo_code(cart, GIFT_CARD),
            "no gift card": lambda: store.remove_promo_code(cart, GIFT_CARD),
            "sold out": lambda: store.set_stock(0),
            "in stock": lambda: store.set_stock(ENOUGH),
            "cheaper": lambda: store.set_price("seat", 9_000),
            "dearer": lambda: store.set_price("seat", 15_000),
            "voucher ends": store.end_voucher,
            "gift card stops": lambda: store.switch_gift_card(is_active=False),
            "gift card again": lambda: store.switch_gift_card(is_active=True),
            "channel closed": lambda: store.set_channel(is_active=False),
            "channel open": lambda: store.set_channel(is_active=True),
            "order canceled": lambda: store.cancel_order(cart),
            "refund noted": lambda: self._note_refund(cart),
            "cache flushed": cache.clear,
        }
        assert set(changes) == set(CHANGES)
        # What a storefront is told of as an error is no surprise.
        with suppress(ValidationError):
            changes[change]()

    # --- paying -------------------------------------------------------------------

    @rule(
        target=presses,
        api=st.sampled_from(APIS),
        goods=st.sampled_from(GOODS),
        quantity=st.integers(1, 2),
        has_address=st.sampled_from((True, True, True, True, False)),
        has_delivery=st.sampled_from((True, True, True, True, False)),
        amount=amounts,
        card=st.sampled_from(Card),
        incident=incidents,
    )
    def open_cart_and_pay(
        self,
        api: str,
        goods: str,
        quantity: int,
        has_address: bool,
        has_delivery: bool,
        amount: str,
        card: Card,
        incident: Incident,
    ) -> Press | MultipleResults[Press]:
        cart = self.open_cart(goods, quantity, has_address, has_delivery)
        if cart is None:
            return multiple()
        return self._press(cart, api, amount, card, incident)

    @rule(
        target=presses,
        press=presses,
        is_other_api=st.sampled_from((False, False, False, False, True)),
        amount=amounts,
        card=st.sampled_from(Card),
        incident=incidents,
        is_asked=are_asked,
        change=changes,
    )
    def pay_anew(
        self,
        press: Press,
        is_other_api: bool,
        amount: str,
        card: Card,
        incident: Incident,
        is_asked: bool,
        change: str | None,
    ) -> Press:
        """With another card, whatever became of the first."""
        if change:
            self.change(press, change)
        (other_api,) = set(APIS) - {press.api}
        api = other_api if is_other_api else press.api
        return self._press(press.cart, api, amount, card, incident, is_asked)

    @rule(press=presses, card=st.sampled_from(Card), incident=incidents)
    def repeat_press(self, press: Press, card: Card, incident: Incident) -> None:
        self._request(lambda: self._pay_again(press, card), press, incident, True)

    @rule(number=st.integers(0, 9), change=changes)
    def answer(self, number: int, change: str | None) -> None:
        """Take the next step of any payment that waits for one."""
        if self._asked:
            press = list(self._asked)[number % len(self._asked)]
            self.answer_unluckily(press, "asked", True, None, True, change)

    @rule(
        press=presses,
        answer=st.sampled_from(("asked", "asked", "asked", "asked", *ANSWERS)),
        is_right=st.sampled_from((True, True, True, False)),
        incident=incidents,
        is_asked=are_asked,
        change=changes,
    )
    def answer_unluckily(
        self,
        press: Press,
        answer: str,
        is_right: bool,
        incident: Incident,
        is_asked: bool,
        change: str | None,
    ) -> None:
        if change:
            self.change(press, change)
        self._request(
            lambda: self._answer(press, answer, is_right=is_right),
            press,
            incident,
            is_asked,
        )

    # --- elsewhere ----------------------------------------------------------------

    @rule(number=st.integers(0, 9), is_paid=st.sampled_from((True, True, False)))
    def bank_decides(self, number: int, is_paid: bool) -> None:
        waiting = [
            charge
            for charge in self.provider.charges
            if charge.may_be_paid_without_the_store
        ]
        if waiting:
            self.provider.decide(waiting[number % len(waiting)], is_paid=is_paid)

    @rule(
        number=st.integers(0, 9),
        incident=st.one_of(st.none(), st.builds(KilledAt, st.integers(0, 120))),
        is_asked=are_asked,
    )
    def deliver_webhook(self, number: int, incident: Incident, is_asked: bool) -> None:
        webhooks = self.provider.webhooks
        if webhooks:
            webhook = webhooks[number % len(webhooks)]
            self._request(lambda: self.store.deliver(webhook), None, incident, is_asked)

    @rule(
        incident=st.one_of(st.none(), st.builds(KilledAt, st.integers(0, 400))),
        by_saleor=st.booleans(),
    )
    def settle(self, incident: Incident, by_saleor: bool) -> None:
        """Reconcile, or have Saleor make the orders of what is paid."""
        act = self._complete_paid_checkouts if by_saleor else self._reconcile
        self._request(act, None, incident, True)

    @rule(seconds=st.sampled_from((5, 30, 100, 200, 16 * 60, 61 * 60)))
    def pass_time(self, seconds: int) -> None:
        self.world.clock.pass_time(timedelta(seconds=seconds))

    # --- what must always be so ---------------------------------------------------

    @invariant()
    def nothing_is_wrong(self) -> None:
        self.world.did["steps"] += 1
        self.books.look()

    def teardown(self) -> None:
        """Let everything settle, and compare the books."""
        self.world.workers.forget()
        self.provider.fault, self.provider.answers_status = None, True
        for _ in range(2):
            self.pass_time(21 * 60)
            self._reconcile()
            self._complete_paid_checkouts()
        self._count()
        self.books.close()

    def _count(self) -> None:
        did = self.world.did
        did["examples"] += 1
        did["charges"] += len(self.provider.charges)
        did["paid"] += sum(charge.is_paid for charge in self.provider.charges)
        did["owner's lines"] += len(self.books.log.lines)
        did["reported"] += len(self.books.reported)


@pytest.fixture
def world(
    tables: None, no_pauses: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    clock, workers, log = install_clock(monkeypatch), Workers(), OwnersLog()
    provider = DgsPay(
        now=lambda: clock.now.isoformat(),
        sees_post=lambda charge, nonce: books.see_post(charge, nonce),
    )
    monkeypatch.setattr(
        "dgspay_plugin.provider.client.shared_connections",
        lambda base_url: ConnectionsTo(base_url, provider),  # type: ignore[arg-type]
    )
    store = Store()
    books = Books(store, provider, workers, log)
    logging.getLogger().addHandler(log)
    with workers.watched():
        yield World(store, provider, clock, workers, books, Counter())
    logging.getLogger().removeHandler(log)
    store.close()
    empty_database()


@pytest.mark.timeout(0)
def test_both_sides_books_agree_whatever_happens(world: World) -> None:
    class PaymentsInThisWorld(Payments):
        pass

    PaymentsInThisWorld.world = world
    steps = STEPS or STEPS_BY_ITSELF
    run_state_machine_as_test(
        PaymentsInThisWorld,
        settings=settings(
            max_examples=max(1, steps // STEPS_OF_AN_EXAMPLE),
            stateful_step_count=STEPS_OF_AN_EXAMPLE,
            derandomize=not STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(dict(world.did.most_common()))
    # A run in which nobody pays would prove nothing.
    assert world.did["paid"]
