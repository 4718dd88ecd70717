"""Sentry: whatever it sends passes through here.

Its event processors do not see all: those of a request, which add the body, run after
every global one, and its logs and attachments have none. What has everything is the
envelope that a client hands to its transport.
"""

import contextlib
import sys
from collections.abc import Callable
from typing import Any


def install() -> None:
    """Redact all that Sentry's client sends, also one that is set up later.

    Does nothing where sentry-sdk was not imported: Saleor's settings import it.
    """
    sentry_sdk = sys.modules.get("sentry_sdk")
    if sentry_sdk is None:
        return

    def redact_from_now_on(event: Any, hint: Any) -> Any:
        redact_client()
        return event

    sentry_sdk.scope.add_global_event_processor(redact_from_now_on)
    redact_client()


def redact_client() -> bool | None:
    """Have the present client redacted. False if it cannot be, None if there is none.

    Where an envelope goes to: Sentry, and Spotlight on a developer's own machine.
    """
    sentry_sdk = sys.modules.get("sentry_sdk")
    client = sentry_sdk and sentry_sdk.get_client()
    outlets = (getattr(client, name, None) for name in ("transport", "spotlight"))
    doors = [_door_before(outlet) for outlet in outlets if outlet is not None]
    return all(doors) if doors else None


def _door_before(outlet: Any) -> bool:
    if not isinstance(outlet.capture_envelope, _Door):
        with contextlib.suppress(AttributeError):
            outlet.capture_envelope = _Door(outlet.capture_envelope)
    return isinstance(outlet.capture_envelope, _Door)


class _Door:
    """A transport's `capture_envelope`, with all secrets taken out before."""

    def __init__(self, send: Callable[[Any], None]) -> None:
        self._send = send

    def __call__(self, envelope: Any) -> None:
        # Only now: most processes never report anything.
        from dgspay_plugin.observers.redaction import redacted

        payloads = [item.payload for item in envelope.items]
        # All at once: a secret may have its name in one item and not in the next.
        contents = redacted([_content(payload) for payload in payloads])
        for payload, content in zip(payloads, contents, strict=True):
            is_binary = isinstance(content, bytes)
            payload.json = None if is_binary else content
            payload.bytes = content if is_binary else None
            payload.path = None
        self._send(envelope)


def _content(payload: Any) -> Any:
    return payload.get_bytes() if payload.json is None else payload.json
