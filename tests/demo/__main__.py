"""``make demo``: watch payments in the terminal, then try one in a browser."""

import argparse
import os
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from dgspay_plugin.sandbox.cards import CARDS
from dgspay_plugin.sandbox.credentials import RIGHT_OTP, RIGHT_PIN
from dgspay_plugin.sandbox.wallets import WALLETS
from tests.demo.mobile_money import MobileMoneyPayment
from tests.demo.narrator import Narrator
from tests.demo.payment import NotPaid, Payment, set_up
from tests.demo.storefront import storefront
from tests.hosts.host import Host
from tests.hosts.saleor import SaleorHost, missing_saleor
from tests.hosts.saleor_site import saleor_root
from tests.hosts.slice import SliceHost
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import TransactionsStore

END_OF_LOG = 2000


def main() -> None:
    options = _parser().parse_args()
    # A demo that is told to end stops what it has started, as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with ExitStack() as started:
            show(started, Narrator(), once=options.once)
    except KeyboardInterrupt:
        print("\n  Everything is stopped. Nothing was kept.")


def show(started: ExitStack, narrator: Narrator, *, once: bool) -> None:
    """Pay by both APIs and by mobile money; unless ``once``, serve a storefront too."""
    narrator.title("DGS-Pay for Saleor: payments, from the card or phone to the order")
    host = _start_host(started, narrator)
    sandbox = _start_sandbox(started, narrator)
    try:
        set_up(Store(host), sandbox, narrator)
        for store in (Store(host), TransactionsStore(host)):
            Payment(store, sandbox, narrator).run()
        MobileMoneyPayment(Store(host), sandbox, narrator).run()
    except NotPaid as problem:
        narrator.fails(f"NOT PAID: {problem}")
        sys.exit(f"\nThe store's log ends with:\n{host.log()[-END_OF_LOG:]}")
    if not once:
        _invite(started.enter_context(storefront(host)), sandbox, narrator)
        threading.Event().wait()


def _start_host(started: ExitStack, narrator: Narrator) -> Host:
    if not os.environ.get("SALEOR_ROOT"):
        host: Host = SliceHost()
        notice = "NOT SALEOR, but a small stand-in for it."
        hint = "Real Saleor: make demo SALEOR_ROOT=<a checkout of Saleor>"
    elif reason := missing_saleor():
        sys.exit(reason)
    else:
        narrator.row("", "Real Saleor is starting. It takes minutes the first time.")
        host = SaleorHost()
        notice = "REAL SALEOR, with a database of its own."
        hint = f"From {saleor_root()}"
    started.callback(host.stop)
    host.start()
    narrator.row("Store", f"{host.url}/graphql/")
    narrator.warns(notice)
    narrator.row("", hint)
    return host


def _start_sandbox(started: ExitStack, narrator: Narrator) -> Sandbox:
    folder = started.enter_context(tempfile.TemporaryDirectory())
    sandbox = started.enter_context(Sandbox(Path(folder)))
    narrator.row("DGS-Pay", sandbox.page)
    narrator.warns("NOT DGS-PAY, but a local sandbox: no bank, no money.")
    return sandbox


def _invite(page: str, sandbox: Sandbox, narrator: Narrator) -> None:
    narrator.title("Now try it yourself")
    narrator.row("Storefront", page)
    narrator.row("Sandbox", f"{sandbox.page}  (what DGS-Pay saw)")
    narrator.row("PIN", RIGHT_PIN)
    narrator.row("OTP", RIGHT_OTP)
    narrator.row("Cards", "any later month and year, any CVV of three digits")
    for card in CARDS:
        issuer = card.behaviour.issuer
        reason = "" if issuer == "approved" else f": {issuer}"
        narrator.row("", f"{card.number}  {card.description}{reason}")
    narrator.row("Mobile money", f"approve it on {sandbox.page}handset")
    for wallet in WALLETS:
        narrator.row("", f"{wallet.number}         {wallet.description}")
    narrator.succeeds("Ctrl-C ends it.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make demo",
        description="Take a card payment by each of Saleor's APIs and one by mobile "
        "money, then serve a storefront to try it. With SALEOR_ROOT set, in real "
        "Saleor.",
    )
    parser.add_argument(
        "--once", action="store_true", help="end after the payments; ARGS=--once"
    )
    return parser


main()
