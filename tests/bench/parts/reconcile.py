"""``dgspay_reconcile`` after a bad day."""

import re

from tests.bench.results import Part, Row
from tests.bench.shop import Shop
from tests.bench.store_process import measure_in_store
from tests.scenarios import cards

PAYMENTS = 10_000
SECONDS_TO_ANSWER = 0.05
MOST_MEGABYTES = 100
SIDE_BY_SIDE = 8
# Against the time that so many calls have to take.
MOST_OF_THE_WAIT = 1.2


def measure(shop: Shop) -> Part:
    checkout = shop.store.new_checkout()
    payment = shop.store.create_payment(checkout)
    shop.provider.status = "pending"
    assert shop.store.complete(checkout, shop.cardholder.card(cards.APPROVED)).asks_for
    shop.provider.seconds_to_answer = SECONDS_TO_ANSWER
    shop.provider.most_at_once = 0
    calls_before = shop.provider.requests
    try:
        measured = measure_in_store(
            shop.host, "reconcile.py", waiting_payment=payment, payments=PAYMENTS
        )
    finally:
        shop.provider.status = "successful"
        shop.provider.seconds_to_answer = 0.0
    calls = shop.provider.requests - calls_before
    found = re.search(r"(\d+)  Pending", measured["output"])
    assert found and int(found[1]) >= PAYMENTS, measured["output"]
    return Part(
        "Reconciling",
        f"`dgspay_reconcile` over {PAYMENTS:,} payments that all still wait, with a "
        f"provider that takes {SECONDS_TO_ANSWER * 1000:.0f} ms to answer.",
        [
            Row(
                f"{PAYMENTS:,} payments asked about and compared",
                measured["seconds"],
                "s",
                is_shown=True,
            ),
            Row("processor time of that", measured["processor"], "s"),
            Row(
                f"all but the processor time, against {SIDE_BY_SIDE} calls at a time",
                (measured["seconds"] - measured["processor"])
                / (calls * SECONDS_TO_ANSWER / SIDE_BY_SIDE),
                at_most=MOST_OF_THE_WAIT,
                is_shown=True,
            ),
            Row(
                "against asking one after the other",
                measured["seconds"] / (calls * SECONDS_TO_ANSWER),
                at_most=0.5,
                is_shown=True,
            ),
            Row("HTTP requests for each payment", calls / int(found[1]), at_most=1.01),
            Row(
                "requests at the same time",
                shop.provider.most_at_once,
                at_most=SIDE_BY_SIDE,
            ),
            Row("memory added", measured["megabytes"], "MB", at_most=MOST_MEGABYTES),
        ],
    )
