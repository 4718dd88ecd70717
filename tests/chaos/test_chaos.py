"""A short chaos run on the stand-in; `make chaos` runs long ones, on either host."""

import pytest

from tests.chaos.run import Size, run_chaos
from tests.hosts.host import Host
from tests.scenarios.apis import APIS, open_store
from tests.scenarios.sandbox import Sandbox

SEED = 1

# Seconds, for a machine that has more to do than this.
pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize("api", APIS)
def test_nothing_is_lost_and_nothing_doubled(
    host: Host, sandbox: Sandbox, api: str
) -> None:
    if host.name == "saleor":
        pytest.skip("Real Saleor takes minutes: make chaos ARGS='--host saleor'")
    # It waits until no webhook is on its way, of which others may have left some.
    sandbox.reset()
    with open_store(api, host, sandbox) as store:
        result = run_chaos(host, store, sandbox, SEED, Size(20, customers=6, kills=1))

    assert not result.differences
    assert not result.leaks
    # Chaos in which nobody pays, or nothing breaks, would prove nothing.
    assert result.orders
    assert result.faults
