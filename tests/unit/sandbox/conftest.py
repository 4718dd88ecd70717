"""A sandbox in this process, served over real HTTP."""

import socket
import threading
from collections.abc import Generator, Iterator

import pytest
import uvicorn

from dgspay_plugin.sandbox.app import create_app
from dgspay_plugin.sandbox.connection import CuttableConnection
from dgspay_plugin.sandbox.settings import Settings

from .client import Merchant
from .store import Store


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    yield from serve(Settings(webhook_retry_delays=(0.05, 0.05)))


@pytest.fixture
def merchant(url: str) -> Iterator[Merchant]:
    with Merchant(url) as merchant:
        merchant.control("POST", "/reset")
        yield merchant


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as store:
        yield store


def serve(settings: Settings) -> Generator[str]:
    """Serve a sandbox on a free port until the generator is closed."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(settings),
        http=CuttableConnection,
        ws="none",
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        # The socket listens already: a request waits until the server takes it.
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()
