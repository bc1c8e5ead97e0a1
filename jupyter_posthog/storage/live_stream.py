"""Keeps one notebook's live channel open: resumes, reconnects, waits (posthog-api.md 15.4)."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

import anyio

from jupyter_posthog.api.collab import SILENCE_S, LiveMessage, StreamOpened
from jupyter_posthog.errors import ApiError, PosthogError, RateLimitedError, SettingsError
from jupyter_posthog.storage.live_tracking import NotebookTrack

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one
#: Opens the channel, where the last one ended.
OpenStream = Callable[[str | None], AsyncGenerator[StreamOpened | LiveMessage, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPace:
    """How long is waited for what, in seconds.

    Attributes:
        silence_s: A stream without a byte for so long is opened anew.
        steady_s: A stream that lived so long has not failed, however it ended.
        first_delay_s: Before the second try; each further one waits twice as long.
        longest_delay_s: The longest of these.
        refused_s: Before a stream is asked for again that PostHog refused.
    """

    silence_s: float = SILENCE_S
    steady_s: float = 10.0
    first_delay_s: float = 1.0
    longest_delay_s: float = 60.0
    refused_s: float = 600.0


class StreamFollower:
    """Follows one notebook until it is cancelled."""

    def __init__(
        self,
        track: NotebookTrack,
        open_stream: OpenStream,
        *,
        pace: StreamPace,
        clock: Callable[[], float],
        jitter: Callable[[], float],
        check_now: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        """Prepare.

        Args:
            clock: Monotonic seconds.
            jitter: A random number from 0 to 1, so that many pages do not come back at one moment.
            check_now: Called where something may have been missed, or the stream is refused.
            sleep: Waits so many seconds.
        """
        self._track = track
        self._open_stream = open_stream
        self._pace = pace
        self._clock = clock
        self._jitter = jitter
        self._check_now = check_now
        self._sleep = sleep
        self._last_event_id: str | None = None
        self._failures = 0

    async def run(self) -> None:
        """Follow, again and again.

        Raises:
            SettingsError: The connection is no more.
        """
        while True:
            wait_s = await self._follow_one()
            await self._sleep(wait_s)

    async def _follow_one(self) -> float:
        """Follow one stream to its end; return how long to wait before the next one."""
        started = self._clock()
        reason: str | None = None
        try:
            await self._follow()
        except RateLimitedError as error:
            self._track.stream_failed(error.reason)
            return error.wait_s + self._jitter()
        except SettingsError:
            raise
        except ApiError as error:
            if error.status < 500:
                return self._refused(error)
            reason = error.reason
        except PosthogError as error:
            reason = error.reason
        return self._wait_after(reason, lived_s=self._clock() - started)

    async def _follow(self) -> None:
        async with aclosing(self._open_stream(self._last_event_id)) as messages:
            async for message in messages:
                if isinstance(message, StreamOpened):
                    self._track.stream_opened()
                    if self._last_event_id is None:
                        self._check_now()
                else:
                    self._take(message)

    def _take(self, message: LiveMessage) -> None:
        if message.event_id is not None:
            self._last_event_id = message.event_id
        touch = message.touch
        name = touch.user_name or ""
        self._track.seen(touch.client_id, name)
        if message.name in {"update", "step"}:
            self._track.changed(touch.version, by=name, client_id=touch.client_id)

    def _refused(self, error: ApiError) -> float:
        _log.info("live_refused short_id=%s reason=%s", self._track.address.short_id, error.reason)
        self._last_event_id = None
        self._track.stream_failed(error.reason)
        self._check_now()
        return self._pace.refused_s

    def _wait_after(self, reason: str | None, *, lived_s: float) -> float:
        if lived_s >= self._pace.steady_s:
            self._failures = 0  # PostHog's own end after five minutes, or a cut: come back at once
            return 0.0
        self._failures += 1
        if self._failures > 1:
            self._track.stream_failed(reason or "stream_cut")
        if self._failures == 2:
            self._check_now()
        _log.debug("live_cut short_id=%s reason=%s", self._track.address.short_id, reason)
        delay_s = min(self._pace.longest_delay_s, self._pace.first_delay_s * 2.0 ** (self._failures - 1))
        return delay_s * (0.5 + self._jitter() / 2)
