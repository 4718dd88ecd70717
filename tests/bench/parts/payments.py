"""What the plugin adds to the HTTP requests of a payment."""

from collections.abc import Callable
from typing import Any

from tests.bench.results import Part, Row
from tests.bench.shop import Shop
from tests.bench.store_process import measure_in_store
from tests.scenarios import cards

ROUNDS = 500
MOST_ADDED_MS = 1.0
MOST_RATIO = 1.5

Measure = Callable[[dict[str, Any]], float]


def measure(shop: Shop) -> Part:
    card = shop.cardholder.card(cards.APPROVED)
    card_payment = shop.store.create_payment(shop.store.new_checkout())
    asked_for_pin = shop.store.new_checkout()
    pin_payment = shop.store.create_payment(asked_for_pin)
    shop.provider.next_action = "pin"
    shop.store.complete(asked_for_pin, shop.cardholder.card(cards.PIN))
    shop.provider.next_action = None
    measured = measure_in_store(
        shop.host,
        "payments.py",
        provider_url=shop.provider.url,
        card_payment=card_payment,
        pin_payment=pin_payment,
        card=card,
        pin=shop.cardholder.pin(),
        rounds=ROUNDS,
    )
    part = Part(
        "A payment",
        f"The medians of {ROUNDS:,} calls of the plugin inside the store, each beside "
        "the same HTTP requests, byte for byte, with bare `requests` on a connection "
        "that is kept, to a provider on loopback that answers at once. A payment has "
        "two requests, because a charge's answer does not name the amount that was "
        "charged; what the second costs is in both, and shown. Stripe's has one. The "
        "mark of the attempt is left before, in a hook of its own. The goals are for "
        "the processor's time, which holds on a busy machine too; all other times are "
        "on the clock.",
    )
    stripe = measured.get("stripe")
    for hook in ("process_payment", "confirm_payment"):
        part.rows += _rows(hook, measured[hook], stripe)
        stripe = None
    mark = measured["preprocess_order_creation"]
    hook = "`preprocess_order_creation`, the mark"
    part.rows.append(Row(hook, mark["median"], "ms"))
    part.rows.append(Row(f"{hook}, processor time", mark["processor"], "ms"))
    return part


def _rows(
    hook: str, measured: dict[str, Any], stripe: dict[str, Any] | None
) -> list[Row]:
    def row(
        what: str, of: Measure, unit: str = "", at_most: float | None = None
    ) -> Row:
        return Row(
            f"`{hook}`, {what}",
            of(measured),
            unit,
            stripe=of(stripe) if stripe else None,
            at_most=at_most,
            is_shown=at_most is not None,
        )

    return [
        row("its bare requests", _time_of("bare"), "ms"),
        row("of that, all but the first request", _second_request, "ms"),
        row("added by the plugin", _added("median"), "ms"),
        row("of that, waiting for the database", lambda m: m["database_wait"], "ms"),
        row("processor time of its bare requests", _time_of("bare", "processor"), "ms"),
        row(
            "processor time added by the plugin",
            _added("processor"),
            "ms",
            at_most=MOST_ADDED_MS,
        ),
        row("processor time, ratio to its bare requests", _ratio, at_most=MOST_RATIO),
        row("HTTP requests", lambda m: m["round_trips"]),
        row("database queries", lambda m: m["queries"]),
        row("memory at its peak", lambda m: m["kilobytes"], "kB"),
        row("of that, bare requests", lambda m: m["bare_kilobytes"], "kB"),
    ]


def _time_of(way: str, kind: str = "median") -> Measure:
    return lambda measured: measured["times"][way][kind]


def _second_request(measured: dict[str, Any]) -> float:
    if measured["round_trips"] == 1:
        return 0.0
    return _time_of("bare")(measured) - _time_of("first_bare")(measured)


def _added(kind: str) -> Measure:
    return lambda measured: (
        _time_of("plugin", kind)(measured) - _time_of("bare", kind)(measured)
    )


def _ratio(measured: dict[str, Any]) -> float:
    plugin = _time_of("plugin", "processor")(measured)
    return plugin / _time_of("bare", "processor")(measured)
