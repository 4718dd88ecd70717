"""What still sees a payment's secrets, and only the store's owner can mend."""

import logging
from collections.abc import Iterator

from django.conf import settings
from django.utils.log import AdminEmailHandler
from django.utils.module_loading import import_string

from dgspay_plugin.observers import REDACTING_CLASSES, sentry
from dgspay_plugin.observers.error_pages import RedactingExceptionReporter

# What a customer sent stands in the texts of GraphQL's own errors.
ERRORS_WITH_VALUES = "saleor.graphql.errors.handled"


def gaps() -> Iterator[str]:
    """A sentence for each, with what to do."""
    if sentry.redact_client() is False:
        yield (
            "Sentry gets all that was sent with a payment. Report this, with the "
            "version of sentry-sdk, and unset SENTRY_DSN until it is mended."
        )
    yield from _classes_of_the_owner()
    if settings.ADMINS and any(map(_mails_everything, _handlers())):
        yield (
            "Errors are mailed with all that was sent with a payment. Give the "
            "AdminEmailHandler of LOGGING this reporter_class: "
            f"{_path(RedactingExceptionReporter)}."
        )
    if logging.getLogger(ERRORS_WITH_VALUES).isEnabledFor(logging.DEBUG):
        yield (
            f"The logger {ERRORS_WITH_VALUES} writes what customers send. Set its "
            "level in LOGGING to INFO, as Saleor does."
        )


def _classes_of_the_owner() -> Iterator[str]:
    for name, (_, redacting) in REDACTING_CLASSES.items():
        chosen = getattr(settings, name, None)
        if chosen and not issubclass(import_string(chosen), import_string(redacting)):
            yield (
                f"{name} is {chosen}, which may tell what was sent with a payment. "
                f"Derive it from {redacting}."
            )


def _handlers() -> Iterator[logging.Handler]:
    loggers = logging.Logger.manager.loggerDict.values()
    for logger in [logging.getLogger(), *loggers]:
        if isinstance(logger, logging.Logger):
            yield from logger.handlers


def _mails_everything(handler: logging.Handler) -> bool:
    return isinstance(handler, AdminEmailHandler) and not issubclass(
        handler.reporter_class, RedactingExceptionReporter
    )


def _path(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
