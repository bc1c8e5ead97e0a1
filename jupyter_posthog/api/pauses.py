"""Waiting times that PostHog named with a 429, which every process of this person keeps to (posthog-api.md 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

DEFAULT_WAIT_S = 60.0
_WAIT = re.compile(r"available in (\d+) second")
_THROTTLED = re.compile(r"throttled|available in \d+ second", re.IGNORECASE)
_PROJECT = re.compile(r"/api/(?:projects|environments)/([^/]+)/")


class Pauses(Protocol):
    """Where waiting times are kept; a bucket is what shares one limit."""

    def seconds_left(self, bucket: str) -> float:
        """Return how long nothing may be sent; 0 where it may."""

    def begin(self, bucket: str, seconds: float) -> None:
        """Take note of a waiting time."""


class OwnPauses:
    """Waiting times of one process alone."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def seconds_left(self, bucket: str) -> float:
        """Return how long nothing may be sent; 0 where it may."""
        return max(0.0, self._until.get(bucket, 0.0) - self._clock())

    def begin(self, bucket: str, seconds: float) -> None:
        """Take note of a waiting time."""
        self._until[bucket] = max(self._until.get(bucket, 0.0), self._clock() + seconds)


def bucket_of(host: str, path: str) -> str:
    """Return what shares a limit with this path: PostHog counts by project, and everything else together."""
    found = _PROJECT.match(path)
    return f"{host} {found[1]}" if found is not None else host


def named_wait_s(detail: str, retry_after: str | None) -> float | None:
    """Return the waiting time of a 429: of its header, else of its text; None where it is no throttle.

    The limit of ten running cells is a 429 too, and names no time (posthog-api.md 12).
    """
    if retry_after is not None and retry_after.strip().isdigit():
        return float(retry_after)
    in_words = _WAIT.search(detail)
    if in_words is not None:
        return float(in_words[1])
    return DEFAULT_WAIT_S if _THROTTLED.search(detail) else None
