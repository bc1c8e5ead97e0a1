"""What is known of one notebook that is open here, and what its pages have been told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import anyio

from jupyter_posthog.errors import NotebookNotFoundError
from jupyter_posthog.live_events import FollowMode, NotebookChanged, NotebookFollowing, NotebookPresence, Tell
from jupyter_posthog.storage.paths import NotebookAddress

#: PostHog tells when somebody moves, not when they leave: who did nothing for so long counts as gone.
PRESENCE_S = 120.0


class _Names(TypedDict):
    connection: str
    project_id: int
    short_id: str


class NotebookTrack:
    """Takes what the stream, the checks and our own saves say, and tells what is news."""

    def __init__(
        self, address: NotebookAddress, *, client_id: str, tell: Tell, clock: Callable[[], float], version: int | None
    ) -> None:
        """Prepare.

        Args:
            client_id: Names this server's saves in PostHog's live channel.
            clock: Monotonic seconds.
            version: What a page shows; None where it is not known.
        """
        self.address = address
        self.version = version
        self._client_id = client_id
        self._tell = tell
        self._clock = clock
        self._by = ""
        self._seen: dict[str, tuple[str, float]] = {}
        self._people: tuple[str, ...] = ()
        self._mode: tuple[FollowMode | None, str | None] = (None, None)
        self._stream_reason: str | None = None
        self._check_reason: str | None = None
        self._is_streaming = False
        self._saves = 0
        self._saves_ended = anyio.Event()

    def changed(self, version: int | None, *, by: str, client_id: str | None = None) -> None:
        """Take note of a save; one that is known already is no news."""
        if version is not None:
            if self.version is not None and version <= self.version:
                return
            self.version = version
        self._by = by
        is_own = client_id == self._client_id
        self._tell(NotebookChanged(**self._names, version=version, by=by, is_own=is_own))

    def shown(self, version: int | None) -> None:
        """Take note of what a page shows: it has come from PostHog."""
        if version is not None and (self.version is None or version > self.version):
            self.version = version

    def seen(self, client_id: str | None, name: str) -> None:
        """Take note of somebody who has the notebook open."""
        if client_id is None or client_id == self._client_id or not name:
            return
        self._seen[client_id] = (name, self._clock())
        self.forget_absent()

    def forget_absent(self) -> None:
        """Tell who is here, where that has changed."""
        oldest = self._clock() - PRESENCE_S
        self._seen = {one: (name, at) for one, (name, at) in self._seen.items() if at >= oldest}
        people = tuple(sorted({name for name, _ in self._seen.values()}))
        if people != self._people:
            self._people = people
            self._tell(NotebookPresence(**self._names, people=people))

    def save_begins(self) -> None:
        """Take note that this server sends a save."""
        self._saves += 1

    def save_ends(self, version: int | None) -> None:
        """Take note of the end of a save of this server, and of the version that it made."""
        self._saves -= 1
        if version is not None:
            self.changed(version, by="", client_id=self._client_id)
        self._saves_ended.set()
        self._saves_ended = anyio.Event()

    async def wait_for_saves(self) -> None:
        """Wait until it is known which version is our own."""
        while self._saves:
            await self._saves_ended.wait()

    def stream_opened(self) -> None:
        """Take note that PostHog tells what happens."""
        self._is_streaming, self._stream_reason = True, None
        self._tell_mode()

    def stream_failed(self, reason: str) -> None:
        """Take note that PostHog does not tell what happens."""
        self._is_streaming, self._stream_reason = False, reason
        self._tell_mode()

    def checked(self) -> None:
        """Take note that PostHog told its version."""
        self._check_reason = None
        self._tell_mode()

    def check_failed(self, reason: str) -> None:
        """Take note that PostHog did not tell its version."""
        self._check_reason = reason
        self._tell_mode()

    def ended(self, reason: str) -> None:
        """Take note that nobody follows this notebook any more."""
        self._is_streaming, self._check_reason = False, reason
        self._tell_mode()

    def to_json(self) -> dict[str, object]:
        """Return everything at once, for a page that begins or was away."""
        mode, reason = self._mode
        return {
            **self._names,
            "version": self.version,
            "by": self._by,
            "people": list(self._people),
            "mode": mode,
            "reason": reason,
        }

    def _tell_mode(self) -> None:
        mode = self._mode_now()
        if mode is not None and mode != self._mode:
            self._mode = mode
            self._tell(NotebookFollowing(**self._names, mode=mode[0], reason=mode[1]))

    def _mode_now(self) -> tuple[FollowMode, str | None] | None:
        """Return the mode and its reason; None while neither the stream nor a check has ended."""
        is_gone = self._check_reason == NotebookNotFoundError.reason
        if self._is_streaming and not is_gone:
            return FollowMode.STREAM, None
        if self._check_reason is not None:
            return FollowMode.OFF, self._check_reason
        if self._stream_reason is not None:
            return FollowMode.CHECKS, self._stream_reason
        return None

    @property
    def _names(self) -> _Names:
        address = self.address
        return {"connection": address.connection, "project_id": address.project_id, "short_id": address.short_id}
