"""A circuit breaker: while a host is down it is asked now and then by one request, not by all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from jupyter_posthog.errors import HostAwayError

FAILURES_TO_OPEN = 3
FIRST_REST_S = 2.0
LONGEST_REST_S = 30.0


class Breaker:
    """Counts connections that failed in a row; from the third on, requests fail at once for a while."""

    def __init__(self, host: str, clock: Callable[[], float]) -> None:
        self._host = host
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0
        self._is_probing = False

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Let one request through.

        Raises:
            HostAwayError: The host rests, or another request is finding out whether it is back.
        """
        is_probe = self._failures >= FAILURES_TO_OPEN
        if is_probe:
            self._refuse_while_resting()
            self._is_probing = True
        try:
            yield
        finally:
            if is_probe:
                self._is_probing = False

    def succeed(self) -> None:
        """Take note that the host answered, whatever it said."""
        self._failures = 0

    def fail(self) -> None:
        """Take note that no connection came about."""
        self._failures += 1
        beyond = self._failures - FAILURES_TO_OPEN
        if beyond >= 0:
            self._rests_until = self._clock() + min(LONGEST_REST_S, FIRST_REST_S * 2**beyond)

    def _refuse_while_resting(self) -> None:
        left = self._rests_until - self._clock()
        if left > 0:
            raise HostAwayError(host=self._host, cause=f"no connection; the next try is in {left:.0f} s")
        if self._is_probing:
            raise HostAwayError(host=self._host, cause="no connection; another request is trying now")
