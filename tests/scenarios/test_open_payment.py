"""What a page of a checkout learns of a payment that was begun on another device."""

from tests.hosts.host import Host
from tests.scenarios import bank, cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.later import let_payment_wait
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

LONGER_THAN_ANOTHER_CARD_IS_HELD_BACK = 16


def test_no_payment_is_open_before_pay_is_pressed(store: Store) -> None:
    checkout = store.new_checkout()
    assert store.open_payment(checkout) is None

    store.create_payment(checkout)

    assert store.open_payment(checkout) is None


def test_payment_at_the_banks_page_is_open_until_it_is_decided(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    asked = store.pay(checkout, cardholder.card(cards.BANK_PAGE))
    assert asked.confirmation

    open_payment = store.open_payment(checkout)

    returned = bank.query_of(bank.approve(asked.confirmation["redirect_url"]))
    assert open_payment == (
        asked.confirmation["reference"]
        if store.api == "payments"
        else returned["transaction"]
    )
    assert store.complete(checkout, cardholder.back_from_bank()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_payment_that_the_bank_is_checking_is_open(
    store: Store, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()

    store.pay(checkout, cardholder.card(cards.PENDING))

    assert store.open_payment(checkout)


def test_payment_whose_answer_was_lost_is_open(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("charge", cut="after")

    store.pay(checkout, cardholder.card(cards.PIN))

    assert store.open_payment(checkout) is not None


def test_step_of_the_shop_is_not_in_the_way_of_another_card(
    store: Store, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()

    assert store.pay(checkout, cardholder.card(cards.PIN)).asks_for == "pin"

    assert store.open_payment(checkout) is None


def test_declined_payment_is_not_open(store: Store, cardholder: Cardholder) -> None:
    checkout = store.new_checkout()

    declined = store.pay(checkout, cardholder.card(cards.INSUFFICIENT_FUNDS))

    assert declined.code == "insufficient_funds"
    assert store.open_payment(checkout) is None


def test_payment_that_was_never_decided_is_open_for_a_while(
    host: Host, store: Store, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    assert store.open_payment(checkout)

    let_payment_wait(host, store, payment, LONGER_THAN_ANOTHER_CARD_IS_HELD_BACK)

    assert store.open_payment(checkout) is None
