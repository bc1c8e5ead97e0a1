"""Calls that several ask for at once and one makes; the next one of a kind waits a moment (posthog-api.md 4)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

import anyio

Answer = TypeVar("Answer")
_MOST_REMEMBERED = 256


class _Waiting(Generic[Answer]):
    def __init__(self) -> None:
        self.ended = anyio.Event()
        self.answer: Answer | None = None


class SharedCalls(Generic[Answer]):
    """Makes a call of one kind at most once in an interval; who asks meanwhile shares the next one.

    So nobody gets an answer that is older than the question.
    """

    def __init__(self, interval_s: float, clock: Callable[[], float]) -> None:
        self._interval_s = interval_s
        self._clock = clock
        self._waiting: dict[Hashable, _Waiting[Answer]] = {}
        self._next_at: dict[Hashable, float] = {}

    async def call(self, kind: Hashable, action: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return the answer of this kind of call: of the one that waits for its turn, or of a new one."""
        waiting = self._waiting.get(kind)
        if waiting is not None:
            await waiting.ended.wait()
            # Whoever made it may have failed or gone away; then this one asks for itself.
            return waiting.answer if waiting.answer is not None else await self.call(kind, action)
        mine = self._waiting[kind] = _Waiting()
        try:
            await anyio.sleep(max(0.0, self._next_at.get(kind, 0.0) - self._clock()))
            self._remember(kind)
            del self._waiting[kind]
            mine.answer = await action()
        finally:
            if self._waiting.get(kind) is mine:
                del self._waiting[kind]
            mine.ended.set()
        return mine.answer

    def _remember(self, kind: Hashable) -> None:
        self._next_at.pop(kind, None)
        self._next_at[kind] = self._clock() + self._interval_s
        if len(self._next_at) > _MOST_REMEMBERED:
            del self._next_at[next(iter(self._next_at))]
