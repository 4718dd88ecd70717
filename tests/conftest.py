"""A store and a provider, in processes of their own, for all suites that need them.

DGSPAY_HOSTS=slice or DGSPAY_HOSTS=saleor runs the suites on one host only.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosts.collector import Collector
from tests.hosts.saleor import SaleorHost, broken_saleor, missing_saleor
from tests.hosts.slice import SliceHost
from tests.not_run import pytest_terminal_summary  # noqa: F401 - a hook of pytest
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

if TYPE_CHECKING:
    from tests.hosts.host import Host

MISSING = {"saleor": None if broken_saleor() else missing_saleor()}
# Tests of a host that is not here are skipped by a mark: pytest then gives the reason
# once for each file. A host that is here and broken ends the run instead.
HOSTS = [
    pytest.param(name, marks=pytest.mark.skip(reason))
    if (reason := MISSING.get(name))
    else name
    for name in os.environ.get("DGSPAY_HOSTS", "slice,saleor").split(",")
]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let one process play a file on one host by one API (pytest-xdist, loadgroup)."""
    params = _params(item)
    shared = (item.location[0], params.get("host"), params.get("store"))
    item.add_marker(pytest.mark.xdist_group("-".join(map(str, shared))))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what fails in seconds come before what takes minutes.

    A process that goes to another host, or to the other API, starts anew. So it plays
    all that is left of one before it goes on.
    """
    items.sort(key=_when_it_is_played)


def _when_it_is_played(item: pytest.Item) -> tuple[bool, bool, str]:
    params = _params(item)
    needs_a_store = "host" in getattr(item, "fixturenames", ())
    return needs_a_store, params.get("host") == "saleor", params.get("store", "")


def _params(item: pytest.Item) -> dict[str, Any]:
    params: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    return params


class HostCannotStart(pytest.fail.Exception):  # type: ignore[name-defined]
    """A host is here, and broken: every test of it would fail for the same reason."""


def pytest_exception_interact(
    node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any]
) -> None:
    """End the run with the first host that cannot start."""
    if call.excinfo and isinstance(call.excinfo.value, HostCannotStart):
        node.session.shouldfail = "a host cannot start, see above"


@contextmanager
def running(name: str) -> Iterator["Host"]:
    """A new, observed host for one block; its plugin is not configured yet.

    Raises:
        HostCannotStart: The message says why.
    """
    with Collector() as collector, ExitStack() as started:
        try:
            host = _new_host(name, collector)
            started.callback(host.stop)
            host.start()
        except Exception as error:
            reason = f"The host {name} cannot start: {error}"
            raise HostCannotStart(reason, pytrace=False) from None
        yield host


def _new_host(name: str, collector: Collector) -> "Host":
    if name == "slice":
        return SliceHost(collector=collector)
    if reason := broken_saleor():
        raise RuntimeError(reason)
    return SaleorHost(collector=collector)


@pytest.fixture(scope="session", params=HOSTS)
def host(request: pytest.FixtureRequest) -> Iterator["Host"]:
    """Each host in turn, the same one for all suites."""
    with running(request.param) as host:
        yield host


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def store(host: "Host", sandbox: Sandbox) -> Store:
    """The host's store, taking payments with the sandbox in every channel."""
    store = Store(host)
    store.configure_for_sandbox(sandbox.url)
    return store
