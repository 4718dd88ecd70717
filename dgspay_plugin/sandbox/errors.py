"""The API-level failures: the request was refused, no payment came of it."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """The ``error_code`` values of DGS-Pay's public pages."""

    VALIDATION = "90"
    AUTHENTICATION = "91"
    NOT_FOUND = "92"
    IDEMPOTENCY_CONFLICT = "93"
    SERVER_ERROR = "99"


HTTP_STATUS = {
    ErrorCode.VALIDATION: 400,
    ErrorCode.AUTHENTICATION: 401,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.IDEMPOTENCY_CONFLICT: 409,
    ErrorCode.SERVER_ERROR: 500,
}


class ApiError(Exception):
    """Answered as ``{"status": "failed", "error_code": ..., "message": ...}``.

    The message never repeats a value of the request: it may be card data.
    """

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
