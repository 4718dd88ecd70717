"""Saleor's reports of API calls leave for an app without a payment's secrets."""

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.unit.browser import card_data
from tests.unit.leaks import found_in

MODULE = "dgspay_plugin.observers.api_reports"


class BaseBuffer:
    """As in saleor/webhook/observability/buffers.py, which packs it besides."""

    def encode(self, report: bytes) -> bytes:
        return b"packed: " + report


@pytest.fixture
def api_reports(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module, as it is loaded where Saleor reports API calls."""
    buffers: Any = SimpleNamespace(BaseBuffer=BaseBuffer)
    monkeypatch.setitem(sys.modules, "saleor.webhook", ModuleType("saleor.webhook"))
    monkeypatch.setitem(
        sys.modules, "saleor.webhook.observability", ModuleType("observability")
    )
    monkeypatch.setitem(sys.modules, "saleor.webhook.observability.buffers", buffers)
    # Put back what `install` replaces.
    monkeypatch.setattr(BaseBuffer, "encode", BaseBuffer.encode)
    yield import_module(MODULE)
    del sys.modules[MODULE]


def test_report_is_packed_without_secrets(api_reports: ModuleType) -> None:
    step = card_data()
    report = {"query": f"mutation {{ x(paymentData: {json.dumps(json.dumps(step))}) }}"}
    secrets = [str(value) for name, value in step.items() if name != "type"]

    api_reports.install()
    packed = BaseBuffer().encode(json.dumps(report).encode()).decode()

    assert packed.startswith('packed: {"query": "mutation { x(paymentData: ')
    assert not found_in(packed, secrets)


def test_it_is_installed_once(api_reports: ModuleType) -> None:
    assert not api_reports.is_redacted()
    api_reports.install()
    installed = BaseBuffer.encode
    api_reports.install()

    assert api_reports.is_redacted()
    assert BaseBuffer.encode is installed
