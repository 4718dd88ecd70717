"""Time several ways of doing something fairly on a machine that others use too."""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

Way = Callable[[], Any]

CALLS_FOR_MEMORY = 5


def side_by_side(
    rounds: int, *, before: Way = lambda: None, **ways: Way
) -> dict[str, dict[str, float]]:
    """The medians of each way, in milliseconds: on the clock, and of the processor.

    Each round takes every way once, so that a slow moment of the machine is shared. The
    processor's time is that of the thread alone: it has no wait in it, and no work of
    other programs.

    Args:
        before: done before each way, and not timed.
    """
    for way in ways.values():
        before()
        way()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    for _ in range(rounds):
        for name, way in ways.items():
            before()
            started, worked = time.perf_counter(), time.thread_time()
            way()
            processor[name].append(time.thread_time() - worked)
            seconds[name].append(time.perf_counter() - started)
    return {
        name: {
            "median": statistics.median(seconds[name]) * 1000,
            "processor": statistics.median(processor[name]) * 1000,
        }
        for name in ways
    }


def allocated_kilobytes(way: Way) -> float:
    """The memory that one more call holds at its peak: the least of several calls.

    Now and then a call also fills a cache of Django's or Python's.
    """
    way()
    return min(_peak_of(way) for _ in range(CALLS_FOR_MEMORY)) / 1024


def _peak_of(way: Way) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        way()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak
