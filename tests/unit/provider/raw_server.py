"""A server that misbehaves below HTTP, which no mock of a library can."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Behaviour = Callable[[socket.socket], None]
"""What is done with a connection after each request that was read from it."""

SECONDS_TO_STOP = 10


class RawServer:
    """Serves on a port of 127.0.0.1, a thread per connection, until it is closed."""

    def __init__(
        self, behaviour: Behaviour, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._behaviour = behaviour
        self._tls = tls
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for connection in (self._listener, *self._open):
            # A close alone does not wake a thread that waits in accept or recv.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in self._threads:
            thread.join(SECONDS_TO_STOP)
            assert not thread.is_alive()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        # Either side may close it: for many a behaviour that is the point.
        with contextlib.suppress(OSError), self._secured(connection) as connection:
            while request := read_request(connection):
                with self._lock:
                    self.requests.append(request)
                self._behaviour(connection)

    def _secured(self, connection: socket.socket) -> socket.socket:
        if self._tls is None:
            return connection
        secured = self._tls.wrap_socket(connection, server_side=True)
        # It has taken the place of the one it was made of.
        self._open.append(secured)
        return secured


def read_request(connection: socket.socket) -> bytes:
    """One HTTP request with its body; nothing once the client has closed."""
    request = b""
    while b"\r\n\r\n" not in request:
        received = connection.recv(65536)
        if not received:
            return b""
        request += received
    head, _, body = request.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answering(
    body: bytes, *headers: bytes, status: bytes = b"200 OK", length: int | None = None
) -> Behaviour:
    """Answer with JSON, and claim that it is as long as it is, or as ``length``."""
    head = b"\r\n".join(
        (
            b"HTTP/1.1 " + status,
            b"Content-Type: application/json",
            b"Content-Length: %d" % (len(body) if length is None else length),
            *headers,
        )
    )

    def behave(connection: socket.socket) -> None:
        connection.sendall(head + b"\r\n\r\n" + body)

    return behave


def sending(raw: bytes) -> Behaviour:
    """Send these very bytes and close."""

    def behave(connection: socket.socket) -> None:
        if raw:
            connection.sendall(raw)
        hang_up(connection)

    return behave


def hang_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def stay_silent(connection: socket.socket) -> None:
    """Keep the connection open without a word."""


Serve = Callable[[Behaviour], RawServer]
