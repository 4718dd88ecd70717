"""Requests to DGS-Pay as metrics: how many, how long, and with which answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from dgspay_plugin.metrics import (
    OTHER,
    REQUEST_DURATION,
    REQUESTS,
    count,
    measure,
)
from dgspay_plugin.provider.errors import ProviderError


@contextmanager
def measured(
    endpoint: str, *, payment_type: str | None = None, step: str | None = None
) -> Iterator[None]:
    """Measure the block, which sends one request and reads its answer.

    Args:
        endpoint: one of `dgspay_plugin.metrics.LABELS`.
        payment_type: of a charge: card or mobile_money.
        step: of an authorization: pin, otp or avs.
    """
    answer = OTHER
    began_at = time.monotonic()
    try:
        yield
        answer = "usable"
    except ProviderError as error:
        answer = error.kind
        raise
    finally:
        seconds = time.monotonic() - began_at
        count(
            REQUESTS,
            endpoint=endpoint,
            payment_type=payment_type,
            step=step,
            answer=answer,
        )
        measure(REQUEST_DURATION, seconds, endpoint=endpoint, answer=answer)
