"""Webhooks: signed, sent once a charge has ended, repeated until accepted."""

import hashlib
import hmac
import json
import threading

import pytest

from dgspay_plugin.sandbox.credentials import WEBHOOK_SECRET
from dgspay_plugin.sandbox.settings import Settings

from .client import APPROVED, PENDING, PIN_CARD, THREE_DS, Merchant, pin
from .conftest import serve

DECLINED = "4000000000000200"


def is_signed(delivery):
    expected = hmac.new(WEBHOOK_SECRET.encode(), delivery.body, hashlib.sha256)
    return hmac.compare_digest(expected.hexdigest(), delivery.signature)


def event_of(delivery):
    return json.loads(delivery.body)["event"]


def test_a_paid_charge_is_told_to_its_callback_url(merchant, store):
    data = merchant.start(APPROVED, callback_url=store.url, amount=10.5, currency="USD")
    [delivery] = store.wait_for(1)
    assert delivery.content_type == "application/json"
    assert is_signed(delivery)
    assert json.loads(delivery.body) == {
        "event": "payment.success",
        "data": {
            "dgs_reference": data["dgs_reference"],
            "amount": 10.5,
            "currency": "USD",
            "transaction_status": "successful",
        },
    }
    assert store.hears_no_more_than(1)


def test_a_failed_charge_is_told(merchant, store):
    merchant.start(DECLINED, callback_url=store.url)
    [delivery] = store.wait_for(1)
    assert event_of(delivery) == "payment.failed"
    assert json.loads(delivery.body)["data"]["transaction_status"] == "failed"


def test_an_open_charge_is_not_told_until_its_last_step(merchant, store):
    reference = merchant.start(PIN_CARD, callback_url=store.url)["dgs_reference"]
    merchant.authorize(reference, **pin("9999"))
    assert store.hears_no_more_than(0)
    merchant.authorize(reference, **pin())
    assert event_of(store.wait_for(1)[0]) == "payment.success"


def test_the_third_wrong_pin_is_told(merchant, store):
    reference = merchant.start(PIN_CARD, callback_url=store.url)["dgs_reference"]
    for _ in range(3):
        merchant.authorize(reference, **pin("9999"))
    assert event_of(store.wait_for(1)[0]) == "payment.failed"


@pytest.mark.parametrize(
    ("decision", "event"),
    [("approve", "payment.success"), ("decline", "payment.failed")],
)
def test_the_banks_decision_is_told(merchant, store, decision, event):
    reference = merchant.start(THREE_DS, callback_url=store.url)["dgs_reference"]
    for _ in range(2):
        merchant.session.post(
            f"{merchant.url}/bank/{reference}/{decision}",
            allow_redirects=False,
            timeout=10,
        )
    assert event_of(store.wait_for(1)[0]) == event
    assert store.hears_no_more_than(1)


def test_a_pending_card_settles_by_itself(merchant, store):
    merchant.start("4000000000000317", callback_url=store.url)
    assert store.hears_no_more_than(0)
    assert event_of(store.wait_for(1, seconds=8)[0]) == "payment.success"


def test_a_refused_webhook_is_repeated_until_accepted(merchant, store):
    store.answers = [500, 404]
    merchant.start(callback_url=store.url)
    deliveries = store.wait_for(3)
    assert len({delivery.body for delivery in deliveries}) == 1
    assert store.hears_no_more_than(3)
    [webhook] = merchant.control("GET", "/webhooks")
    assert webhook["attempts"] == [500, 404, 200]


def test_repeating_ends(merchant, store):
    store.answers = [500] * 9
    merchant.start(callback_url=store.url)
    store.wait_for(3)
    assert store.hears_no_more_than(3)


def test_a_charge_without_callback_url_is_told_nowhere(merchant):
    merchant.start()
    assert merchant.control("GET", "/webhooks") == []


def test_a_charge_without_callback_url_goes_to_the_portals_url(store):
    server = serve(Settings(webhook_url=store.url))
    with Merchant(next(server)) as merchant:
        merchant.start()
        assert is_signed(store.wait_for(1)[0])
    server.close()


class TestFaults:
    def test_drop(self, merchant, store):
        merchant.order_fault("webhook", drop=True)
        merchant.start(callback_url=store.url)
        assert store.hears_no_more_than(0)
        merchant.start(callback_url=store.url)
        store.wait_for(1)

    def test_duplicate(self, merchant, store):
        merchant.order_fault("webhook", duplicate=2)
        merchant.start(callback_url=store.url)
        deliveries = store.wait_for(3)
        assert len({delivery.body for delivery in deliveries}) == 1
        assert store.hears_no_more_than(3)

    def test_delay(self, merchant, store):
        merchant.order_fault("webhook", delay=0.6)
        merchant.start(callback_url=store.url)
        assert store.hears_no_more_than(0, seconds=0.3)
        store.wait_for(1)

    def test_forge(self, merchant, store):
        merchant.order_fault("webhook", forge=True)
        merchant.start(callback_url=store.url)
        [delivery] = store.wait_for(1)
        assert not is_signed(delivery)

    @pytest.mark.parametrize("order", ["arrival", "reverse"])
    def test_hold_and_release(self, merchant, store, order):
        merchant.order_fault("webhook", hold=True, times=2)
        sent = [
            merchant.start(callback_url=store.url)["dgs_reference"] for _ in range(2)
        ]
        assert store.hears_no_more_than(0)
        released = merchant.control("POST", "/webhooks/release", {"order": order})
        heard = [json.loads(each.body)["data"]["dgs_reference"] for each in store.heard]
        assert heard == (sent if order == "arrival" else sent[::-1])
        assert [webhook["dgs_reference"] for webhook in released] == heard
        assert merchant.control("POST", "/webhooks/release") == []

    def test_before_answer(self, merchant, store):
        """The store's answer is awaited, and only then the charge answered."""
        merchant.order_fault("webhook", before_answer=True)
        merchant.order_fault("charge", delay=0.5)
        charge = threading.Thread(
            target=merchant.start, kwargs={"callback_url": store.url}
        )
        charge.start()
        store.wait_for(1, seconds=0.4)
        assert charge.is_alive()
        charge.join()
        assert store.hears_no_more_than(1)

    def test_a_webhook_comes_after_the_answer_unless_ordered(self, merchant, store):
        merchant.order_fault("charge", delay=0.5)
        charge = threading.Thread(
            target=merchant.start, kwargs={"callback_url": store.url}
        )
        charge.start()
        assert store.hears_no_more_than(0, seconds=0.3)
        charge.join()
        store.wait_for(1)

    def test_a_lost_answer_still_has_its_webhook(self, merchant, store):
        merchant.order_fault("charge", status=503, processed=True)
        assert merchant.charge(callback_url=store.url).status_code == 503
        store.wait_for(1)

    def test_only_for_one_charge(self, merchant, store):
        spoilt, sound = (
            merchant.start(PENDING, callback_url=store.url)["dgs_reference"]
            for _ in range(2)
        )
        merchant.order_fault("webhook", drop=True, reference=spoilt)
        for reference in (sound, spoilt):
            merchant.control(
                "POST",
                f"/charges/{reference}",
                {"transaction_status": "successful", "webhook": True},
            )
        [delivery] = store.wait_for(1)
        assert json.loads(delivery.body)["data"]["dgs_reference"] == sound
        assert store.hears_no_more_than(1)
