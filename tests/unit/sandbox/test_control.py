"""The control API: what tests and demos may see and change."""

import pytest

from .client import APPROVED, PENDING, PIN_CARD, pin
from .test_webhooks import event_of, is_signed


def test_charges_are_told_without_card_data(merchant, store):
    merchant.charge(PIN_CARD, key="press-1", callback_url=store.url)
    [charge] = merchant.control("GET", "/charges")
    merchant.authorize(charge["dgs_reference"], **pin())
    [charge] = merchant.control("GET", "/charges")
    assert charge.pop("dgs_reference").startswith("DGS-")
    assert charge.pop("flw_reference").startswith("FLW-")
    assert charge.pop("created_at")
    assert charge == {
        "transaction_status": "successful",
        "next_action_type": None,
        "processor_response": None,
        "amount": 12000,
        "currency": "RWF",
        "customer_email": "amina@example.com",
        "payment_type": "card",
        "account": None,
        "narration": "Order 1",
        "redirect_url": "https://shop.example/back?checkout=1",
        "callback_url": store.url,
        "idempotency_key": "press-1",
        "charge_requests": 1,
        "authorize_requests": 1,
    }


def test_requests_are_told_in_order(merchant):
    merchant.order_fault("charge", cut="after")
    with pytest.raises(OSError):
        merchant.charge()
    merchant.call("GET", "/balance")
    merchant.call("GET", "/nowhere")
    assert merchant.control("GET", "/requests") == [
        {
            "method": "POST",
            "path": "/generation/v2/charges",
            "status": None,
            "fault": "cut: after",
        },
        {
            "method": "GET",
            "path": "/generation/v2/balance",
            "status": 200,
            "fault": None,
        },
        {
            "method": "GET",
            "path": "/generation/v2/nowhere",
            "status": 404,
            "fault": None,
        },
    ]


@pytest.mark.parametrize(
    ("status", "row"),
    [("successful", "success"), ("failed", "failed"), ("pending", "pending")],
)
def test_the_truth_can_be_changed_in_silence(merchant, store, status, row):
    reference = merchant.start(PENDING, callback_url=store.url)["dgs_reference"]
    changed = merchant.control(
        "POST", f"/charges/{reference}", {"transaction_status": status}
    )
    assert changed["transaction_status"] == status
    assert merchant.row(reference)["status"] == row
    assert store.hears_no_more_than(0)


def test_the_store_can_be_told_of_the_change(merchant, store):
    reference = merchant.start(PENDING, callback_url=store.url)["dgs_reference"]
    merchant.control(
        "POST",
        f"/charges/{reference}",
        {"transaction_status": "failed", "webhook": True},
    )
    assert event_of(store.wait_for(1)[0]) == "payment.failed"


def test_another_amount_can_be_made_the_truth(merchant):
    reference = merchant.start()["dgs_reference"]
    merchant.control(
        "POST",
        f"/charges/{reference}",
        {"transaction_status": "successful", "amount": 1.5, "currency": "USD"},
    )
    row = merchant.row(reference)
    assert (row["amount"], row["currency"]) == (1.5, "USD")


class TestSend:
    def test_a_webhook_can_be_sent_at_any_time(self, merchant, store):
        store.answers = [404]
        reference = merchant.start(PENDING, callback_url=store.url)["dgs_reference"]
        order = {"dgs_reference": reference, "event": "payment.success"}
        assert merchant.control("POST", "/webhooks/send", order) == {"status": 404}
        assert merchant.control("POST", "/webhooks/send", order) == {"status": 200}
        assert [event_of(each) for each in store.heard] == ["payment.success"] * 2
        assert all(is_signed(delivery) for delivery in store.heard)

    def test_it_can_be_forged_and_sent_elsewhere(self, merchant, store):
        order = {
            "dgs_reference": merchant.start()["dgs_reference"],
            "event": "payment.failed",
            "url": store.url,
            "forge": True,
        }
        assert merchant.control("POST", "/webhooks/send", order) == {"status": 200}
        assert not is_signed(store.heard[0])

    def test_no_answer_is_told(self, merchant):
        order = {
            "dgs_reference": merchant.start()["dgs_reference"],
            "event": "payment.failed",
            "url": "http://127.0.0.1:9/",
        }
        assert merchant.control("POST", "/webhooks/send", order) == {"status": None}

    def test_it_needs_somewhere_to_go(self, merchant):
        order = {
            "dgs_reference": merchant.start(APPROVED)["dgs_reference"],
            "event": "payment.success",
        }
        answer = merchant.session.post(
            f"{merchant.url}/_sandbox/webhooks/send", json=order, timeout=10
        )
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "order", "status"),
    [
        ("/charges/DGS-NONE", {"transaction_status": "failed"}, 404),
        ("/charges/{}", {"transaction_status": "success"}, 400),
        ("/charges/{}", {}, 400),
        ("/charges/{}", {"transaction_status": "pending", "webhook": True}, 400),
        ("/webhooks/send", {"dgs_reference": "DGS-NONE"}, 400),
        ("/webhooks/release", {"order": "sideways"}, 400),
    ],
)
def test_an_order_that_cannot_be_is_refused(merchant, path, order, status):
    reference = merchant.start()["dgs_reference"]
    answer = merchant.session.post(
        f"{merchant.url}/_sandbox{path.format(reference)}", json=order, timeout=10
    )
    assert answer.status_code == status


def test_reset_forgets_everything(merchant, store):
    merchant.charge(key="press-1", callback_url=store.url)
    merchant.order_fault("balance", status=500)
    store.wait_for(1)
    merchant.control("POST", "/reset")
    for listing in ("/charges", "/requests", "/webhooks", "/faults"):
        assert merchant.control("GET", listing) == []
    assert merchant.charge(key="press-1").status_code == 201
