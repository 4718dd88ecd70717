"""How each step is done: the requests to a store, and what happens to one meanwhile."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from io import StringIO
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.management import call_command
from hypothesis.stateful import RuleBasedStateMachine

from .books import Books
from .clock import Clock
from .provider import Card, DgsPay, Fault
from .store import VOUCHER, Cart, Store
from .workers import WorkerKilled, Workers


class World(NamedTuple):
    """Set up once for all examples."""

    store: Store
    provider: DgsPay
    clock: Clock
    workers: Workers
    books: Books
    did: Counter[str]
    """How often each thing was done, to see that the run proves something."""


class Press(NamedTuple):
    """A press of Pay."""

    cart: Cart
    api: str
    key: str
    """The idempotency key, of a transaction."""


class KilledAt(NamedTuple):
    statement: int


class Meanwhile(NamedTuple):
    """What comes in once a request has ended so many transactions."""

    commits: int
    what: str


Incident = Fault | KilledAt | Meanwhile | None


class Steps(RuleBasedStateMachine):
    """What the rules of the machine are made of."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        world = self.world
        self.store, self.provider, self.books = (
            world.store,
            world.provider,
            world.books,
        )
        self._asked: dict[Press, str] = {}
        """What storefronts were told to ask for, of presses that wait for it."""
        self._presses_made = 0

    def _press(
        self,
        cart: Cart,
        api: str,
        amount: str,
        card: Card,
        incident: Incident,
        is_asked: bool = True,
    ) -> Press:
        self._presses_made += 1
        press = Press(cart, api, f"press-{self._presses_made}")
        self._request(lambda: self._pay(press, amount, card), press, incident, is_asked)
        return press

    def _request(
        self,
        act: Callable[[], object],
        press: Press | None,
        incident: Incident,
        is_asked: bool,
    ) -> None:
        """One request to the store, and what happens to it."""
        self.provider.answers_status = is_asked
        match incident:
            case Fault():
                self.provider.fault = incident
            case KilledAt():
                self.world.workers.kill_at(incident.statement)
            case Meanwhile() if press:
                self.world.workers.let_in(
                    lambda: self._come_in(press, incident.what), incident.commits
                )
        try:
            act()
        except ValidationError as error:
            self.world.did[_code(error)] += 1
        except WorkerKilled:
            self.books.worker_died = True
        finally:
            self.world.workers.forget()
            self.provider.fault, self.provider.answers_status = None, True

    def _come_in(self, press: Press, what: str) -> None:
        with suppress(ValidationError):
            match what:
                case "the same press":
                    self._pay_again(press, Card.APPROVED)
                case "another card":
                    self._presses_made += 1
                    other = press._replace(key=f"press-{self._presses_made}")
                    self._pay(other, "left", Card.APPROVED)
                case "a cart of two":
                    self.store.change_quantity(press.cart, "seat", 2)
                case "voucher":
                    self.store.add_promo_code(press.cart, VOUCHER)
                case "webhooks":
                    for webhook in list(self.provider.webhooks):
                        self.store.deliver(webhook)

    def _pay(self, press: Press, amount: str, card: Card) -> None:
        data = self.provider.card(card)
        if press.api == "payments":
            self.store.create_payment(press.cart)
            self._show(press, self.store.complete(press.cart, data))
        else:
            asked = self._amount(press.cart, amount)
            self._show(press, self.store.initialize(press.cart, asked, data, press.key))

    def _pay_again(self, press: Press, card: Card) -> None:
        """The same button once more: another tab, or a storefront that tries again."""
        data = self.provider.card(card)
        if press.api == "payments":
            self._show(press, self.store.complete(press.cart, data))
        else:
            self._show(press, self.store.initialize(press.cart, None, data, press.key))

    def _answer(self, press: Press, answer: str, *, is_right: bool) -> None:
        if answer == "asked":
            answer = self._asked.get(press, "wait")
        provider = self.provider
        data: dict[str, Any] = {"type": "wait"}
        match answer:
            case "pin":
                data = provider.pin(is_right=is_right)
            case "otp":
                data = provider.otp(is_right=is_right)
            case "avs":
                data = provider.address()
            case "redirect":
                data = {"type": "redirect"}
            case "card":
                data = provider.card(Card.APPROVED)
        if press.api == "payments":
            self._show(press, self.store.complete(press.cart, data))
        else:
            self._show(press, self.store.process(press.key, data))

    def _note_refund(self, cart: Cart) -> None:
        """Refund half of a charge in the merchant portal, and note it in Saleor."""
        for charge in self.provider.of_cart(cart.email):
            kind, _, key = charge.subject.partition("-")
            if kind == "transaction" and self.books.is_captured(charge):
                if not charge.refunded:
                    charge.refunded = charge.amount // 2
                    self.store.note_refund(int(key), charge.refunded)
                return

    def _show(self, press: Press, answer: Any) -> None:
        """Note what the storefront was told to ask for."""
        data = (
            answer.confirmation_data if press.api == "payments" else answer.data
        ) or {}
        if step := data.get("type"):
            self._asked[press] = step
        else:
            self._asked.pop(press, None)
        self.world.did[f"{press.api}: {data.get('error') or data.get('type')}"] += 1

    def _amount(self, cart: Cart, amount: str) -> Decimal | None:
        checkout = self.store.checkout(cart)
        total = checkout.total_gross_amount if checkout else Decimal(12000)
        return {
            "total": total,
            "half": total // 2,
            "more": total + 1,
            "fraction": Decimal("0.001"),
            "left": None,
        }[amount]

    def _complete_paid_checkouts(self) -> None:
        self.store.set_channel(automatically_complete_fully_paid_checkouts=True)
        self.store.complete_paid_checkouts()
        self.store.set_channel(automatically_complete_fully_paid_checkouts=False)

    def _reconcile(self) -> None:
        report = StringIO()
        with suppress(SystemExit):
            call_command("dgspay_reconcile", stdout=report, no_color=True)
        lines = report.getvalue().splitlines()
        self.books.reported = [line for line in lines if line.startswith("  - ")]


def _code(error: ValidationError) -> str:
    """What a storefront can tell an error by."""
    sentence = error.messages[0]
    code = sentence.rpartition("(")[2].removesuffix(")") or sentence
    # After a colon it names which record.
    return code.partition(":")[0]
