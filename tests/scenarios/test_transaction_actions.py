"""What staff may ask of a transaction, and DGS-Pay's API cannot do."""

import pytest

from tests.scenarios import cards
from tests.scenarios.apis import only_with_transactions
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.transactions_store import TransactionsStore

pytestmark = only_with_transactions


@pytest.mark.parametrize(
    ("action", "event_type", "code"),
    [
        ("REFUND", "REFUND_FAILURE", "refund_in_portal"),
        ("CHARGE", "CHARGE_FAILURE", "capture_not_possible"),
        ("CANCEL", "CANCEL_FAILURE", "void_not_possible"),
    ],
)
def test_fails_with_the_reason(
    store: TransactionsStore,
    sandbox: Sandbox,
    cardholder: Cardholder,
    action: str,
    event_type: str,
    code: str,
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.APPROVED))
    transaction_id = store.payment(payment).id
    before = sandbox.payment_requests()

    store.request_action(transaction_id, action)

    (item,) = store.transactions_of(checkout.id)
    failures = [e for e in item["events"] if e["type"].endswith("_FAILURE")]
    assert [failure["type"] for failure in failures] == [event_type]
    assert "DGS-Pay" in failures[0]["message"]
    assert failures[0]["message"].endswith(f"({code})")
    assert sandbox.payment_requests() == before
    assert_paid_once(store, sandbox, checkout)
