"""Rate limits of requests with keys (posthog-api.md 4)."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from jupyter_posthog.box.refusals import throttled


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many requests may come in how many seconds."""

    requests: int
    seconds: float


ORDINARY = (Rate(requests=480, seconds=60), Rate(requests=4800, seconds=3600))
HOGQL = (Rate(requests=120, seconds=3600),)


@dataclass(slots=True)
class Throttles:
    """The requests that were counted; a project has one account for all its keys."""

    clock: Callable[[], float] = time.monotonic
    _seen: dict[tuple[int, Rate], deque[float]] = field(default_factory=dict)

    def count(self, project_id: int, rates: tuple[Rate, ...]) -> None:
        """Count one request.

        Raises:
            Refusal: 429 whose text holds the waiting time; there is no header for it.
        """
        for rate in rates:
            self._count(project_id, rate)

    def _count(self, project_id: int, rate: Rate) -> None:
        now = self.clock()
        seen = self._seen.setdefault((project_id, rate), deque())
        while seen and seen[0] <= now - rate.seconds:
            seen.popleft()
        if len(seen) >= rate.requests:
            raise throttled(math.ceil(seen[0] + rate.seconds - now))
        seen.append(now)
