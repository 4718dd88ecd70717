"""GraphQL over HTTP (``saleor.graphql.views``)."""

import json
import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from graphql.error import GraphQLError
from graphql.error import format_error as format_graphql_error
from saleor.core.exceptions import PermissionDenied

from .. import NOTICE
from .access import user_of
from .schema import schema

handled_errors_logger = logging.getLogger("saleor.graphql.errors.handled")
unhandled_errors_logger = logging.getLogger("saleor.graphql.errors.unhandled")

PUBLIC_ERRORS = (GraphQLError, PermissionDenied, ValidationError)
INTERNAL_ERROR_MESSAGE = "Internal Server Error"


def front_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{NOTICE}\nGraphQL is at /graphql/.\n", "text/plain")


def graphql(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return front_page(request)
    try:
        call = json.loads(request.body)
        query, variables = call["query"], call.get("variables")
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse(
            {"errors": [{"message": "Must provide query."}]}, status=400
        )
    request.user = user_of(request)
    result = schema.execute(
        query,
        variable_values=variables,
        operation_name=call.get("operationName"),
        context_value=request,
    )
    answer: dict[str, Any] = {}
    if result.errors:
        answer["errors"] = [_format_error(error) for error in result.errors]
    if not result.invalid:
        answer["data"] = result.data
    return JsonResponse(answer, status=400 if result.invalid else 200)


def _format_error(error: Exception) -> dict[str, Any]:
    cause = error
    while isinstance(cause, GraphQLError) and hasattr(cause, "original_error"):
        cause = cause.original_error
    answer = (
        format_graphql_error(error)
        if isinstance(error, GraphQLError)
        else {"message": str(error)}
    )
    if isinstance(cause, PUBLIC_ERRORS):
        handled_errors_logger.debug("A query had an error", exc_info=cause)
    else:
        unhandled_errors_logger.error("A query failed unexpectedly", exc_info=cause)
        answer["message"] = INTERNAL_ERROR_MESSAGE
    answer["extensions"] = {"exception": {"code": type(cause).__name__}}
    return answer
