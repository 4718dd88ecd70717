"""How many webhooks one worker of a Saleor server settles, or refuses, per second."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import requests

from dgspay_plugin.sandbox.credentials import WEBHOOK_SECRET
from tests.bench.provider import stripe_intent
from tests.bench.results import Part, Row
from tests.bench.shop import Shop
from tests.bench.store_process import measure_in_store

GATEWAY = "dgspay.payments"
STRIPE = "saleor.payments.stripe"
STRIPE_SECRET = "whsec_bench"
WEBHOOKS = 60
FORGED = 300
AT_A_TIME = 20
THREADS = 4

Webhook = Callable[[requests.Session], requests.Response]


def measure(shop: Shop) -> Part:
    slug = shop.host.channels["RWF"].slug
    channel_url = f"{shop.host.url}/plugins/channel/{slug}"
    references = shop.waiting_references(2 * WEBHOOKS)
    ours, stripes = references[:WEBHOOKS], references[WEBHOOKS:]
    measure_in_store(
        shop.host,
        "waiting_for_stripe.py",
        channel=slug,
        references=stripes,
        webhook_secret=STRIPE_SECRET,
    )
    settled, stripe_settled = _per_second(
        [_dgspay(channel_url, reference, WEBHOOK_SECRET) for reference in ours],
        [_stripe(channel_url, reference, STRIPE_SECRET) for reference in stripes],
        status=(200, 200),
    )
    paid = measure_in_store(shop.host, "paid_orders.py", references=references)
    assert paid == {GATEWAY: WEBHOOKS, STRIPE: WEBHOOKS}, paid
    refused, stripe_refused = _per_second(
        [_dgspay(channel_url, ours[0], "forged") for _ in range(FORGED)],
        [_stripe(channel_url, stripes[0], "forged") for _ in range(FORGED)],
        status=(401, 400),
    )
    return Part(
        "Webhooks",
        f"{WEBHOOKS} webhooks of payments whose customers have gone, sent by {THREADS} "
        "threads to one worker of real Saleor: verified, asked for at DGS-Pay "
        "(Stripe's plugin asks nobody), captured, and made into an order, which is "
        f"most of the time. Then {FORGED} with a wrong signature; what those cost is "
        "Saleor finding the plugin and its configuration.",
        [
            Row("settled, order made", settled, "/s", stripe_settled, is_shown=True),
            Row("forged, refused", refused, "/s", stripe_refused, is_shown=True),
            Row(
                "time for one that settles, against Stripe's",
                stripe_settled / settled,
                at_most=1.5,
            ),
            Row(
                "time for a forged one, against Stripe's",
                stripe_refused / refused,
                at_most=1.1,
            ),
        ],
    )


def _per_second(*gateways: list[Webhook], status: tuple[int, ...]) -> list[float]:
    """How many of each list are answered per second; the lists take turns."""
    seconds = [0.0] * len(gateways)
    sessions = threading.local()

    def send(webhook: Webhook) -> int:
        if not hasattr(sessions, "session"):
            sessions.session = requests.Session()
        return webhook(sessions.session).status_code

    with ThreadPoolExecutor(THREADS) as threads:
        for start in range(0, len(gateways[0]), AT_A_TIME):
            for number, webhooks in enumerate(gateways):
                batch = webhooks[start : start + AT_A_TIME]
                started = time.perf_counter()
                answers = set(threads.map(send, batch))
                seconds[number] += time.perf_counter() - started
                assert answers == {status[number]}, answers
    return [
        len(webhooks) / taken for webhooks, taken in zip(gateways, seconds, strict=True)
    ]


def _dgspay(channel_url: str, reference: str, secret: str) -> Webhook:
    currency, amount, _ = reference.split("-")
    event = {
        "event": "payment.success",
        "data": {
            "dgs_reference": reference,
            "amount": int(amount),
            "currency": currency,
            "transaction_status": "successful",
        },
    }
    body = json.dumps(event)
    return _post(
        f"{channel_url}/{GATEWAY}/webhook/",
        body,
        {"X-DGS-Signature": _hex_hmac(secret, body)},
    )


def _stripe(channel_url: str, intent_id: str, secret: str) -> Webhook:
    event = {
        "id": f"evt_{intent_id}",
        "object": "event",
        "type": "payment_intent.succeeded",
        "data": {"object": stripe_intent(intent_id)},
    }
    body = json.dumps(event)
    now = int(time.time())
    signature = f"t={now},v1={_hex_hmac(secret, f'{now}.{body}')}"
    return _post(
        f"{channel_url}/{STRIPE}/webhooks/", body, {"Stripe-Signature": signature}
    )


def _post(url: str, body: str, headers: dict[str, str]) -> Webhook:
    headers = {"Content-Type": "application/json", **headers}
    return lambda session: session.post(url, data=body, headers=headers, timeout=60)


def _hex_hmac(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
