import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from dgspay_plugin.provider.connections import forget_connections

from .raw_server import Behaviour, RawServer


@pytest.fixture(autouse=True)
def direct_and_fresh_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No proxy of this machine, and no connection that another test left open."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    forget_connections()
    yield
    forget_connections()


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], RawServer]]:
    with ExitStack() as servers:
        yield lambda behaviour: servers.enter_context(RawServer(behaviour))
