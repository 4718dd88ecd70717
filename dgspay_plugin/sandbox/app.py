"""The sandbox as one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from .api import api_routes
from .control import control_routes
from .endpoint import failure
from .errors import ApiError
from .pages import page_routes
from .sandbox import Sandbox
from .settings import Settings


def create_app(settings: Settings) -> Starlette:
    """Build a sandbox with nothing in it.

    Serve it with ``connection.CuttableConnection``, or it cannot cut connections.
    Raises ValueError if the encryption key is not base64 of 32 bytes.
    """
    sandbox = Sandbox(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        sandbox.close()

    return Starlette(
        routes=[
            *page_routes(sandbox),
            *api_routes(sandbox),
            *control_routes(sandbox),
        ],
        exception_handlers={ApiError: _refuse},
        lifespan=lifespan,
    )


async def _refuse(request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return failure(error)
