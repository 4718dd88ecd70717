"""Saleor's traces, by OpenTelemetry's own SDK: no span is told a payment's secret."""

import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import Span, Status, StatusCode, get_current_span

from tests.unit.browser import card_data
from tests.unit.leaks import found_in

MODULE = "dgspay_plugin.observers.traces"


class Tracer:
    """As in saleor/core/telemetry/trace.py: a span is started by the SDK."""

    provider: TracerProvider

    def start_span(self, name: str, **options: Any) -> Span:
        return self.provider.get_tracer("saleor").start_span(name, **options)


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module, as it is loaded where Saleor has telemetry."""
    saleors: Any = SimpleNamespace(Tracer=Tracer)
    for name in ("saleor.core.telemetry", "saleor.core.telemetry.trace"):
        monkeypatch.setitem(sys.modules, name, saleors)
    yield import_module(MODULE)
    del sys.modules[MODULE]


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(Tracer, "provider", provider, raising=False)
    return exporter


@pytest.fixture
def step() -> dict[str, Any]:
    return card_data()


@pytest.fixture
def secrets(step: dict[str, Any]) -> list[str]:
    return [str(value) for name, value in step.items() if name != "type"]


def test_nothing_that_a_span_is_told_later_is_secret(
    traces: ModuleType,
    exporter: InMemorySpanExporter,
    step: dict[str, Any],
    secrets: list[str],
) -> None:
    document = f"mutation {step}"
    tracer = traces.RedactingTracer()
    linked = tracer.start_span("linked").get_span_context()

    with tracer.start_as_current_span("request") as span:
        assert get_current_span() is span
        span.update_name(document)
        span.set_attribute("graphql.document", document)
        span.set_attributes({"graphql.variables": document, "kept": 7})
        span.add_event(document, {"document": document})
        span.add_link(linked, {"document": document})
        span.set_status(Status(StatusCode.ERROR, document))

    [told] = exporter.get_finished_spans()
    assert told.name.startswith("mutation")
    assert told.attributes
    assert told.attributes["kept"] == 7
    assert told.status.status_code is StatusCode.ERROR
    assert len(told.events) == len(told.links) == 1
    assert not found_in(all_of(told), secrets)


def test_error_is_told_without_secrets(
    traces: ModuleType,
    exporter: InMemorySpanExporter,
    step: dict[str, Any],
    secrets: list[str],
) -> None:
    tracer = traces.RedactingTracer()
    with (
        pytest.raises(RuntimeError, match="broken"),
        tracer.start_as_current_span("request"),
    ):
        raise RuntimeError(f"broken: {step}")

    [told] = exporter.get_finished_spans()
    [event] = told.events
    attributes = dict(event.attributes or {})
    assert str(attributes["exception.message"]).startswith("broken: ")
    assert "RuntimeError" in str(attributes["exception.stacktrace"])
    assert not found_in(all_of(told), secrets)


def test_status_by_its_code_alone(
    traces: ModuleType, exporter: InMemorySpanExporter
) -> None:
    span = traces.RedactingTracer().start_span("request")
    span.set_status(StatusCode.OK)
    assert span.is_recording()
    span.end()

    [told] = exporter.get_finished_spans()
    assert told.status.status_code is StatusCode.OK


def test_span_that_records_nothing_is_left_alone(
    traces: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = TracerProvider(sampler=ALWAYS_OFF)
    monkeypatch.setattr(Tracer, "provider", provider, raising=False)
    span = traces.RedactingTracer().start_span("request")
    assert not isinstance(span, traces._RedactingSpan)


def all_of(span: ReadableSpan) -> str:
    """Whatever an exporter could send of it."""
    return span.to_json() + repr([event.attributes for event in span.events])
