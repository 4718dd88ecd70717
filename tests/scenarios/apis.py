"""Saleor's two APIs for payments, in which every scenario is played.

What is about one of them alone, or has nothing to do with either, runs once.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.hosts.host import Host
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import TransactionsStore

PAYMENTS, TRANSACTIONS = Store.api, TransactionsStore.api
APIS = (PAYMENTS, TRANSACTIONS)

only_with_payments = pytest.mark.parametrize("store", [PAYMENTS], indirect=True)
only_with_transactions = pytest.mark.parametrize("store", [TRANSACTIONS], indirect=True)
whatever_the_api = only_with_payments


@contextmanager
def open_store(api: str, host: Host, sandbox: Sandbox) -> Iterator[Store]:
    """The host's store, taking payments with the sandbox in every channel.

    With transactions its channels make orders of paid checkouts, as a shop sets them
    that does not want to lose customers who closed the page.
    """
    store = TransactionsStore(host) if api == TRANSACTIONS else Store(host)
    store.configure_for_sandbox(sandbox.url)
    if api == TRANSACTIONS:
        host.complete_paid_checkouts()
        store.complete_paid_checkouts(enabled=True)
    yield store
    if api == TRANSACTIONS:
        store.complete_paid_checkouts(enabled=False)
