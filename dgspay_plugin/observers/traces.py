"""Saleor's traces: a span is named by its GraphQL document and told of each error."""

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry.semconv.attributes.exception_attributes import (
    EXCEPTION_MESSAGE,
    EXCEPTION_STACKTRACE,
)
from opentelemetry.trace import Span, SpanContext, Status, StatusCode, use_span
from saleor.core.telemetry.trace import Tracer

from dgspay_plugin.observers.redaction import redacted


class RedactingTracer(Tracer):
    """For Saleor's setting ``TELEMETRY_TRACER_CLASS``."""

    @contextmanager
    def start_as_current_span(
        self,
        name: str,
        *,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
        end_on_exit: bool = True,
        **options: Any,
    ) -> Iterator[Span]:
        with use_span(
            self.start_span(name, **options),
            end_on_exit=end_on_exit,
            record_exception=record_exception,
            set_status_on_exception=set_status_on_exception,
        ) as span:
            yield span

    def start_span(self, name: str, **options: Any) -> Span:
        """Saleor's code says what a span is at first; a request adds to it later."""
        span = super().start_span(name, **options)
        return _RedactingSpan(span) if span.is_recording() else span


class _RedactingSpan(Span):
    """A span that is told nothing secret.

    There may be hundreds for a request: the names of attributes are not read.
    """

    def __init__(self, span: Span) -> None:
        self._span = span

    def end(self, end_time: int | None = None) -> None:
        self._span.end(end_time)

    def get_span_context(self) -> SpanContext:
        return self._span.get_span_context()

    def is_recording(self) -> bool:
        return bool(self._span.is_recording())

    def add_link(
        self, context: SpanContext, attributes: Mapping[str, Any] | None = None
    ) -> None:
        self._span.add_link(context, redacted(attributes))

    def update_name(self, name: str) -> None:
        self._span.update_name(redacted(name))

    def set_attribute(self, key: str, value: Any) -> None:
        self._span.set_attribute(key, redacted(value))

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        for key, value in attributes.items():
            self.set_attribute(key, value)

    def add_event(
        self,
        name: str,
        attributes: Mapping[str, Any] | None = None,
        timestamp: int | None = None,
    ) -> None:
        self._span.add_event(redacted(name), redacted(attributes), timestamp)

    def set_status(
        self, status: Status | StatusCode, description: str | None = None
    ) -> None:
        if isinstance(status, Status):
            status, description = status.status_code, status.description
        self._span.set_status(status, redacted(description))

    def record_exception(
        self,
        exception: BaseException,
        attributes: Mapping[str, Any] | None = None,
        timestamp: int | None = None,
        escaped: bool = False,
    ) -> None:
        texts = {
            EXCEPTION_MESSAGE: str(exception),
            EXCEPTION_STACKTRACE: "".join(traceback.format_exception(exception)),
        }
        self._span.record_exception(
            exception, redacted({**texts, **(attributes or {})}), timestamp, escaped
        )
