"""What the plugin adds to the start of a Saleor server."""

import statistics

from tests.bench.results import Part, Row
from tests.bench.shop import Shop
from tests.bench.store_process import measure_in_store

STARTS = 3
MOST_ADDED_MS = 50


def measure(shop: Shop) -> Part:
    starts = [measure_in_store(shop.host, "start_up.py") for _ in range(STARTS)]
    modules = starts[0]["modules"]
    return Part(
        "Start",
        f"The import of both plugins, for the Payments and the Transactions API, after "
        f"all that Saleor imports to serve; the median of {STARTS} starts.",
        [
            Row(
                "processor time added to the start",
                statistics.median(start["ms"] for start in starts),
                "ms",
                at_most=MOST_ADDED_MS,
                is_shown=True,
            ),
            Row("modules loaded", len(modules)),
            Row(
                "of them not the plugin's own",
                sum(not name.startswith("dgspay_plugin") for name in modules),
            ),
        ],
    )
