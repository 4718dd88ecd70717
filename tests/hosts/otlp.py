"""Reads the metrics in what an OpenTelemetry exporter sends (OTLP, protobuf).

The numbers of the fields are those of opentelemetry/proto/metrics/v1/metrics.proto and
common/v1/common.proto.
"""

from collections.abc import Iterator
from dataclasses import dataclass

SUM, HISTOGRAM = 7, 9


@dataclass(frozen=True)
class Point:
    """A metric with one set of labels."""

    metric: str
    unit: str
    kind: str
    labels: frozenset[tuple[str, str]]


def points(request: bytes) -> Iterator[Point]:
    """The sums and histograms of one ExportMetricsServiceRequest."""
    for resource in _messages(request, 1):
        for scope in _messages(resource, 2):
            for metric in _messages(scope, 2):
                yield from _points(metric)


def _points(metric: bytes) -> Iterator[Point]:
    name, unit = (b"".join(_messages(metric, field)).decode() for field in (1, 3))
    for field, kind, attributes in (
        (SUM, "counter", 7),
        (HISTOGRAM, "histogram", 9),
    ):
        for data in _messages(metric, field):
            for point in _messages(data, 1):
                labels = frozenset(map(_label, _messages(point, attributes)))
                yield Point(name, unit, kind, labels)


def _label(key_value: bytes) -> tuple[str, str]:
    [key], [value] = _messages(key_value, 1), _messages(key_value, 2)
    return key.decode(), b"".join(_messages(value, 1)).decode()


def _messages(message: bytes, number: int) -> list[bytes]:
    """All that a message has under a field's number: messages or texts."""
    return [value for field, value in _fields(message) if field == number]


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Those of a length of their own; numbers are passed over."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        match key & 7:
            case 0:
                _, at = _varint(message, at)
            case 1:
                at += 8
            case 5:
                at += 4
            case 2:
                length, at = _varint(message, at)
                yield key >> 3, message[at : at + length]
                at += length
            case wire_type:
                raise ValueError(f"no protobuf: wire type {wire_type}")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number, and where it ends."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
