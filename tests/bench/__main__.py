"""Measure, print the table, and keep it: ``make bench``.

ARGS="--host slice" measures on the stand-in for Saleor what can be measured there;
ARGS="payments listing" only these parts, which are printed and not kept.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

from tests.bench.parts import (
    browser,
    connections,
    listing,
    payments,
    reconcile,
    slow_provider,
    start_up,
    webhooks,
)
from tests.bench.provider import Provider
from tests.bench.results import Part, Results, machine, with_speed_table
from tests.bench.shop import Shop
from tests.hosts import postgresql
from tests.hosts.host import Host
from tests.hosts.saleor import SaleorHost, missing_saleor
from tests.hosts.saleor_site import saleor_root
from tests.hosts.slice import SliceHost
from tests.scenarios.store import Store

FOLDER = Path(__file__).parent
SPEED = FOLDER.parents[1] / "docs/speed.md"
ON_EVERY_HOST: dict[str, ModuleType] = {
    "payments": payments,
    "connections": connections,
    "listing": listing,
    "browser": browser,
}
ON_REAL_SALEOR: dict[str, ModuleType] = {
    "start_up": start_up,
    # Before any payment is captured, which it would ask about too.
    "reconcile": reconcile,
    "webhooks": webhooks,
    "slow_provider": slow_provider,
}


def main() -> None:
    options = _parser().parse_args()
    modules = dict(ON_EVERY_HOST)
    if options.host == "saleor":
        if reason := missing_saleor():
            sys.exit(f"{reason}\nOr measure less: make bench ARGS='--host slice'")
        modules |= ON_REAL_SALEOR
    if unknown := set(options.parts) - set(modules):
        sys.exit(f"{options.host} has no {unknown}, only {', '.join(modules)}")
    chosen = {name: modules[name] for name in options.parts or modules}
    results = Results(_name_of(options.host), machine())
    for part in _measure(options.host, chosen):
        results.parts.append(part)
        print("\n".join(part.as_markdown()), flush=True)
        if chosen == modules and options.host == "saleor":
            (FOLDER / "RESULTS.md").write_text(results.as_markdown())
            (FOLDER / "results.json").write_text(results.as_json())
    if chosen == modules and options.host == "saleor":
        SPEED.write_text(with_speed_table(SPEED.read_text(), results))
    if results.goals_missed:
        sys.exit("Goals missed:\n- " + "\n- ".join(results.goals_missed))


def _measure(host_name: str, parts: dict[str, ModuleType]) -> Iterator[Part]:
    with ExitStack() as running:
        provider = Provider()
        running.callback(provider.stop)
        provider.start()
        host: Host = SaleorHost() if host_name == "saleor" else SliceHost()
        running.callback(host.stop)
        host.start()
        store = Store(host)
        store.configure_for_sandbox(provider.api_url)
        shop = Shop(host, store, provider)
        for name, part in parts.items():
            print(f"Measuring {name}...", file=sys.stderr, flush=True)
            yield part.measure(shop)


def _name_of(host_name: str) -> str:
    if host_name == "slice":
        return "the stand-in for Saleor"
    project = tomllib.loads((saleor_root() / "pyproject.toml").read_text())
    return f"Saleor {project['project']['version']}, {postgresql.version().strip()}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--host", choices=["saleor", "slice"], default="saleor")
    parser.add_argument("parts", nargs="*")
    return parser


main()
