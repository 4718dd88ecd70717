"""The connections to DGS-Pay, shared by every plugin instance and thread."""

import os
from collections.abc import Mapping

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, Retry, Timeout

MOST_KEPT_OPEN = 64
# A redirect is one too.
NO_RETRIES = Retry(total=False)


class Connections(HTTPAdapter):
    """The connections to one address, kept open.

    requests finds the way there, by the proxy and the certificates that the
    environment names. It would do so anew for each request, and look for cookies and
    redirects, which takes longer than the answer does: so it is asked once, and
    urllib3, on which it stands, sends.
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
        # The path alone, but for a proxy that is asked for the whole address.
        self._base_url = self.request_url(request, proxies).rstrip("/")

    def open(
        self,
        method: str,
        path: str,
        *,
        body: str | None,
        headers: Mapping[str, str],
        timeout: tuple[float, float],
    ) -> BaseHTTPResponse:
        """Send a request once, follow no redirect, and leave the body to be read.

        Args:
            path: after the base URL, without a slash in front.
            timeout: seconds to connect, and to wait for the next byte.

        Raises:
            urllib3.exceptions.HTTPError: it failed, before or after it was sent.
        """
        connect, read = timeout
        return self._pool.urlopen(
            method,
            f"{self._base_url}/{path}",
            body=body,
            headers=headers,
            timeout=Timeout(connect=connect, read=read),
            retries=NO_RETRIES,
            # A proxy's host is another.
            assert_same_host=False,
            preload_content=False,
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
