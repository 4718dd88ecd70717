"""What the client does when the network fails: only connecting is tried again."""

import base64
import gzip
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from urllib3 import Timeout

from dgspay_plugin.payment.card_data import Otp
from dgspay_plugin.provider import client as client_module
from dgspay_plugin.provider.connections import Connections
from dgspay_plugin.provider.errors import (
    NotSent,
    OutcomeUnknown,
    ProviderError,
)
from tests.hosts.network import free_port
from tests.unit.leaks import found_in, logged, shown_by

from .api import ACCOUNT_NUMBER, API_KEY, charge_request, client_of
from .certificates import certificate_for_this_machine
from .raw_server import (
    Behaviour,
    RawServer,
    answering,
    hang_up,
    sending,
)

ANSWER = b'{"dgs_reference": "DGS-1", "transaction_status": "pending"}'

Serve = Callable[[Behaviour], RawServer]


def stay_silent(connection: socket.socket) -> None:
    """Keep the connection open without a word."""


def charge(url: str, **options: Any) -> None:
    client_of(url, **options).charge(charge_request(), "key-1")


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


def test_connect_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(client_module, "CONNECT_TIMEOUT", 0.05)
    # The queue of a listener that accepts nothing is soon full.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address), pytest.raises(NotSent):
            charge(f"http://127.0.0.1:{address[1]}", sleep=pauses.append)
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
    serve: Serve, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "READ_TIMEOUT", 0.2)
    server = serve(behaviour)
    pauses: list[float] = []
    with pytest.raises(OutcomeUnknown):
        charge(server.url, sleep=pauses.append)
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


# Connections and what they carry


def test_charge_to_the_byte(serve: Serve) -> None:
    server = serve(answering(ANSWER))
    charge(f"{server.url}/generation/v2")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    request_line, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ") for line in lines)
    assert request_line == "POST /generation/v2/charges HTTP/1.1"
    assert headers.pop("User-Agent").startswith("python-urllib3/")
    assert headers == {
        "Host": server.url.removeprefix("http://"),
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "X-DGS-API-Key": API_KEY,
        "X-DGS-ACCOUNT-NUMBER": ACCOUNT_NUMBER,
        "X-Idempotency-Key": "key-1",
    }
    assert body.startswith(b'{"amount": 12000, "currency": "RWF", ')


def test_proxy_is_asked_for_the_whole_address(
    monkeypatch: pytest.MonkeyPatch, serve: Serve
) -> None:
    proxy = serve(answering(ANSWER))
    monkeypatch.setenv(
        "http_proxy", proxy.url.replace("http://", "http://owner:proxy-password@")
    )
    charge("http://dgspay.example/generation/v2")
    [request] = proxy.requests
    assert request.startswith(b"POST http://dgspay.example/generation/v2/charges ")
    credentials = base64.b64encode(b"owner:proxy-password")
    assert b"Proxy-Authorization: Basic " + credentials in request


def test_address_that_needs_no_proxy(
    monkeypatch: pytest.MonkeyPatch, serve: Serve
) -> None:
    server = serve(answering(ANSWER))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    charge(server.url)
    assert len(server.requests) == 1


def test_certificate_that_the_environment_vouches_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = certificate_for_this_machine(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with RawServer(answering(ANSWER), tls=tls) as server:
        charge(server.url.replace("http:", "https:"))
        assert len(server.requests) == 1


def test_connection_is_kept_for_the_next_plugin_instance(serve: Serve) -> None:
    server = serve(answering(ANSWER))
    for _ in range(5):
        charge(server.url)
    assert len(server.requests) == 5
    assert server.connections == 1


def test_connection_is_kept_after_an_error(serve: Serve) -> None:
    server = serve(answering(b'{"error_code": "99"}', status=b"500 Oh"))
    for _ in range(3):
        with pytest.raises(OutcomeUnknown):
            charge(server.url)
    assert server.connections == 1


def test_threads_share_the_connections(serve: Serve) -> None:
    server = serve(answering(ANSWER))
    threads = 8
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(charge, [server.url] * 40))
    assert len(server.requests) == 40
    assert server.connections <= threads


