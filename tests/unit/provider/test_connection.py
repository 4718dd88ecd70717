"""What the client does when the network fails: only connecting is tried again."""

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from urllib3 import Timeout

from dgspay_plugin.provider.connections import Connections
from dgspay_plugin.provider.errors import (
    NotSent,
    OutcomeUnknown,
    ProviderError,
)
from tests.hosts.network import free_port
from tests.unit.leaks import found_in, shown_by

from .api import ANSWER, API_KEY, charge, charge_request, client_of
from .certificates import certificate_for_this_machine
from .raw_server import (
    Behaviour,
    RawServer,
    Serve,
    answering,
    hang_up,
    sending,
    stay_silent,
)

# Nothing was sent


def test_refused_connection_is_tried_three_times() -> None:
    pauses: list[float] = []
    with pytest.raises(NotSent, match="NewConnectionError"):
        charge(f"http://127.0.0.1:{free_port()}", sleep=pauses.append)
    assert pauses == [0.2, 1.0]


def test_provider_that_comes_back_gets_the_charge_once() -> None:
    port = free_port()
    servers: list[RawServer] = []

    def come_back(pause: float) -> None:
        servers.append(RawServer(answering(ANSWER), port))

    charge(f"http://127.0.0.1:{port}", sleep=come_back)
    with servers[0] as server:
        assert len(servers) == len(server.requests) == 1


def test_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    with pytest.raises(NotSent):
        charge("https://dgspay.invalid/generation/v2", sleep=pauses.append)
    assert len(pauses) == 2


def test_connect_timeout() -> None:
    pauses: list[float] = []
    # The queue of a listener that accepts nothing is soon full.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address), pytest.raises(NotSent):
            charge(
                f"http://127.0.0.1:{address[1]}",
                sleep=pauses.append,
                connect_timeout=0.05,
            )
    assert len(pauses) == 2


def test_untrusted_certificate(tmp_path: Path) -> None:
    pauses: list[float] = []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate_for_this_machine(tmp_path))
    with RawServer(answering(ANSWER), tls=tls) as server:
        with pytest.raises(NotSent, match="SSL"):
            charge(server.url.replace("http:", "https:"), sleep=pauses.append)
        assert server.connections == 3
        assert server.requests == []
    assert len(pauses) == 2


def test_proxy_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{free_port()}")
    pauses: list[float] = []
    with pytest.raises(NotSent):
        charge("https://dgspay.invalid/generation/v2", sleep=pauses.append)
    assert len(pauses) == 2


def test_proxy_that_opens_no_tunnel(
    monkeypatch: pytest.MonkeyPatch, serve: Serve
) -> None:
    proxy = serve(sending(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"))
    monkeypatch.setenv("https_proxy", proxy.url)
    with pytest.raises(NotSent):
        charge("https://dgspay.invalid/generation/v2")
    assert all(request.startswith(b"CONNECT ") for request in proxy.requests)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("https_proxy", "http://:8080"),
        ("https_proxy", "http://owner:proxy-password@[::"),
        ("REQUESTS_CA_BUNDLE", "/no/such/file.pem"),
    ],
)
def test_environment_that_names_no_way_to_connect(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(NotSent, match="no way to connect") as failed:
        charge("https://dgspay.invalid/generation/v2")
    assert found_in(shown_by(failed.value), [API_KEY, "proxy-password"]) == []


def test_time_that_is_used_up(serve: Serve) -> None:
    server = serve(answering(ANSWER))
    with pytest.raises(NotSent, match="no time"):
        charge(server.url, time_budget=0)
    assert server.connections == 0


def test_no_pause_that_the_time_left_has_no_room_for() -> None:
    pauses: list[float] = []
    with pytest.raises(NotSent):
        charge(f"http://127.0.0.1:{free_port()}", time_budget=5.5, sleep=pauses.append)
    assert pauses == [0.2]


# Something was sent, and may have had effect


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(hang_up, id="cut before the answer"),
        pytest.param(sending(b"HTTP/1.1 200 OK\r\nContent-Le"), id="cut in a header"),
        pytest.param(answering(ANSWER[:20], length=len(ANSWER)), id="slow in the body"),
        pytest.param(
            sending(b"HTTP/1.1 200 OK\r\nContent-Length: 59\r\n\r\n" + ANSWER[:20]),
            id="cut in the body",
        ),
        pytest.param(
            sending(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}"),
            id="cut in a chunk",
        ),
        pytest.param(sending(b"SSH-2.0-OpenSSH_9.2\r\n"), id="not HTTP"),
        pytest.param(
            answering(b"not gzip", b"Content-Encoding: gzip"), id="broken encoding"
        ),
        pytest.param(
            answering(b"", b"Location: http://[", status=b"302 Found"),
            id="led to an address that is none",
        ),
        pytest.param(
            answering(b"", b"Location: http://\xff/", status=b"302 Found"),
            id="led to an address that is no text",
        ),
        pytest.param(stay_silent, id="silence"),
    ],
)
def test_lost_answer_is_never_sent_for_again(
    serve: Serve, behaviour: Behaviour
) -> None:
    server = serve(behaviour)
    pauses: list[float] = []
    with pytest.raises(OutcomeUnknown):
        charge(server.url, sleep=pauses.append, read_timeout=0.2)
    assert len(server.requests) == 1
    assert pauses == []


