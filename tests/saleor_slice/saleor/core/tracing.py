"""Saleor wraps its transactions in a tracing span; the stand-in has no tracer."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def traced_atomic_transaction() -> Iterator[None]:
    with transaction.atomic():
        yield
