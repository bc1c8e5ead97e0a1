"""Spares PostHog the same question: list pages, polls of one run, calls it refused (posthog-api.md 4, 12.3)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

LIST_FRESH_S = 2.0
REFUSALS_PER_MINUTE = 3
POLL_INTERVAL_S = 0.25
_MOST_REMEMBERED = 256
_LIST = re.compile(r"/api/projects/[^/]+/notebooks/?")
_POLL = re.compile(r".*/runs/[^/]+/?")
_REFUSED = frozenset({403, 404})

Answer = TypeVar("Answer")


class Repeats(Generic[Answer]):
    """Remembers answers of one host for a moment.

    The same list page is asked for at most once in two seconds, and a call that got 403 or 404 at most three times a
    minute; whatever changes something at PostHog makes all of it forgotten.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lists: dict[tuple[object, ...], tuple[float, Answer]] = {}
        self._refused: dict[tuple[str, str], tuple[deque[float], Answer]] = {}
        self._polls: dict[str, float] = {}

    def remembered(self, method: str, path: str, query: Mapping[str, object]) -> Answer | None:
        """Return the answer that is still good; None where PostHog must be asked."""
        now = self._clock()
        page = self._lists.get(_key(method, path, query))
        if page is not None and now - page[0] < LIST_FRESH_S:
            return page[1]
        refused = self._refused.get((method, path))
        if refused is None:
            return None
        times, answer = refused
        while times and now - times[0] >= 60.0:
            times.popleft()
        return answer if len(times) >= REFUSALS_PER_MINUTE else None

    def remember(self, method: str, path: str, query: Mapping[str, object], status: int, answer: Answer) -> None:
        """Take note of an answer."""
        now = self._clock()
        if status in _REFUSED:
            times, _ = self._refused.get((method, path), (deque(), answer))
            times.append(now)
            _put(self._refused, (method, path), (times, answer))
        elif method != "GET" and status < 400:
            self._lists.clear()
            self._refused.clear()
        elif status == 200 and _LIST.fullmatch(path):
            _put(self._lists, _key(method, path, query), (now, answer))

    def seconds_to_next_poll(self, method: str, path: str) -> float:
        """Return how long to wait before one run is polled again, and count the poll."""
        if method != "GET" or _POLL.fullmatch(path) is None:
            return 0.0
        now = self._clock()
        at = max(now, self._polls.get(path, 0.0) + POLL_INTERVAL_S)
        _put(self._polls, path, at)
        return at - now


def _key(method: str, path: str, query: Mapping[str, object]) -> tuple[object, ...]:
    return (method, path, *sorted(query.items()))


def _put(store: dict, key: object, value: object) -> None:  # type: ignore[type-arg]  # of any of the three
    store.pop(key, None)
    store[key] = value
    if len(store) > _MOST_REMEMBERED:
        del store[next(iter(store))]
