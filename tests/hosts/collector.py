"""Takes what the observers of a store send away, so that a test can read all of it."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.hosts.otlp import Point, points

SENTRY = "/api/1/envelope/"
TRACES = "/v1/traces"
METRICS = "/v1/metrics"


class Collector:
    """Sentry and an OpenTelemetry collector in one small server, on a free port."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reports: list[tuple[str, bytes]] = []
        self._start = 0
        """From which report on `text` and `events` read."""
        collector = self

        class Report(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                encoding = self.headers.get("Content-Encoding")
                assert encoding in (None, "gzip"), encoding
                if encoding:
                    body = gzip.decompress(body)
                with collector._lock:
                    collector._reports.append((self.path, body))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *details: Any) -> None:
                """Be silent: the output is that of the tests."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Report)
        self._server.daemon_threads = True
        self._address = f"127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What an owner sets to have a store observed."""
        return {
            "SENTRY_DSN": f"http://public-key@{self._address}/1",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{self._address}",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_METRICS_EXPORTER": "otlp",
            # In milliseconds: a test waits for them.
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "OTEL_METRIC_EXPORT_INTERVAL": "2000",
        }

    @contextmanager
    def from_now_on(self) -> Iterator[None]:
        """Read only what arrives in one block."""
        self._start = len(self._reports)
        try:
            yield
        finally:
            self._start = 0

    def text(self, path: str = "") -> str:
        """All that has arrived at a path, or anywhere.

        The strings in protobuf are plain UTF-8.
        """
        return "\n".join(body.decode(errors="replace") for body in self._bodies(path))

    def points(self) -> set[Point]:
        """All that was measured so far, without the numbers."""
        return {point for body in self._bodies(METRICS) for point in points(body)}

    def events(self) -> list[dict[str, Any]]:
        """Sentry's events so far, without its transactions, sessions and logs."""
        return [
            json.loads(payload)
            for header, payload in self._items()
            if header["type"] == "event"
        ]

    def _bodies(self, path: str) -> list[bytes]:
        with self._lock:
            return [
                body for at, body in self._reports[self._start :] if at.startswith(path)
            ]

    def _items(self) -> list[tuple[dict[str, Any], bytes]]:
        """The items of all envelopes: https://develop.sentry.dev/sdk/envelopes/."""
        items = []
        for envelope in self._bodies(SENTRY):
            _, _, rest = envelope.partition(b"\n")
            while rest.strip():
                line, _, rest = rest.partition(b"\n")
                header = json.loads(line)
                items.append((header, rest[: header["length"]]))
                rest = rest[header["length"] :].lstrip(b"\n")
        return items

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