def test_connection_that_the_provider_closed_meanwhile(serve: Serve) -> None:
    closed = threading.Event()

    def answer_and_close(connection: socket.socket) -> None:
        answering(ANSWER)(connection)
        hang_up(connection)
        closed.set()

    server = serve(answer_and_close)
    charge(server.url)
    assert closed.wait(10)
    charge(server.url)
    assert len(server.requests) == server.connections == 2


def test_forked_worker_opens_connections_of_its_own() -> None:
    program = """
import os
from dgspay_plugin.provider.connections import shared_connections

url = "https://provider.example/v2"
connections = shared_connections(url)
assert shared_connections(url) is connections
child = os.fork()
if child == 0:
    os._exit(0 if shared_connections(url) is not connections else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert shared_connections(url) is connections
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_no_cookie_is_kept(serve: Serve) -> None:
    server = serve(answering(ANSWER, b"Set-Cookie: session=of-a-customer; Path=/"))
    charge(server.url)
    charge(server.url)
    assert not any(b"cookie" in request.lower() for request in server.requests)


# What must stay unsaid


@pytest.fixture(params=["refused", "cut", "silence", "HTML", "90", "99", "another"])
def failing_url(
    request: pytest.FixtureRequest, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setattr(client_module, "READ_TIMEOUT", 0.2)
    behaviours: dict[str, Behaviour] = {
        "cut": hang_up,
        "silence": stay_silent,
        "HTML": answering(b"<html>"),
        "90": answering(b'{"error_code": "90", "message": "no"}'),
        "99": answering(b'{"error_code": "99"}', status=b"500 Oh"),
        "another": answering(ANSWER.replace(b"DGS-1", b"DGS-2")),
    }
    if request.param == "refused":
        yield f"http://127.0.0.1:{free_port()}"
    else:
        yield serve(behaviours[request.param]).url


def test_no_failure_shows_what_was_sent(
    failing_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    request = charge_request()
    otp = "84Q207ZK"
    errors: list[ProviderError] = []
    client = client_of(failing_url)
    sends: list[Callable[[], object]] = [
        lambda: client.charge(request, "key-1"),
        lambda: client.authorize("DGS-1", Otp(auth_otp=SecretStr(otp))),
    ]
    for send in sends:
        try:
            send()
        except ProviderError as error:
            errors.append(error)
    assert errors
    secrets = [API_KEY, otp, "amina@example.com", *request.method.fields().values()]
    for raised in errors:
        assert found_in(shown_by(raised), secrets) == []
    assert found_in(logged(caplog.records), secrets) == []


@pytest.mark.parametrize("status", [b"200 OK", b"400 Bad", b"500 Oh"])
def test_card_data_that_the_provider_quotes_is_not_repeated(
    serve: Serve, status: bytes
) -> None:
    request = charge_request()
    for value in request.method.fields().values():
        body = b'{"error_code": "90", "message": "bad value %s"}' % value.encode()
        server = serve(answering(body, status=status))
        with pytest.raises(ProviderError) as raised:
            client_of(server.url).charge(request, "key-1")
        assert found_in(shown_by(raised.value), [value, value[:12]]) == []


@pytest.mark.parametrize("pause", [0, 0.002], ids=["at once", "byte by byte"])
@pytest.mark.parametrize("chunked", [False, True], ids=["of one length", "in chunks"])
def test_compressed_answer_is_read(serve: Serve, chunked: bool, pause: float) -> None:
    body = gzip.compress(ANSWER)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    if chunked:
        head += b"Transfer-Encoding: chunked\r\n\r\n"
        parts = [b"1\r\n%c\r\n" % byte for byte in body] + [b"0\r\n\r\n"]
    else:
        head += b"Content-Length: %d\r\n\r\n" % len(body)
        parts = [bytes([byte]) for byte in body]

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)

    charge(serve(answer).url)
