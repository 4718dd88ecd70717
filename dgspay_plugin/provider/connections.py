"""The connections to DGS-Pay, shared by every plugin instance and thread."""

import os
import socket
import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry, Timeout
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    # urllib3 1.26, which Saleor 3.21 has, calls it otherwise.
    from urllib3 import BaseHTTPResponse

MOST_KEPT_OPEN = 64
# A redirect is one too.
NO_RETRIES = Retry(total=False)


class NotConnected(HTTPError):
    """There was no way through to DGS-Pay, so that nothing was sent."""


class _TimedReader(RawIOBase):
    """Reads a socket until the socket's timeout has passed, as a whole.

    A socket's own timeout is for each read of it: an answer that drips, a byte at a
    time, never meets it.
    """

    def __init__(self, raw: RawIOBase, connected: socket.socket) -> None:
        self._raw = raw
        self._socket = connected
        self._ends_at = time.monotonic() + (connected.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        seconds_left = self._ends_at - time.monotonic()
        if seconds_left <= 0:
            raise TimeoutError
        self._socket.settimeout(seconds_left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    """An answer, a proxy's too, all of which has to come within the timeout."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = BufferedReader(_TimedReader(self.fp.detach(), sock))


class _TimedConnection(HTTPConnection):
    """A connection whose timeouts are for the whole of what they are for."""

    response_class = _TimedResponse

    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, HTTPException, HTTPError) as error:
            raise NotConnected(type(error).__name__) from error

    def _new_conn(self) -> socket.socket:
        began_at = time.monotonic()
        connected = super()._new_conn()
        # A proxy and TLS have the rest of the time that there is to connect.
        left = (self.timeout or 0.0) - (time.monotonic() - began_at)
        connected.settimeout(max(left, 0.001))
        return connected


class Connections(HTTPAdapter):
    """The connections to one address, kept open.

    requests finds the proxy and the certificates that the environment names. For each
    request it would find them anew, and look for cookies and redirects, which takes
    longer than DGS-Pay's answer. So it is asked once, and urllib3 under it sends.
    """

    def __init__(self, base_url: str) -> None:
        """Open nothing yet.

        Raises:
            OSError, urllib3.exceptions.HTTPError: the environment names a proxy or
                certificates that cannot be used.
        """
        super().__init__(pool_connections=1, pool_maxsize=MOST_KEPT_OPEN)
        request = requests.Request("GET", base_url).prepare()
        environment = requests.Session().merge_environment_settings(
            base_url, proxies={}, stream=None, verify=None, cert=None
        )
        verify, proxies = environment["verify"], environment["proxies"]
        self._pool = self.get_connection_with_tls_context(request, verify, proxies)
        self.cert_verify(self._pool, base_url, verify, cert=None)
        # There are three kinds: plain, by TLS, and through a SOCKS proxy.
        kind = self._pool.ConnectionCls
        self._pool.ConnectionCls = type("Timed", (_TimedConnection, kind), {})
        # The path alone, or the whole address where a proxy is asked for it.
        self._base_url = self.request_url(request, proxies).rstrip("/")

    def open(
        self,
        method: str,
        path: str,
        *,
        body: str | None,
        headers: Mapping[str, str],
        timeout: Timeout,
    ) -> "BaseHTTPResponse":
        """Send a request once, follow no redirect, and leave the body to be read.

        Args:
            path: after the base URL, without a slash in front.
            timeout: what there is to connect, a proxy and TLS included, and to read
                the answer to its last byte.

        Raises:
            NotConnected: it failed before anything was sent.
            urllib3.exceptions.HTTPError: it failed later. So does reading the body.
        """
        return self._pool.urlopen(
            method,
            f"{self._base_url}/{path}",
            body=body,
            headers=headers,
            timeout=timeout,
            retries=NO_RETRIES,
            # A proxy has another host.
            assert_same_host=False,
            preload_content=False,
            # Without it urllib3 1.26 takes a body that was cut for a whole one.
            enforce_content_length=True,
        )


_by_address: dict[str, Connections] = {}


def shared_connections(base_url: str) -> Connections:
    """The connections to an address, the same ones for whoever asks."""
    if base_url not in _by_address:
        # Of two threads that come first, both get what one of them has made.
        _by_address.setdefault(base_url, Connections(base_url))
    return _by_address[base_url]


def forget_connections() -> None:
    """Let the next request open a connection of its own."""
    _by_address.clear()


# Two processes must not write to the same socket.
os.register_at_fork(after_in_child=forget_connections)
