"""The storefront page of frontend_snippet/examples/plain, served for a store."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.hosts.host import Host

SNIPPET = Path(__file__).parents[2] / "frontend_snippet"
PAGE = "/examples/plain/"


@contextmanager
def storefront(host: Host, currency: str = "RWF") -> Iterator[str]:
    """Serve the page as long as the context lasts, and give its URL."""
    channel = host.channels[currency]
    config = {
        "graphqlUrl": f"{host.url}/graphql/",
        "channel": channel.slug,
        "variantId": channel.variant_id,
    }
    handler = partial(_Handler, directory=SNIPPET, config=config)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{PAGE}"
        finally:
            server.shutdown()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, config: dict[str, str], **kwargs: Any) -> None:
        self._config = config
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if self.path == "/config.json":
            self._send_config()
        else:
            super().do_GET()

    def _send_config(self) -> None:
        body = json.dumps(self._config).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Leave the terminal to the story."""