def test_redirect_is_not_followed(serve: Serve) -> None:
    elsewhere = serve(answering(ANSWER))
    location = b"Location: " + elsewhere.url.encode()
    for status in (b"301 Moved", b"302 Found", b"303 See Other", b"307 Temporary"):
        server = serve(answering(b"{}", location, status=status))
        with pytest.raises(OutcomeUnknown, match="another address"):
            charge(server.url)
    assert elsewhere.connections == 0


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found", b"500 Oh"])
def test_endless_answer_is_given_up(serve: Serve, status: bytes) -> None:
    chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    sent_to_the_end = []

    def never_stop(connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 " + status + b"\r\nLocation: /\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        # Not really endless, so that a client that reads it all fails and ends.
        for _ in range(5_000):
            connection.sendall(chunk)
        sent_to_the_end.append(True)

    server = serve(never_stop)
    with pytest.raises(OutcomeUnknown, match="megabyte"):
        charge(server.url)
    assert sent_to_the_end == []


def test_calls_of_a_client_share_its_time(serve: Serve) -> None:
    server = serve(answering(ANSWER))
    now = 0.0
    time_left: list[object] = []

    class SlowConnections(Connections):
        def open(self, *arguments: Any, timeout: Timeout, **options: Any) -> Any:
            nonlocal now
            time_left.append(timeout.total)
            response = super().open(*arguments, timeout=timeout, **options)
            now += 24
            return response

    client = client_of(
        server.url,
        time_budget=50,
        connections=SlowConnections(server.url),
        clock=lambda: now,
    )
    client.charge(charge_request(), "key-1")
    client.transaction("DGS-1")
    client.transaction("DGS-1")
    with pytest.raises(NotSent, match="no time"):
        client.transaction("DGS-1")
    assert time_left == [50, 26, 2]


@given(
    st.binary(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                b"HTTP/1.1 200 OK\r\n",
                b"HTTP/1.1 302 Found\r\n",
                b"HTTP/1.1 999 \r\n",
                b"HTTP/1.1 100 Continue\r\n\r\n",
                b"Location: http://[::\r\n",
                b"Location: /\xff\xfe\r\n",
                b"Content-Length: 5, 6\r\n",
                b"Content-Length: -1\r\n",
                b"Content-Length: 9\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Content-Encoding: gzip\r\n",
                b"Date: Sat, 01 Jan 99999999999999999999 00:00:00 GMT\r\n",
                b"Set-Cookie: a=b; Domain=.rw; Expires=x\r\n",
                b"\r\n",
                b"ffffffffffffffffff\r\n",
                b"-5\r\n",
                ANSWER,
                b'{"error_code": "90"}',
            ]
        )
        | st.binary(max_size=20),
        max_size=8,
    ).map(b"".join)
)
@example(b"HTTP/1.1 302 Found\r\nLocation: http://[::\r\n\r\n")
@example(
    b"HTTP/1.1 200 OK\r\nDate: Sat, 01 Jan 99999999999999999999 00:00:00 GMT\r\n\r\n"
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_bytes_come_back_end_in_a_provider_error_or_an_answer(
    raw: bytes,
) -> None:
    with RawServer(sending(raw)) as server:
        try:
            charge(server.url)
        except ProviderError as error:
            assert not isinstance(error, NotSent)
        assert len(server.requests) == 1
