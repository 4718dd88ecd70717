"""How a request to DGS-Pay can fail, by what the caller may do next."""

from typing import ClassVar


class ProviderError(Exception):
    """A request to DGS-Pay that brought no usable answer. Holds no card data."""

    kind: ClassVar[str]
    """Its name among the answers of `dgspay_plugin.metrics.LABELS`."""

    @property
    def why(self) -> str:
        """What to store of it: nothing of the provider's own words."""
        return str(self)


class NotSent(ProviderError):
    """No connection was made, so nothing reached DGS-Pay. Safe to send again."""

    kind = "not_sent"


class Refused(ProviderError):
    """DGS-Pay answered that it did not act: error 90, 91 or 92 (or a 4xx without one).

    The same request will be refused again.
    """

    kind = "refused"

    def __init__(self, error_code: str, message: str) -> None:
        super().__init__(f"DGS-Pay refused the request, error {error_code}: {message}")
        self.error_code = error_code

    @property
    def why(self) -> str:
        return f"refused, error {self.error_code}"

    @property
    def is_by_dgspay(self) -> bool:
        """Whether it carries an error code of DGS-Pay's, not only an HTTP status."""
        return self.error_code.isdigit()


def is_about_credentials(error: ProviderError) -> bool:
    """Whether DGS-Pay does not accept who asks: error 91, or HTTP 401 or 403."""
    return isinstance(error, Refused) and error.error_code in (
        "91",
        "HTTP 401",
        "HTTP 403",
    )


class NotFound(Refused):
    """DGS-Pay does not know what was asked for: error 92."""

    kind = "not_found"


class OutcomeUnknown(ProviderError):
    """The request was sent and may have taken effect. Ask before sending another.

    It says why in words of ours: the HTTP status, the error code, or which field.
    """

    kind = "unknown"
