"""The truth arrives sideways: signed, early, late, twice, or not from DGS-Pay."""

import hashlib
import hmac
import json

import pytest
import requests

from dgspay_plugin.sandbox.credentials import WEBHOOK_SECRET
from tests.hosts.host import Host
from tests.scenarios import bank, cards
from tests.scenarios.apis import only_with_payments, whatever_the_api
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import (
    assert_captured_once,
    assert_not_captured,
    assert_paid_once,
    loud_lines,
    successful_charges,
)
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store


def test_pending_charge_is_paid_when_the_webhook_comes(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    assert store.complete(checkout, cardholder.waiting()).asks_for == "wait"

    sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])

    assert_paid_once(store, sandbox, checkout)
    shown = store.complete(checkout, cardholder.waiting())
    assert shown.order_id == store.order(checkout)["id"]


def test_pending_charge_is_paid_without_any_webhook(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")

    assert store.complete(checkout, cardholder.waiting()).order_id
    assert_paid_once(store, sandbox, checkout)


def test_customer_who_closed_the_page_gets_the_order(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    asked = store.pay(checkout, cardholder.card(cards.BANK_PAGE))
    assert asked.confirmation
    bank.approve(asked.confirmation["redirect_url"])

    assert_paid_once(store, sandbox, checkout)


def test_pending_charge_that_fails(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.settle(reference, "failed")
    sandbox.wait_for_webhook(checkout.email)

    assert not store.orders(checkout)
    assert store.complete(checkout, cardholder.waiting()).code == "declined"
    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert_paid_once(store, sandbox, checkout)


def test_webhook_before_the_answer(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("webhook", before_answer=True)

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).order_id

    assert_paid_once(store, sandbox, checkout)
    sandbox.wait_for_webhook(checkout.email)
    assert_paid_once(store, sandbox, checkout)


def test_webhook_after_the_order(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    sandbox.order_fault("webhook", hold=True)
    store.pay(checkout, cardholder.card(cards.APPROVED))

    sandbox.release_webhook(checkout.email)

    sandbox.wait_for_webhook(checkout.email)
    assert_paid_once(store, sandbox, checkout)


def test_same_webhook_many_times_at_once(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.order_fault("webhook", duplicate=4)

    sandbox.settle(reference)

    eventually(lambda: len(sandbox.webhooks(reference)[0]["attempts"]) >= 5)
    assert sandbox.webhooks(reference)[0]["attempts"][:5] == [200] * 5
    assert sandbox.send_webhook(reference, "payment.success") == 200
    assert_paid_once(store, sandbox, checkout)


def test_failure_told_after_success_changes_nothing(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.APPROVED))
    reference = sandbox.charge(checkout.email)["dgs_reference"]

    assert sandbox.send_webhook(reference, "payment.failed") == 200

    assert_paid_once(store, sandbox, checkout)


def test_webhook_is_believed_only_when_the_provider_agrees(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]

    sandbox.send_webhook(reference, "payment.success")

    assert not store.orders(checkout)
    assert store.complete(checkout, cardholder.waiting()).asks_for == "wait"


def test_webhook_signed_by_somebody_else(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")

    assert sandbox.send_webhook(reference, "payment.success", forge=True) == 401
    assert not store.orders(checkout)


def test_webhook_for_a_payment_that_nobody_made(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    charge = sandbox.charge(checkout.email)
    sandbox.change_charge(charge["dgs_reference"], transaction_status="successful")
    parent = charge["callback_url"].rstrip("/").rpartition("/")[0]

    for url in (f"{parent}/not-a-signed-id/", f"{charge['callback_url'][:-3]}xx/"):
        status = sandbox.send_webhook(
            charge["dgs_reference"], "payment.success", url=url
        )
        assert status == 404
    assert not store.orders(checkout)


def test_webhook_sent_to_another_payment_s_url(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    paid, unpaid = _pending(store, cardholder), _pending(store, cardholder)
    reference = sandbox.charge(paid.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")

    sandbox.send_webhook(
        reference,
        "payment.success",
        url=sandbox.charge(unpaid.email)["callback_url"],
    )

    assert not store.orders(unpaid)


def test_webhook_through_the_portal_s_url(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """The URL from the dashboard has no payment in it: the reference tells."""
    checkout = _pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")
    portal_url = store.configuration("RWF")["webhook_url"]

    assert sandbox.send_webhook(reference, "payment.success", url=portal_url) == 200

    assert_paid_once(store, sandbox, checkout)


def test_webhook_through_another_channel_s_url(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """Each channel has a merchant account and a secret of its own."""
    checkout = _pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")
    other_url = store.configuration("USD")["webhook_url"]

    assert sandbox.send_webhook(reference, "payment.success", url=other_url) == 404

    assert not store.orders(checkout)


def test_webhook_about_a_charge_that_the_provider_does_not_know(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    event = {
        "event": "payment.success",
        "data": {
            "dgs_reference": "DGS-UNHEARD-OF",
            "transaction_status": "successful",
            "amount": checkout.total,
            "currency": checkout.currency,
        },
    }

    answer = _post_signed(
        sandbox.charge(checkout.email)["callback_url"], json.dumps(event).encode()
    )

    assert answer.status_code == 404
    assert not store.orders(checkout)


def test_signed_webhook_counts_while_the_provider_cannot_be_asked(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")
    sandbox.order_fault("transaction", status=503)

    assert sandbox.send_webhook(reference, "payment.success") == 200

    assert_paid_once(store, sandbox, checkout)


def test_webhook_that_does_not_say_all_is_to_come_again(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    charge = sandbox.charge(checkout.email)
    sandbox.order_fault("transaction", status=503)
    event = {
        "event": "payment.success",
        "data": {"dgs_reference": charge["dgs_reference"]},
    }

    answer = _post_signed(charge["callback_url"], json.dumps(event).encode())

    assert answer.status_code == 503
    assert not store.orders(checkout)


@whatever_the_api
def test_webhook_that_is_not_signed_is_not_read(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    url = sandbox.charge(checkout.email)["callback_url"]

    assert requests.post(url, data=b"not json", timeout=10).status_code == 401


@whatever_the_api
@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"{}", b"\xff\xfe"])
def test_malformed_webhook(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, body: bytes
) -> None:
    checkout = _pending(store, cardholder)

    answer = _post_signed(sandbox.charge(checkout.email)["callback_url"], body)

    assert answer.status_code == 400
    assert "Traceback" not in answer.text


@whatever_the_api
def test_oversized_webhook(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = _pending(store, cardholder)
    body = json.dumps({"event": "payment.success", "filling": "x" * 2_000_000})

    answer = _post_signed(sandbox.charge(checkout.email)["callback_url"], body.encode())

    assert answer.status_code == 413


@whatever_the_api
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_webhook_by_another_method(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, method: str
) -> None:
    checkout = _pending(store, cardholder)
    url = sandbox.charge(checkout.email)["callback_url"]

    assert requests.request(method, url, timeout=10).status_code == 405


@pytest.mark.parametrize(
    "truth", [{"amount": 100}, {"currency": "USD"}], ids=["amount", "currency"]
)
def test_charge_that_is_not_what_the_order_costs(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    truth: dict[str, object],
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]

    sandbox.change_charge(
        reference, transaction_status="successful", webhook=True, **truth
    )
    sandbox.wait_for_webhook(checkout.email)

    assert not store.orders(checkout)
    assert_not_captured(store.payment(payment))
    told = store.complete(checkout, cardholder.waiting())
    assert told.code == "amount_mismatch"
    assert loud_lines(host, reference)


@only_with_payments
def test_capture_is_kept_when_the_product_has_sold_out(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    """DGS-Pay has no refund call, so a person has to act, and is told."""
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    store.set_stock("RWF", 0)
    try:
        sandbox.settle(reference)
        sandbox.wait_for_webhook(checkout.email)
    finally:
        store.set_stock("RWF", 1_000_000)

    assert not store.orders(checkout)
    assert_captured_once(store.payment(payment), checkout)
    assert loud_lines(host, reference)
    assert len(successful_charges(sandbox, checkout)) == 1


@only_with_payments
def test_capture_is_kept_when_the_checkout_has_changed(
    host: Host, store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    checkout = store.new_checkout()
    payment = store.create_payment(checkout)
    store.complete(checkout, cardholder.card(cards.PENDING))
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    store.change_quantity(checkout, 2)

    sandbox.settle(reference)
    sandbox.wait_for_webhook(checkout.email)

    assert not store.orders(checkout)
    assert_captured_once(store.payment(payment), checkout)
    assert loud_lines(host, reference)


def _pending(store: Store, cardholder: Cardholder) -> Checkout:
    """A checkout whose charge DGS-Pay has not decided."""
    checkout = store.new_checkout()
    pending = store.pay(checkout, cardholder.card(cards.PENDING))
    assert pending.asks_for == "wait"
    return checkout


def _post_signed(url: str, body: bytes) -> requests.Response:
    signature = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return requests.post(
        url, data=body, headers={"X-DGS-Signature": signature}, timeout=10
    )
