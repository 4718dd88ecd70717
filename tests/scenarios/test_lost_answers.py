"""The answer to a charge is lost: nobody is charged twice, and no payment is lost."""

from typing import Any

import pytest

from dgspay_plugin.provider.client import READ_TIMEOUT
from tests.scenarios import bank, cards
from tests.scenarios.apis import whatever_the_api
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import (
    assert_captured_once,
    assert_nothing_paid,
    assert_paid_once,
)
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store

# The charge took effect, and its answer does not say so.
LOST: dict[str, dict[str, Any]] = {
    "cut before the first byte": {"cut": "after"},
    "cut in the middle": {"cut": "during"},
    "503": {"status": 503, "processed": True},
    "503 with JSON": {
        "status": 503,
        "body": '{"message": "Service unavailable"}',
        "processed": True,
    },
    "502 with a page of HTML": {
        "status": 502,
        "body": "<html>Bad gateway</html>",
        "processed": True,
    },
    "HTML with status 200": {"body": "<html>Maintenance</html>"},
    "error 99": {"error_code": "99", "processed": True},
    "error 93": {"error_code": "93", "processed": True},
}
# Nothing took effect, which the plugin cannot know.
NOT_PROCESSED: dict[str, dict[str, Any]] = {
    "cut before it was read": {"cut": "before"},
    "503": {"status": 503},
    "error 99": {"error_code": "99"},
}


@pytest.mark.parametrize("fault", LOST)
def test_webhook_tells_that_the_charge_succeeded(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, fault: str
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("webhook", hold=True)
    sandbox.order_fault("charge", **LOST[fault])

    doubtful = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert doubtful.confirmation
    assert doubtful.confirmation["type"] == "wait"
    assert doubtful.confirmation["poll_after_ms"] > 0
    assert store.complete(checkout, cardholder.waiting()).asks_for == "wait"
    assert not store.orders(checkout)

    sandbox.release_webhook(checkout.email)

    assert_paid_once(store, sandbox, checkout)
    assert (
        store.complete(checkout, cardholder.waiting()).order_id
        == store.order(checkout)["id"]
    )


def test_webhook_names_the_charge_that_then_can_be_asked_about(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("charge", cut="after")
    store.pay(checkout, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]

    assert sandbox.send_webhook(reference, "payment.success") == 200
    waiting = store.complete(checkout, cardholder.waiting())
    sandbox.change_charge(reference, transaction_status="successful")

    assert waiting.confirmation
    assert waiting.confirmation["reference"] == reference
    assert store.complete(checkout, cardholder.waiting()).order_id
    assert_paid_once(store, sandbox, checkout)


@pytest.mark.parametrize("fault", LOST)
def test_status_tells_what_became_of_a_pin(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, fault: str
) -> None:
    """The reference is known since the charge, so that DGS-Pay can be asked."""
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PIN))
    sandbox.order_fault("webhook", drop=True)
    sandbox.order_fault("authorize", **LOST[fault])

    doubtful = store.complete(checkout, cardholder.pin())

    assert doubtful.asks_for == "wait" or doubtful.order_id
    assert store.complete(checkout, cardholder.waiting()).order_id
    assert_paid_once(store, sandbox, checkout)


@pytest.mark.parametrize("fault", NOT_PROCESSED)
def test_charge_that_never_happened_is_in_doubt_too(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, fault: str
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("charge", **NOT_PROCESSED[fault])

    doubtful = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert doubtful.asks_for == "wait"
    assert_nothing_paid(store, sandbox, checkout)


@whatever_the_api
def test_answer_that_takes_too_long(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("webhook", hold=True)
    sandbox.order_fault("charge", delay=READ_TIMEOUT + 2)

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).asks_for == "wait"

    sandbox.release_webhook(checkout.email)
    assert_paid_once(store, sandbox, checkout)


def test_slow_answer_is_waited_for(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("charge", delay=3)

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_second_press_of_pay_charges_no_second_time(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _in_doubt(store, sandbox, cardholder)

    again = store.complete(checkout, cardholder.card(cards.APPROVED))

    assert again.asks_for == "wait"
    assert sandbox.charge(checkout.email)["charge_requests"] == 1
    sandbox.release_webhook(checkout.email)
    assert_paid_once(store, sandbox, checkout)


def test_new_payment_is_held_back_while_the_earlier_is_in_doubt(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _in_doubt(store, sandbox, cardholder)

    held_back = store.pay(checkout, cardholder.card(cards.APPROVED))

    assert held_back.code == "payment_in_doubt"
    assert sandbox.charge(checkout.email)["charge_requests"] == 1


def test_new_payment_is_held_back_while_the_bank_s_page_may_have_been_passed(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """The webhook is lost, and DGS-Pay cannot be asked just when Pay is pressed."""
    checkout = store.new_checkout()
    asked = store.pay(checkout, cardholder.card(cards.BANK_PAGE))
    assert asked.confirmation
    sandbox.order_fault("webhook", drop=True)
    bank.approve(asked.confirmation["redirect_url"])
    sandbox.order_fault("transaction", status=503)

    held_back = store.pay(checkout, cardholder.card(cards.APPROVED))
    told = store.complete(checkout, cardholder.card(cards.APPROVED))

    assert held_back.code == "payment_in_doubt"
    assert told.code == "already_paid" or told.order_id
    assert_paid_once(store, sandbox, checkout)


def test_capture_of_a_replaced_payment_is_written_down(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """checkoutPaymentCreate replaces a payment whose money then arrives after all."""
    checkout = store.new_checkout()
    sandbox.order_fault("webhook", hold=True)
    sandbox.order_fault("charge", cut="after")
    replaced = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.APPROVED))
    store.create_payment(checkout)

    sandbox.release_webhook(checkout.email)

    eventually(lambda: store.payment(replaced).captures)
    assert_captured_once(store.payment(replaced), checkout)
    again = store.complete(checkout, cardholder.card(cards.APPROVED))
    assert again.code == "already_paid" or again.order_id
    # Saleor shows an order as paid by its newest payment, which here has no money.
    assert_paid_once(store, sandbox, checkout)


def test_charge_that_failed_unseen_lets_the_customer_try_again(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("charge", cut="after")
    store.pay(checkout, cardholder.card(cards.DO_NOT_HONOR))
    sandbox.wait_for_webhook(checkout.email)

    told = store.complete(checkout, cardholder.waiting())

    assert told.code in ("do_not_honor", "declined")
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def _in_doubt(store: Store, sandbox: Sandbox, cardholder: Cardholder) -> Checkout:
    """A checkout whose charge succeeded unseen; its webhook is held back."""
    checkout = store.new_checkout()
    sandbox.order_fault("webhook", hold=True)
    sandbox.order_fault("charge", cut="after")
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).asks_for == "wait"
    return checkout
