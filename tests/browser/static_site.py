"""A folder, served over HTTP."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@contextmanager
def static_site(folder: Path, config: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve the folder as long as the context lasts, and give its URL.

    Args:
        config: what ``/config.json`` says, where the folder has no such file.
    """
    handler = partial(_QuietHandler, directory=folder, config=config)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


class _QuietHandler(SimpleHTTPRequestHandler):
    def __init__(
        self, *args: Any, config: Mapping[str, str] | None, **kwargs: Any
    ) -> None:
        self._config = config
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if self._config is not None and self.path == "/config.json":
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
        """Leave the terminal to the test run, or to the demo's story."""
