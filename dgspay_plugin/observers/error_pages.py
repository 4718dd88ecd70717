"""Django's page, and its mail, about an exception: frames with their variables."""

from typing import Any

from django.views.debug import ExceptionReporter

from dgspay_plugin.observers.redaction import redacted


class RedactingExceptionReporter(ExceptionReporter):
    """Tells what Django's own tells, without the secrets of payments.

    For the setting ``DEFAULT_EXCEPTION_REPORTER``, and for the ``reporter_class`` of a
    ``django.utils.log.AdminEmailHandler``, which is made before the plugin is loaded.
    """

    def get_traceback_data(self) -> dict[str, Any]:
        data: dict[str, Any] = redacted(super().get_traceback_data())
        return data
