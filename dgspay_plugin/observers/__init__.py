"""What watches the store, and must not see a payment's secrets.

Sentry, Django's error pages and Saleor's traces take whatever is at hand when they
report: bodies of requests, local variables, texts of GraphQL documents and of errors.
Each module here stands at the door of one of them, with `redaction` in its hand.
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
    """Stand at every door, before the first request.

    Saleor reads the two settings when it starts to serve, and Django at each error. A
    class that the owner has chosen stays; ``dgspay_check`` tells them what to do.
    """
    sentry.install()
    for name, (default, redacting) in REDACTING_CLASSES.items():
        if getattr(settings, name, None) == default:
            setattr(settings, name, redacting)
