"""Asks now and then which version PostHog holds: not every edit is told by the live channel (posthog-api.md 15.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio

from jupyter_posthog.api.models import RemoteNotebook
from jupyter_posthog.errors import PosthogError, RateLimitedError, SettingsError
from jupyter_posthog.storage.live_tracking import NotebookTrack

#: Fetches a notebook unless PostHog still holds the version given; None as version means whatever it holds.
FetchIfChanged = Callable[[int | None], Awaitable[RemoteNotebook | None]]


class VersionChecks:
    """Checks one notebook until it is cancelled."""

    def __init__(self, track: NotebookTrack, fetch: FetchIfChanged, *, interval_s: Callable[[], float]) -> None:
        """Prepare.

        Args:
            interval_s: How long to wait between two checks, in seconds.
        """
        self._track = track
        self._fetch = fetch
        self._interval_s = interval_s
        self._wanted = anyio.Event()

    def check_now(self) -> None:
        """Check before it is time."""
        self._wanted.set()

    async def run(self) -> None:
        """Check, again and again.

        Raises:
            SettingsError: The connection is no more.
        """
        while True:
            with anyio.move_on_after(self._interval_s()):
                await self._wanted.wait()
            self._wanted = anyio.Event()
            self._track.forget_absent()
            try:
                await self._check()
            except RateLimitedError as error:
                await anyio.sleep(error.wait_s)
            except SettingsError:
                raise
            except PosthogError as error:
                self._track.check_failed(error.reason)

    async def _check(self) -> None:
        record = await self._fetch(self._track.version)
        await self._track.wait_for_saves()  # what this server just saved is no news from elsewhere
        if record is not None and self._track.version is None:
            self._track.shown(record.version)
        elif record is not None:
            editor = record.last_modified_by
            self._track.changed(record.version, by=editor.display_name if editor else "")
        self._track.checked()
