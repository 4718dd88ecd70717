"""No answer outlives the time that there is for it, however slowly it drips."""

import itertools
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dgspay_plugin.provider.errors import NotSent, OutcomeUnknown, ProviderError

from .api import charge_request, client_of
from .certificates import certificate_for_this_machine
from .raw_server import Behaviour, RawServer, Serve, answering, hang_up

TIME_BUDGET = 0.4
TOO_LATE_BY = 1.0
PAUSE = 0.02
# So that a client without a deadline fails in the end too.
MOST_DRIPS = 500
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def dripping(first: bytes, drips: Iterable[bytes]) -> Behaviour:
    """Send this at once and then a drip at a time, each before a read times out."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(first)
        for drip in itertools.islice(drips, MOST_DRIPS):
            connection.sendall(drip)
            time.sleep(PAUSE)

    return behave


DRIPS = {
    "silence": dripping(b"", []),
    "a byte of the status": dripping(b"HTTP/1.1 200 ", itertools.repeat(b"O")),
    "a header": dripping(HEAD, itertools.repeat(b"X-Drip: 1\r\n")),
    "a byte of a header": dripping(HEAD + b"X-Drip: ", itertools.repeat(b"1")),
    "an interim answer": dripping(
        b"", itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n")
    ),
    "a header of an interim answer": dripping(
        b"HTTP/1.1 100 Continue\r\n", itertools.repeat(b"X-Drip: 1\r\n")
    ),
    "a byte of the body": dripping(
        HEAD + b"Content-Length: 1000\r\n\r\n", itertools.repeat(b" ")
    ),
    "a byte of a body of no length": dripping(HEAD + b"\r\n", itertools.repeat(b" ")),
    "a chunk": dripping(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n", itertools.repeat(b"1\r\n \r\n")
    ),
    "a byte of a chunk": dripping(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3e8\r\n", itertools.repeat(b" ")
    ),
    "a byte of a chunk's extension": dripping(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;drip=", itertools.repeat(b"1")
    ),
    "a trailer": dripping(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n",
        itertools.repeat(b"X-Drip: 1\r\n"),
    ),
}


@pytest.fixture(params=["straight", "TLS", "a proxy", "TLS and a proxy"])
def address_of(
    request: pytest.FixtureRequest,
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Callable[[Behaviour], str]]:
    """The address of a server with a behaviour, each way that leads there."""
    with ExitStack() as servers:

        def straight(behaviour: Behaviour) -> str:
            return serve(behaviour).url

        def by_tls(behaviour: Behaviour) -> str:
            certificate = certificate_for_this_machine(tmp_path)
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            server = servers.enter_context(RawServer(behaviour, tls=tls))
            return server.url.replace("http:", "https:")

        def by_proxy(behaviour: Behaviour) -> str:
            monkeypatch.setenv("http_proxy", serve(behaviour).url)
            return "http://dgspay.example"

        def by_tls_and_proxy(behaviour: Behaviour) -> str:
            address = by_tls(behaviour)
            monkeypatch.setenv("https_proxy", serve(tunnel_to(address)).url)
            return address

        yield {
            "straight": straight,
            "TLS": by_tls,
            "a proxy": by_proxy,
            "TLS and a proxy": by_tls_and_proxy,
        }[request.param]


def tunnel_to(address: str) -> Behaviour:
    """What a proxy does that was asked to CONNECT."""

    def behave(client: socket.socket) -> None:
        target = urlsplit(address)
        with (
            socket.create_connection((target.hostname, target.port)) as server,
            selectors.DefaultSelector() as both,
        ):
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            readable = {client.fileno(): client, server.fileno(): server}
            both.register(client, selectors.EVENT_READ, server)
            both.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in both.select():
                    received = readable[key.fd].recv(65536)
                    if not received:
                        hang_up(client)
                        return
                    key.data.sendall(received)

    return behave


@pytest.mark.parametrize("drip", DRIPS)
def test_answer_that_drips(address_of: Callable[[Behaviour], str], drip: str) -> None:
    assert isinstance(fails_in_time(address_of(DRIPS[drip])), OutcomeUnknown)


@pytest.mark.parametrize(
    "drips",
    [
        pytest.param(dripping(b"", []), id="silence"),
        pytest.param(
            dripping(HEAD, itertools.repeat(b"X-Drip: 1\r\n")), id="answer to CONNECT"
        ),
        pytest.param(
            dripping(
                # The head of a TLS record, of which all must come.
                b"HTTP/1.1 200 Connection established\r\n\r\n\x16\x03\x03\x3f\xff",
                itertools.repeat(b"\x02"),
            ),
            id="TLS handshake",
        ),
    ],
)
def test_nothing_is_sent_where_connecting_drips(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, drips: Behaviour
) -> None:
    proxy = serve(drips)
    monkeypatch.setenv("https_proxy", proxy.url)
    assert isinstance(fails_in_time("https://dgspay.example"), NotSent)
    assert [request.split()[0] for request in proxy.requests] == [b"CONNECT"]


def test_connection_is_kept_after_a_slow_answer(serve: Serve) -> None:
    answer = b'{"dgs_reference": "DGS-1", "transaction_status": "pending"}'

    def slowly(connection: socket.socket) -> None:
        time.sleep(TIME_BUDGET / 2)
        answering(answer)(connection)

    server = serve(slowly)
    for _ in range(4):
        client_of(server.url, time_budget=TIME_BUDGET).transaction("DGS-1")
    assert len(server.requests) == 4
    assert server.connections == 1


def fails_in_time(url: str) -> ProviderError:
    client = client_of(url, time_budget=TIME_BUDGET)
    started_at = time.monotonic()
    with pytest.raises(ProviderError) as failed:
        client.charge(charge_request(), "key-1")
    assert time.monotonic() - started_at < TIME_BUDGET + TOO_LATE_BY
    return failed.value
