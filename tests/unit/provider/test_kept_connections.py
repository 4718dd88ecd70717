"""What is sent to the byte, and the connections that are kept for it."""

import base64
import gzip
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dgspay_plugin.provider.errors import (
    OutcomeUnknown,
)
from tests.hosts.network import free_port

from .api import ACCOUNT_NUMBER, ANSWER, API_KEY, charge
from .certificates import certificate_for_this_machine
from .raw_server import (
    RawServer,
    Serve,
    answering,
    hang_up,
)


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
