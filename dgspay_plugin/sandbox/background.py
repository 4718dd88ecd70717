"""Work that goes on after a request has been answered."""

import asyncio
from collections.abc import Coroutine


class Background:
    """Tasks of the running loop, kept so that they are neither lost nor forgotten."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    def start(self, work: Coroutine[object, object, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
