"""Ends what waits for PostHog when the person says stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import anyio

from jupyter_posthog.execution.events import Event

Value = TypeVar("Value")


async def stoppable(
    events: AsyncIterator[Event],
    stop: asyncio.Event,
    *,
    at_stop: Event | Callable[[], Event],
    grace_s: float = 0.0,
) -> AsyncIterator[Event]:
    """Yield the events until they end, or until ``stop`` is set: then ``at_stop`` is the last one.

    The events are closed before this returns, so that no request of theirs stays open.

    Args:
        at_stop: The last event, or what makes it then.
        grace_s: How long the events may go on after the stop, to end in their own way.
    """
    stopped = asyncio.ensure_future(_later(stop, grace_s))
    upcoming: asyncio.Future[Event] | None = None
    try:
        while True:
            upcoming = asyncio.ensure_future(anext(events))
            await asyncio.wait({upcoming, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not upcoming.done():
                yield at_stop() if callable(at_stop) else at_stop
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


async def unless_stopped(stop: asyncio.Event, action: Awaitable[Value]) -> Value | None:
    """Return what an action gives; at the person's stop it is given up, and the answer is None."""
    doing = asyncio.ensure_future(action)
    if await ended_first(doing, stop):
        return doing.result()
    doing.cancel()
    await asyncio.wait({doing})
    return None


async def ended_first(task: asyncio.Future[Value], stop: asyncio.Event) -> bool:
    """Wait for a task or for the person's stop; return whether the task has ended. It is never cancelled."""
    stopped = asyncio.ensure_future(stop.wait())
    waiting: list[asyncio.Future[Any]] = [task, stopped]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
    return task.done()


async def _later(stop: asyncio.Event, grace_s: float) -> None:
    await stop.wait()
    await asyncio.sleep(grace_s)
