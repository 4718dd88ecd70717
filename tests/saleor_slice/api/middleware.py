from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .. import NOTICE


def announce_and_share(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Say on every answer that this is not Saleor, and let any storefront read it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        preflight = request.method == "OPTIONS"
        response = HttpResponse() if preflight else get_response(request)
        response["X-Notice"] = NOTICE
        response["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
        response["Access-Control-Allow-Credentials"] = "true"
        response["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        response["Access-Control-Allow-Headers"] = (
            "Origin, Content-Type, Accept, Authorization, Authorization-Bearer"
        )
        return response

    return middleware
