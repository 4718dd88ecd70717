"""Two sides' books, of a store and a provider of each module's own."""

from collections.abc import Iterator

import pytest

from tests.conftest import HOSTS, running
from tests.hosts.host import Host
from tests.scenarios.apis import APIS, open_store
from tests.scenarios.reconcile.books import Reconciliation
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store


@pytest.fixture(scope="module", params=HOSTS)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """A store of this suite's own: what other scenarios leave behind needs a person."""
    with running(request.param) as host:
        yield host


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture(scope="module", params=APIS)
def store(
    request: pytest.FixtureRequest, host: Host, sandbox: Sandbox
) -> Iterator[Store]:
    with open_store(request.param, host, sandbox) as store:
        yield store


@pytest.fixture
def reconcile(host: Host, store: Store) -> Reconciliation:
    return Reconciliation(host)
