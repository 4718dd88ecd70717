"""Breaks a function of the store for the length of the request that names it."""

from collections.abc import Callable
from unittest.mock import patch

from django.http import HttpRequest, HttpResponse

BROKEN = "broken by a test"

Handler = Callable[[HttpRequest], HttpResponse]


def break_what_the_request_names(get_response: Handler) -> Handler:
    """X-Break: the dotted path of what shall raise a RuntimeError."""

    def middleware(request: HttpRequest) -> HttpResponse:
        target = request.headers.get("X-Break")
        if target is None:
            return get_response(request)
        with patch(target, side_effect=RuntimeError(BROKEN)):
            return get_response(request)

    return middleware
