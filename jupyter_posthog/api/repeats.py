"""Spares PostHog the same question: polls of one run, and calls that it refused (posthog-api.md 4, 12.3)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

REFUSALS_PER_MINUTE = 3
POLL_INTERVAL_S = 0.25
_MOST_REMEMBERED = 256
_POLL = re.compile(r".*/runs/[^/]+/?")
_NOTEBOOKS = re.compile(r".*/notebooks/([^/]+/?)?")
_REFUSED = frozenset({403, 404})

Answer = TypeVar("Answer")
Key = TypeVar("Key")
Value = TypeVar("Value")


class Repeats(Generic[Answer]):
    """Remembers refusals of one host for a moment.

    A call that got 403 or 404 is sent at most three times a minute. A notebook that was written may have come back
    from the trash, so what was refused of notebooks themselves is forgotten then; an endpoint stays missing.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._refused: dict[tuple[str, str], tuple[deque[float], Answer]] = {}
        self._polls: dict[str, float] = {}

    def remembered(self, method: str, path: str) -> Answer | None:
        """Return the refusal that still holds; None where PostHog must be asked."""
        refused = self._refused.get((method, path))
        if refused is None:
            return None
        times, answer = refused
        while times and self._clock() - times[0] >= 60.0:
            times.popleft()
        return answer if len(times) >= REFUSALS_PER_MINUTE else None

    def remember(self, method: str, path: str, status: int, answer: Answer) -> None:
        """Take note of an answer."""
        if status in _REFUSED:
            times, _ = self._refused.get((method, path), (deque(), answer))
            times.append(self._clock())
            _put(self._refused, (method, path), (times, answer))
        elif method != "GET" and status < 400 and _NOTEBOOKS.fullmatch(path):
            self._refused = {call: held for call, held in self._refused.items() if not _NOTEBOOKS.fullmatch(call[1])}

    def seconds_to_next_poll(self, method: str, path: str) -> float:
        """Return how long to wait before one run is polled again, and count the poll."""
        if method != "GET" or _POLL.fullmatch(path) is None:
            return 0.0
        now = self._clock()
        at = max(now, self._polls.get(path, 0.0) + POLL_INTERVAL_S)
        _put(self._polls, path, at)
        return at - now


def _put(store: dict[Key, Value], key: Key, value: Value) -> None:
    store.pop(key, None)
    store[key] = value
    if len(store) > _MOST_REMEMBERED:
        del store[next(iter(store))]
