"""Follows the notebooks that are open in pages of this server, each once (design.md §3, Live events)."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass, field

import anyio

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.collab import LiveMessage, StreamOpened
from jupyter_posthog.api.models import RemoteNotebook
from jupyter_posthog.errors import PosthogError, SettingsError
from jupyter_posthog.live_events import Tell
from jupyter_posthog.storage.live_checks import VersionChecks
from jupyter_posthog.storage.live_pages import OpenPages, Shown
from jupyter_posthog.storage.live_stream import StreamFollower, StreamPace
from jupyter_posthog.storage.live_tracking import NotebookTrack
from jupyter_posthog.storage.paths import NotebookAddress

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one
#: All checks together stay below this, however many notebooks are open: a sixth of this process's share, with the
#: looks at kernels (``execution/kernel_watch.py``).
CHECKS_PER_MINUTE = 30
#: What else is followed of a notebook, as long as it is open.
Beside = Callable[[str, int, str], Coroutine[object, object, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePace:
    """How often and how long, in seconds; the administrator may change them (``app.py``)."""

    lease_s: float = 90.0
    check_interval_s: float = 30.0
    stream: StreamPace = field(default_factory=StreamPace)


@dataclass(frozen=True, slots=True)
class _Followed:
    track: NotebookTrack
    task: asyncio.Task[None]


class LiveNotebooks:
    """One stream and one check per notebook that is open, whatever the number of pages."""

    def __init__(
        self, *, api: Callable[[str], PosthogApi], client_id: str, tell: Tell, pace: LivePace, beside: Beside
    ) -> None:
        """Prepare; nothing is asked before a page has a notebook open.

        Args:
            api: Gives the API of a connection by name.
            client_id: Names this server's saves in PostHog's live channel.
            beside: Follows the kernel of a notebook, named by connection, project and short_id.
        """
        self._beside = beside
        self._api = api
        self._client_id = client_id
        self._tell = tell
        self._pace = pace
        self._followed: dict[NotebookAddress, _Followed] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self.pages = OpenPages(lease_s=pace.lease_s, changed=self._follow)

    def track(self, address: NotebookAddress) -> NotebookTrack | None:
        """Return what is known of a notebook; None where no page has it open."""
        followed = self._followed.get(address)
        return followed.track if followed is not None else None

    def restart(self, connection: str) -> None:
        """Follow the notebooks of one connection anew: its credential has changed, so a refusal holds no more."""
        for address in [address for address in self._followed if address.connection == connection]:
            version = self._followed[address].track.version
            self._end(address)
            self._begin(address, version)

    async def aclose(self) -> None:
        """End every stream."""
        self.pages.close()
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _follow(self, shown: Shown) -> None:
        for address in [address for address in self._followed if address not in shown]:
            self._end(address)
        for address, version in shown.items():
            followed = self._followed.get(address)
            if followed is not None and not followed.task.done():
                followed.track.shown(version)
            else:
                self._begin(address, version)

    def _begin(self, address: NotebookAddress, version: int | None) -> None:
        track = NotebookTrack(
            address, client_id=self._client_id, tell=self._tell, clock=time.monotonic, version=version
        )
        self._followed[address] = _Followed(track, asyncio.create_task(self._run(track)))

    def _end(self, address: NotebookAddress) -> None:
        task = self._followed.pop(address).task
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        task.cancel()

    async def _run(self, track: NotebookTrack) -> None:
        address = track.address
        checks = VersionChecks(track, lambda known: self._fetch(address, known), interval_s=self._interval_s)
        stream = StreamFollower(
            track,
            lambda last_event_id: self._open(address, last_event_id),
            pace=self._pace.stream,
            clock=time.monotonic,
            jitter=random.random,
            check_now=checks.check_now,
        )
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(stream.run)
                tasks.start_soon(checks.run)
                tasks.start_soon(self._beside, address.connection, address.project_id, address.short_id)
        except* SettingsError as group:
            # The connection was removed while its notebook is open.
            track.ended(_reason(group))
        except* Exception:  # noqa: BLE001  # an entrance of its own: nobody awaits this task while it runs
            _log.exception("live_failed short_id=%s", address.short_id)
            track.ended(PosthogError.reason)

    def _open(
        self, address: NotebookAddress, last_event_id: str | None
    ) -> AsyncGenerator[StreamOpened | LiveMessage, None]:
        return self._api(address.connection).collab.follow(
            address.project_id,
            address.short_id,
            last_event_id=last_event_id,
            silence_s=self._pace.stream.silence_s,
        )

    async def _fetch(self, address: NotebookAddress, known: int | None) -> RemoteNotebook | None:
        notebooks = self._api(address.connection).notebooks
        if known is None:
            return await notebooks.fetch(address.project_id, address.short_id)
        return await notebooks.fetch_if_changed(address.project_id, address.short_id, known_version=known)

    def _interval_s(self) -> float:
        return max(self._pace.check_interval_s, len(self._followed) * 60.0 / CHECKS_PER_MINUTE)


def _reason(group: BaseExceptionGroup[BaseException]) -> str:
    first = group.exceptions[0]
    return first.reason if isinstance(first, PosthogError) else PosthogError.reason
