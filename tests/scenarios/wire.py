"""The wire between the store and its provider, with a meter on it."""

import socket
import socketserver
import threading
from types import TracebackType
from typing import Self


class Wire:
    """Passes TCP connections on to a port of this machine and counts them."""

    def __init__(self, to_port: int) -> None:
        self.opened = 0
        """How many connections were made in all."""
        self._lock = threading.Lock()
        wire = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with wire._lock:
                    wire.opened += 1
                with socket.create_connection(("127.0.0.1", to_port)) as far_end:
                    back = threading.Thread(target=_pump, args=(far_end, self.request))
                    back.start()
                    _pump(self.request, far_end)
                    back.join()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

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
        self._server.socket.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass on all that comes until one side closes, and close the other."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        sink.close()
