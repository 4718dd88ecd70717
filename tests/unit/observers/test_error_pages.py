"""Django's page about an exception shows the frames, and no secret in them."""

import json
import logging
import sys

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.utils.log import AdminEmailHandler
from django.views.debug import technical_500_response

from dgspay_plugin.observers.error_pages import RedactingExceptionReporter
from tests.unit.browser import card_data
from tests.unit.leaks import found_in

REPORTER = "dgspay_plugin.observers.error_pages.RedactingExceptionReporter"


@pytest.fixture
def step() -> dict[str, object]:
    return card_data()


@pytest.fixture
def secrets(step: dict[str, object]) -> list[str]:
    return [str(value) for name, value in step.items() if name != "type"]


def failed_request(step: dict[str, object], accept: str) -> tuple[HttpRequest, str]:
    request = RequestFactory().post(
        "/graphql/", {"paymentData": json.dumps(step)}, headers={"accept": accept}
    )
    try:
        body = request.body  # noqa: F841
        data = {"variables": {"paymentData": json.dumps(step)}}  # noqa: F841
        raise RuntimeError(f"broken: {step}")
    except RuntimeError:
        page = technical_500_response(request, *sys.exc_info()).content.decode()
    return request, page


@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
@override_settings(DEBUG=True)
def test_page(step: dict[str, object], secrets: list[str], accept: str) -> None:
    assert settings.DEFAULT_EXCEPTION_REPORTER == REPORTER

    _, page = failed_request(step, accept)

    assert "RuntimeError" in page
    assert "failed_request" in page
    assert not found_in(page, secrets)


@override_settings(ADMINS=[("Owner", "owner@shop.example")], EMAIL_BACKEND="")
@pytest.mark.parametrize("include_html", [True, False])
def test_mail(
    step: dict[str, object],
    secrets: list[str],
    include_html: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mails: list[str] = []
    handler = AdminEmailHandler(include_html=include_html)
    assert handler.reporter_class is RedactingExceptionReporter
    monkeypatch.setattr(
        handler,
        "send_mail",
        lambda *texts, html_message=None, **_: mails.append(f"{texts} {html_message}"),
    )
    request, _ = failed_request(step, "text/html")
    try:
        raise RuntimeError(f"broken: {step}")
    except RuntimeError:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 0, "failed", None, sys.exc_info()
        )
    record.request = request

    handler.emit(record)

    assert "RuntimeError" in mails[0]
    assert not found_in(mails[0], secrets)
