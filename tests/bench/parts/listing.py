"""What it costs that each checkout lists the ways to pay."""

from tests.bench.results import Part, Row
from tests.bench.shop import Shop
from tests.bench.store_process import measure_in_store
from tests.scenarios import storefront_documents

ROUNDS = 200
MOST_OF_THE_QUERY = 0.03
MOST_OWN_MS = 0.2
# Whether the checkout has a payment that is open: the form then goes on with it.
QUERIES = 1


def measure(shop: Shop) -> Part:
    measured = measure_in_store(
        shop.host,
        "listing.py",
        document=storefront_documents.PAYMENT_GATEWAYS,
        checkout_id=shop.store.new_checkout().id,
        rounds=ROUNDS,
    )
    with_plugin = measured["times"]["with_plugin"]
    without = measured["times"]["without"]
    few, many = measured["kilobytes"], measured["kilobytes_with_more_channels"]
    return Part(
        "Listing the ways to pay",
        f"The medians of {ROUNDS} `availablePaymentGateways` queries with the "
        "plugin active, each beside one with a plugin in its place that does nothing; "
        "then with 100 more channels.",
        [
            Row("the query with an idle plugin", without["median"], "ms"),
            Row("added by the plugin", with_plugin["median"] - without["median"], "ms"),
            Row(
                "processor time, added by the plugin against the query's own",
                with_plugin["processor"] / without["processor"] - 1,
                at_most=MOST_OF_THE_QUERY,
                is_shown=True,
            ),
            Row(
                "processor time of the plugin alone: made and listed",
                measured["own_ms"],
                "ms",
                at_most=MOST_OWN_MS,
                is_shown=True,
            ),
            Row(
                "database queries added",
                measured["queries"] - measured["queries_without"],
                at_most=QUERIES,
                is_shown=True,
            ),
            Row("memory added by 100 channels", max(0, many - few), "kB", at_most=1),
        ],
    )
