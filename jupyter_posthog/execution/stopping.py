"""Ends a stream of events when the person says stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import anyio

from jupyter_posthog.execution.events import Event


async def stoppable(events: AsyncIterator[Event], stop: asyncio.Event, *, at_stop: Event) -> AsyncIterator[Event]:
    """Yield the events until they end, or until ``stop`` is set: then ``at_stop`` is the last one.

    The events are closed before this returns, so that no request of theirs stays open.
    """
    stopped = asyncio.ensure_future(stop.wait())
    upcoming: asyncio.Future[Event] | None = None
    try:
        while True:
            upcoming = asyncio.ensure_future(anext(events))
            await asyncio.wait({upcoming, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not upcoming.done():
                yield at_stop
                return
            try:
                event = upcoming.result()
            except StopAsyncIteration:
                return
            yield event
    finally:
        for task in (stopped, upcoming):
            if task is not None and not task.done():
                task.cancel()
                await asyncio.wait({task})


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait for the person's stop, at most this long; return whether it came."""
    with anyio.move_on_after(seconds):
        await stop.wait()
    return stop.is_set()
