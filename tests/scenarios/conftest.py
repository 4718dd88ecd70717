"""What every scenario starts with."""

from collections.abc import Iterator

import pytest

from tests.hosts.host import Host
from tests.scenarios.apis import APIS, open_store
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store


@pytest.fixture(scope="session")
def cardholder() -> Cardholder:
    """One for the whole run, so that the search for leaks knows all that was typed."""
    return Cardholder()


@pytest.fixture(scope="session", params=APIS)
def store(
    request: pytest.FixtureRequest, host: Host, sandbox: Sandbox
) -> Iterator[Store]:
    """The host's store, paid by each of Saleor's APIs in turn."""
    with open_store(request.param, host, sandbox) as store:
        yield store


@pytest.fixture(autouse=True)
def no_faults_left(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.clear_faults()
