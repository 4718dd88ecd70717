"""What watches the store, and must not see a payment's secrets.

Sentry, Django's error pages, Saleor's traces and its reports of API calls take whatever
is at hand: bodies of requests, local variables, texts of GraphQL documents and errors.
Each module here stands before one of them, with `redaction` in its hand; `gaps` says
what is left to the owner.
"""

from django.conf import settings

from dgspay_plugin.observers import sentry

# Settings that name an observer's class: the default, and ours in its place.
REDACTING_CLASSES = {
    "DEFAULT_EXCEPTION_REPORTER": (
        "django.views.debug.ExceptionReporter",
        "dgspay_plugin.observers.error_pages.RedactingExceptionReporter",
    ),
    "TELEMETRY_TRACER_CLASS": (
        "saleor.core.telemetry.trace.Tracer",
        "dgspay_plugin.observers.traces.RedactingTracer",
    ),
}


def install() -> None:
    """Stand before every observer, before the first request.

    Saleor reads the settings when it starts to serve, and Django at each error. A
    class that the owner has chosen stays. What is not in use is not loaded.
    """
    sentry.install()
    for name, (default, redacting) in REDACTING_CLASSES.items():
        if getattr(settings, name, None) == default:
            setattr(settings, name, redacting)
    if getattr(settings, "OBSERVABILITY_ACTIVE", False):
        from dgspay_plugin.observers import api_reports

        api_reports.install()
