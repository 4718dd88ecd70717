"""The sandbox's own time, which can be told to pass."""

import asyncio
import contextlib
import time


class Clock:
    """Runs as every clock does, and jumps ahead on order. Never backwards."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._jumped = asyncio.Event()

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic() + self._ahead

    def jump(self, seconds: float) -> None:
        self._ahead += seconds
        self._jumped.set()
        self._jumped = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        ends_at = self.now() + seconds
        while (left := ends_at - self.now()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._jumped.wait(), left)
