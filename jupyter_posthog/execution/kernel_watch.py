"""Tells the pages how long the kernels of their open notebooks live (ux.md §5)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import anyio

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.errors import ApiError, PosthogError, SettingsError
from jupyter_posthog.execution.kernel_clock import KernelClock, with_noted_start
from jupyter_posthog.execution.kernel_desk import KernelDesk
from jupyter_posthog.execution.kernel_life import WARNINGS_AT_S
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.records.files import NotebookKey

_log = logging.getLogger("jupyter_posthog")
LOOKS_PER_MINUTE = 10
SHORTEST_GAP = timedelta(seconds=60)
#: How often this machine's own notes are looked at; PostHog hears nothing of it.
NOTES_GAP_S = 2.0
Pause = Callable[[float], Awaitable[None]]


class KernelWatch:
    """Asks PostHog for a kernel while its notebook is open and it runs, or something was noted of it."""

    def __init__(
        self,
        desk: KernelDesk,
        data_dir: Path,
        *,
        api: Callable[[str], PosthogApi],
        now: Callable[[], datetime],
        pause: Pause = anyio.sleep,
    ) -> None:
        """Prepare.

        Args:
            data_dir: Jupyter's data directory, where runs and starts are noted.
            api: Gives the API of a connection by name.
        """
        self._desk = desk
        self._data_dir = data_dir
        self._api = api
        self._now = now
        self._pause = pause
        self._open = 0

    async def follow(self, connection: str, project_id: int, short_id: str) -> None:
        """Follow one notebook until this is cancelled, or its kernel is not told to this credential.

        Raises:
            SettingsError: The connection is no more.
        """
        api = self._api(connection)
        place = NotebookPlace(api=api, connection=connection, project_id=project_id, short_id=short_id)
        self._open += 1
        try:
            await self._follow(_Watched(self._desk, place, self._data_dir))
        finally:
            self._open -= 1

    async def _follow(self, kernel: _Watched) -> None:
        while True:
            now = self._now()
            if kernel.is_due(now, gap=self._gap):
                try:
                    await kernel.look(now)
                except SettingsError:
                    raise
                except PosthogError as error:
                    _log.debug("kernel_not_seen short_id=%s reason=%s", kernel.place.short_id, error.reason)
                    if isinstance(error, ApiError) and error.status in {403, 404}:
                        return  # this credential will not be told, or there is no such notebook
            else:
                kernel.learn(now)
                kernel.warn(now)
            await self._pause(NOTES_GAP_S)

    @property
    def _gap(self) -> timedelta:
        return max(SHORTEST_GAP, timedelta(minutes=self._open / LOOKS_PER_MINUTE))


class _Watched:
    """The kernel of one open notebook."""

    def __init__(self, desk: KernelDesk, place: NotebookPlace, data_dir: Path) -> None:
        self.place = place
        self._desk = desk
        self._clocks = desk.clocks(place)
        key = NotebookKey(origin=place.api.transport.host, project_id=place.project_id, short_id=place.short_id)
        self._runs = key.folder_below(data_dir / "posthog" / "runs")
        self._noted: object = None
        self._learnt_from: int | None = None
        self._looked_at: datetime | None = None
        self._clock: KernelClock | None = None
        self._warned: set[int] = set()

    def is_due(self, now: datetime, *, gap: timedelta) -> bool:
        """Whether PostHog is to be asked now."""
        if self._looked_at is None:
            return self._clocks.has_any(now) or self._is_news()
        if now - self._looked_at < gap:
            return False
        return (self._clock is not None and self._clock.is_running) or self._is_news()

    async def look(self, now: datetime) -> None:
        """Ask PostHog, and tell the pages."""
        self._looked_at = now
        self._noted = self._notes()
        self._take(await self._desk.clock(self.place), now)

    def learn(self, now: datetime) -> None:
        """Tell the pages the end, where the start was noted after PostHog was asked: a look can be the faster one."""
        state = self._clocks.state
        if self._clock is None or state == self._learnt_from:
            return
        self._learnt_from = state
        clock = with_noted_start(self._clock, self._clocks, now=now)
        if clock is not self._clock:
            self._take(clock, now)
            self._desk.tell(self.place, clock)

    def warn(self, now: datetime) -> None:
        """Tell the pages once that little time is left."""
        for limit_s in WARNINGS_AT_S:
            if self._clock is not None and limit_s not in self._warned and self._has_passed(limit_s, now):
                self._warned.add(limit_s)
                self._desk.tell(self.place, self._clock)

    def _take(self, clock: KernelClock, now: datetime) -> None:
        before, self._clock = self._clock, clock
        if before is None or before.ends_at != clock.ends_at:
            self._warned = {limit_s for limit_s in WARNINGS_AT_S if self._has_passed(limit_s, now)}

    def _has_passed(self, limit_s: int, now: datetime) -> bool:
        left_s = self._clock.seconds_left(now) if self._clock is not None and self._clock.is_running else None
        # A kernel that lives ten minutes in all needs no warning at its start.
        return left_s is not None and self._clock is not None and left_s <= limit_s < self._clock.lifetime_s

    def _is_news(self) -> bool:
        if self._noted is None:
            # What was noted before the notebook was opened is no news; starts that still count are looked for apart.
            self._noted = self._notes()
        return self._notes() != self._noted

    def _notes(self) -> object:
        return self._clocks.state, _state_of(self._runs)


def _state_of(folder: Path) -> int | None:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return None
