"""An event loop in a thread of its own, for IPython's magics, which cannot wait for anything themselves."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")
Item = TypeVar("Item")
#: How long an interrupted call may take to clean up behind itself.
STOP_GRACE_S = 2.0


class Background:
    """Runs coroutines to their end; an interrupt cancels what runs."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine and return what it gives.

        Raises:
            KeyboardInterrupt: The person stopped it; it has been cancelled.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._started())
        try:
            return future.result()
        except KeyboardInterrupt:
            self._cancel(future)
            raise

    def items(self, source: AsyncIterator[Item]) -> Iterator[Item]:
        """Yield what an iterator gives as it comes; an interrupt, or leaving early, ends it."""
        found: queue.SimpleQueue[Item | None] = queue.SimpleQueue()

        async def collect() -> None:
            try:
                async for item in source:
                    found.put(item)
            finally:
                found.put(None)

        future = asyncio.run_coroutine_threadsafe(collect(), self._started())
        try:
            while (item := found.get()) is not None:
                yield item
            future.result()
        finally:
            self._cancel(future)

    def close(self) -> None:
        """End the thread."""
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="posthog", daemon=True).start()
        return self._loop

    @staticmethod
    def _cancel(future: Future[Any]) -> None:
        if future.done():
            return
        ended = threading.Event()
        future.add_done_callback(lambda _: ended.set())
        future.cancel()
        ended.wait(STOP_GRACE_S)
