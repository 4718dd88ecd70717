"""Saleor's reports of API calls: the texts of GraphQL documents and of errors.

Saleor queues them for an app, where OBSERVABILITY_BROKER_URL is set. There is no
setting for what is in them; each is packed by `BaseBuffer.encode`.
"""

import functools
from collections.abc import Callable
from typing import Any

from saleor.webhook.observability.buffers import BaseBuffer

from dgspay_plugin.observers.redaction import redacted


def install() -> None:
    """Redact what is queued from now on."""
    if not is_redacted():
        BaseBuffer.encode = _redacting(BaseBuffer.encode)


def is_redacted() -> bool:
    return hasattr(BaseBuffer.encode, "redacts")


def _redacting(encode: Callable[[Any, bytes], bytes]) -> Callable[[Any, bytes], bytes]:
    @functools.wraps(encode)
    def encode_redacted(buffer: Any, report: bytes) -> bytes:
        return encode(buffer, redacted(report))

    encode_redacted.redacts = True  # type: ignore[attr-defined]
    return encode_redacted
