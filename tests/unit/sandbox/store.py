"""A store that hears webhooks and answers them as a test wants."""

import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Delivery:
    body: bytes
    signature: str
    content_type: str


class Store:
    def __init__(self) -> None:
        self.heard: list[Delivery] = []
        self.answers: list[int] = []
        """Statuses of the next answers; 200 when there are none left."""
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                store.heard.append(
                    Delivery(
                        body,
                        self.headers["X-DGS-Signature"],
                        self.headers["Content-Type"],
                    )
                )
                self.send_response(store.answers.pop(0) if store.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook/"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, count: int, seconds: float = 5) -> list[Delivery]:
        """Return when so many webhooks were heard; fail when they never come."""
        deadline = time.monotonic() + seconds
        while len(self.heard) < count:
            assert time.monotonic() < deadline, f"heard {len(self.heard)} of {count}"
            time.sleep(0.01)
        return list(self.heard)

    def hears_no_more_than(self, count: int, seconds: float = 0.4) -> bool:
        time.sleep(seconds)
        return len(self.heard) == count
