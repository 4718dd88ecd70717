"""A server connection that can be cut, which no ASGI message can ask for."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

_HANG_UP = "dgspay.sandbox.hang_up"


class CuttableConnection(H11Protocol):
    """Hand the connection's own ``close`` to the application with each request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio does this itself only for sockets that were made with the protocol
        # named; without it each answer waits 40 ms for the client's delayed ACK.
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        application = self.app

        async def with_hang_up(scope: Any, receive: Any, send: Any) -> None:
            scope[_HANG_UP] = transport.close
            await application(scope, receive, send)

        self.app = with_hang_up


async def hang_up(request: Request) -> None:
    """Close the connection after what was sent so far, in mid-answer if need be."""
    close: Callable[[], None] = request.scope[_HANG_UP]
    close()
    # Gives the server its turn to see the connection gone, so that it does not
    # take the missing answer for a fault of the application.
    await asyncio.sleep(0)
