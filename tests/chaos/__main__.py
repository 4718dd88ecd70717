"""``make chaos``: a run against real Saleor, or the slice where Saleor is not.

python -m tests.chaos [--host saleor] [--api transactions] [--payments 500] [--seed 7]
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.chaos.report import table
from tests.chaos.run import Size, run_chaos
from tests.hosts.collector import Collector
from tests.hosts.saleor import SaleorHost, missing_saleor
from tests.hosts.slice import SliceHost
from tests.scenarios.apis import APIS, PAYMENTS, open_store
from tests.scenarios.sandbox import Sandbox


def main() -> None:
    options = _parser().parse_args()
    size = Size(options.payments, options.customers, options.kills)
    with tempfile.TemporaryDirectory() as folder, Collector() as collector:
        host = (
            SaleorHost(collector=collector)
            if options.host == "saleor"
            else SliceHost(collector=collector)
        )
        try:
            host.start()
            with (
                Sandbox(Path(folder)) as sandbox,
                open_store(options.api, host, sandbox) as store,
            ):
                result = run_chaos(host, store, sandbox, options.seed, size)
            if options.log:
                options.log.write_text(host.log())
        finally:
            host.stop()
    print(table(f"{host.name}, {options.api}", options.seed, size, result))
    sys.exit(bool(result.differences or result.leaks))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make chaos ARGS=...",
        description="Many payments while answers are lost, webhooks go astray and the "
        "server is killed, and carts change in mid-payment; then the provider's books "
        "and the store's are compared.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    found = "slice" if missing_saleor() else "saleor"
    parser.add_argument("--host", choices=("saleor", "slice"), default=found)
    parser.add_argument("--api", choices=APIS, default=PAYMENTS, help="of Saleor's")
    parser.add_argument("--payments", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--customers", type=int, default=8, help="at the same time")
    parser.add_argument(
        "--kills",
        type=int,
        default=4,
        help="of the server, sell-outs and flushes of the cache",
    )
    parser.add_argument("--log", type=Path, help="keep the server's log here")
    return parser


main()
