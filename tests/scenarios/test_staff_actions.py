"""What staff may try with a Payment, and DGS-Pay's API cannot do."""

from tests.scenarios import cards
from tests.scenarios.apis import only_with_payments
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

pytestmark = only_with_payments


def test_refund_says_where_to_refund(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.APPROVED))
    before = sandbox.payment_requests()

    (message,) = store.refund(payment)

    assert "DGS-Pay merchant portal" in message
    assert message.endswith("(refund_in_portal)")
    assert sandbox.payment_requests() == before
    assert_paid_once(store, sandbox, checkout)


def test_captured_payment_cannot_be_voided_or_captured_again(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.APPROVED))
    before = sandbox.payment_requests()

    assert store.void(payment)
    assert store.capture(payment)

    assert sandbox.payment_requests() == before
    assert_paid_once(store, sandbox, checkout)
