"""Two tabs, impatient fingers, and many customers at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tests.scenarios import bank, cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import assert_paid_once, successful_charges
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout, MutationRefused
from tests.scenarios.store import Completion, Store

Answer = TypeVar("Answer")


def test_double_click_on_pay(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.create_payment(checkout)
    sandbox.order_fault("charge", times=2, delay=1)

    def press() -> Completion:
        answer = store.complete(checkout, cardholder.card(cards.APPROVED))
        return _waited_for(answer, store, checkout, cardholder)

    answers = _at_once(press, press, press)

    assert {answer.order_id for answer in answers} == {store.order(checkout)["id"]}
    assert sandbox.charge(checkout.email)["charge_requests"] == 1
    assert_paid_once(store, sandbox, checkout)


def test_double_click_on_the_pin(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    sandbox.order_fault("authorize", times=2, delay=1)

    def press() -> Completion:
        answer = store.complete(checkout, cardholder.pin())
        return _waited_for(answer, store, checkout, cardholder)

    answers = _at_once(press, press)

    assert {answer.order_id for answer in answers} == {store.order(checkout)["id"]}
    assert sandbox.charge(checkout.email)["authorize_requests"] == 1
    assert_paid_once(store, sandbox, checkout)


def test_two_tabs(store: Store, sandbox: Sandbox, cardholder: Cardholder) -> None:
    """The tab that is later either shows the order or is told to wait."""
    checkout = store.new_checkout()
    sandbox.order_fault("charge", times=2, delay=1)

    def tab() -> Completion | None:
        try:
            return store.pay(checkout, cardholder.card(cards.APPROVED))
        except MutationRefused:
            return None  # No second payment is made while one is under way.

    _at_once(tab, tab)

    assert len(sandbox.charges(checkout.email)) == 1
    assert_paid_once(store, sandbox, checkout)


def test_bank_s_page_in_two_tabs(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """The first tab's page may let its charge through, so there is no second one."""
    checkout = store.new_checkout()
    first = store.pay(checkout, cardholder.card(cards.BANK_PAGE))
    second = store.pay(checkout, cardholder.card(cards.BANK_PAGE))
    assert first.confirmation

    bank.approve(first.confirmation["redirect_url"])

    assert second.code == "payment_in_doubt"
    # The store is done with the newer payment when it has answered the webhook.
    sandbox.wait_for_webhook(checkout.email)
    assert_paid_once(store, sandbox, checkout)


def test_webhook_while_the_customer_answers(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")

    _at_once(
        lambda: sandbox.send_webhook(reference, "payment.success"),
        lambda: store.complete(checkout, cardholder.waiting()),
        lambda: sandbox.send_webhook(reference, "payment.success"),
        lambda: store.complete(checkout, cardholder.waiting()),
    )

    assert_paid_once(store, sandbox, checkout)


def test_many_customers_with_a_slow_provider(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkouts = [store.new_checkout() for _ in range(8)]
    for checkout in checkouts:
        store.create_payment(checkout)
    sandbox.order_fault("charge", times=len(checkouts), delay=1)

    with ThreadPoolExecutor(len(checkouts)) as customers:
        done = list(
            customers.map(
                lambda c: store.complete(c, cardholder.card(cards.APPROVED)), checkouts
            )
        )

    assert not [answer for answer in done if not answer.order_id]
    for checkout in checkouts:
        assert_paid_once(store, sandbox, checkout)
        assert len(successful_charges(sandbox, checkout)) == 1


def _waited_for(
    answer: Completion, store: Store, checkout: Checkout, cardholder: Cardholder
) -> Completion:
    """The end of a press that found another one on its way, and was told to wait.

    It comes in where that one has committed its mark and is about to lock again.
    """

    def seen_through() -> Completion | None:
        later = store.complete(checkout, cardholder.waiting())
        return None if later.asks_for == "wait" else later

    if answer.asks_for != "wait":
        return answer
    seen: Completion = eventually(seen_through, timeout=60)
    return seen


def _at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(lambda call: call(), calls))
