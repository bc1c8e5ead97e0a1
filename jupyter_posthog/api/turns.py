"""When a request may be sent: budgets, pauses that PostHog asked for, refusals that still hold, hosts that rest."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from urllib.parse import urlsplit

import anyio
import httpx

from jupyter_posthog.api.breaker import Breaker
from jupyter_posthog.api.budget import Budget
from jupyter_posthog.api.pauses import OwnPauses, Pauses, bucket_of, named_wait_s
from jupyter_posthog.api.repeats import Repeats
from jupyter_posthog.api.shared_calls import SharedCalls
from jupyter_posthog.api.wire import QueryValue, RawAnswer
from jupyter_posthog.errors import HostAwayError, RateLimitedError

LIST_INTERVAL_S = 2.0
#: A longer pause is told at once rather than waited out.
LONGEST_WAIT_OUT_S = 120.0
_MOST_WAITS = 5
#: Given the seconds to wait, waits and returns.
WaitOut = Callable[[float], Awaitable[None]]
_LIST = re.compile(r"/api/projects/[^/]+/notebooks/?")


class Turns:
    """Lets the requests to one host through, each in its turn."""

    def __init__(
        self, host: str, *, per_minute: int | None, pauses: Pauses | None, wait_out: WaitOut | None = None
    ) -> None:
        """Prepare.

        Args:
            per_minute: This process's share of requests; None where PostHog does not count, as with sessions (4).
            pauses: Waiting times that processes share; None keeps them in this one.
            wait_out: Waits as long as PostHog asked, telling the person; None refuses at once.
        """
        self._host = host
        self._budget = None if per_minute is None else Budget(per_minute)
        self._pauses = pauses or OwnPauses(monotonic)
        self._wait_out = wait_out
        self._breaker = Breaker(urlsplit(host).netloc, monotonic)
        self._repeats: Repeats[RawAnswer] = Repeats(monotonic)
        self._lists: SharedCalls[RawAnswer] = SharedCalls(LIST_INTERVAL_S, monotonic)

    async def take(
        self, method: str, path: str, query: Mapping[str, QueryValue], exchange: Callable[[], Awaitable[RawAnswer]]
    ) -> RawAnswer:
        """Return the answer of an exchange, in its turn.

        A list page is asked for at most once in two seconds; a call that was refused again and again is answered
        from memory.

        Raises:
            RateLimitedError: PostHog asked for a pause that is not over; nothing was sent.
            HostAwayError: The host rests, or no answer came.
        """
        remembered = self.remembered(method, path)
        if remembered is not None:
            return remembered

        async def ask() -> RawAnswer:
            for _ in range(_MOST_WAITS):
                await self.wait(method, path)
                with self._breaker.attempt():
                    answer = await self._guarded(exchange)
                self.note(method, path, answer)
                # A 429 carried nothing out, so asking once more is safe whatever the call.
                if answer.status != 429 or not self._is_waited_out(path):
                    break
            return answer

        if method == "GET" and _LIST.fullmatch(path):
            return await self._lists.call((path, *sorted(query.items())), ask)
        return await ask()

    def remembered(self, method: str, path: str) -> RawAnswer | None:
        """Return the refusal of a call that was refused again and again; None where PostHog must be asked."""
        return self._repeats.remembered(method, path)

    async def wait(self, method: str, path: str) -> None:
        """Wait until one request may be sent.

        Raises:
            RateLimitedError: PostHog asked for a pause that is not over.
        """
        while (left_s := self._pauses.seconds_left(bucket_of(self._host, path))) > 0:
            if self._wait_out is None or left_s > LONGEST_WAIT_OUT_S:
                raise RateLimitedError(status=429, wait_s=left_s)
            await self._wait_out(left_s)
        await anyio.sleep(self._repeats.seconds_to_next_poll(method, path))
        if self._budget is not None:
            await self._budget.take()

    def note(self, method: str, path: str, answer: RawAnswer) -> None:
        """Take note of what an answer says about the next requests."""
        self._repeats.remember(method, path, answer.status, answer)
        if answer.status == 429:
            wait_s = named_wait_s(answer.body[:2_000].decode("utf-8", "replace"), answer.retry_after)
            if wait_s is not None:
                self._pauses.begin(bucket_of(self._host, path), wait_s)

    def _is_waited_out(self, path: str) -> bool:
        left_s = self._pauses.seconds_left(bucket_of(self._host, path))
        return self._wait_out is not None and 0 < left_s <= LONGEST_WAIT_OUT_S

    async def _guarded(self, exchange: Callable[[], Awaitable[RawAnswer]]) -> RawAnswer:
        try:
            answer = await exchange()
        except HostAwayError as error:
            if isinstance(error.__cause__, (httpx.ConnectError, httpx.ConnectTimeout)):
                self._breaker.fail()
            raise
        self._breaker.succeed()
        return answer
