"""What the plugin adds to the start of a Saleor server."""

import statistics

from tests.bench.results import Part, Row
from tests.bench.shop import Shop
from tests.bench.store_process import measure_in_store

STARTS = 3
MOST_OF_SALEORS = 0.01


def measure(shop: Shop) -> Part:
    starts = [measure_in_store(shop.host, "start_up.py") for _ in range(STARTS)]
    modules = starts[0]["modules"]
    return Part(
        "Start",
        f"The import of both plugins, for the Payments and the Transactions API, after "
        f"all that Saleor imports to serve; the median of {STARTS} starts.",
        [
            Row(
                "processor time of Saleor's own start",
                statistics.median(start["saleor_ms"] for start in starts),
                "ms",
            ),
            Row(
                "processor time added to the start",
                statistics.median(start["ms"] for start in starts),
                "ms",
                is_shown=True,
            ),
            Row(
                "against Saleor's own start",
                statistics.median(start["ms"] / start["saleor_ms"] for start in starts),
                at_most=MOST_OF_SALEORS,
                is_shown=True,
            ),
            Row("modules loaded", len(modules)),
            Row(
                "of them not the plugin's own",
                sum(not name.startswith("dgspay_plugin") for name in modules),
            ),
        ],
    )
