"""The owner is told of each observer that the plugin cannot keep from card data."""

import logging
from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.utils.log import AdminEmailHandler
from django.views.debug import ExceptionReporter

from dgspay_plugin.observers.gaps import ERRORS_WITH_VALUES, gaps


class OwnReporter(ExceptionReporter):
    """As an owner may have one."""


@pytest.fixture(autouse=True)
def quiet_logger() -> Iterator[None]:
    logger = logging.getLogger(ERRORS_WITH_VALUES)
    logger.setLevel(logging.INFO)
    yield
    logger.setLevel(logging.NOTSET)


def test_none() -> None:
    assert list(gaps()) == []


@override_settings(DEFAULT_EXCEPTION_REPORTER=f"{__name__}.OwnReporter")
def test_reporter_of_the_owner() -> None:
    (gap,) = gaps()

    assert gap.startswith(f"DEFAULT_EXCEPTION_REPORTER is {__name__}.OwnReporter")


@override_settings(ADMINS=[("Owner", "owner@shop.example")])
def test_mails() -> None:
    logger = logging.getLogger("django.request.of_this_test")
    handler = AdminEmailHandler(reporter_class=f"{__name__}.OwnReporter")
    logger.addHandler(handler)
    try:
        (gap,) = gaps()
    finally:
        logger.removeHandler(handler)

    assert gap.startswith("Errors are mailed")


def test_log_of_errors_with_values() -> None:
    logging.getLogger(ERRORS_WITH_VALUES).setLevel(logging.DEBUG)

    (gap,) = gaps()

    assert gap.startswith(f"The logger {ERRORS_WITH_VALUES} writes")


def test_sentry_that_is_not_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dgspay_plugin.observers.sentry.redact_client", lambda: False)

    (gap,) = gaps()

    assert gap.startswith("Sentry gets all")
