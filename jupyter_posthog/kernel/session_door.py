"""The one session of a kernel: opened when it is first needed, whoever needs it first."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio

from jupyter_posthog.errors import PosthogError
from jupyter_posthog.execution.session import NotebookSession

HELP_OPENING_S = 3.0
CLOSING_GRACE_S = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A session and what the person must know about it.

    Attributes:
        notice: Empty where there is nothing to say.
        close: Lets go of PostHog.
        stops_at_shutdown: Whether the person wants PostHog's kernel stopped with this one.
    """

    session: NotebookSession
    notice: str
    close: Callable[[], Awaitable[None]]
    stops_at_shutdown: bool = False


class SessionDoor:
    """Opens the session once; a person who types and a cell that runs may ask at the same time."""

    def __init__(self, open_session: Callable[[], Awaitable[OpenedSession]]) -> None:
        self._open_session = open_session
        self._opened: OpenedSession | None = None
        self._opening = asyncio.Lock()
        self._unsaid = ""

    async def session(self) -> NotebookSession:
        """Return the session.

        Raises:
            PosthogError: It cannot be opened; the next one who asks tries anew.
        """
        async with self._opening:
            if self._opened is None:
                self._opened = await self._open_session()
                self._unsaid = self._opened.notice
        return self._opened.session

    async def session_for_help(self) -> NotebookSession | None:
        """Return the session for a person who types; None where PostHog cannot be reached quickly."""
        with anyio.move_on_after(HELP_OPENING_S), contextlib.suppress(PosthogError):
            return await self.session()
        return None

    def take_notice(self) -> str:
        """Return what the first cell must say, once."""
        notice, self._unsaid = self._unsaid, ""
        return notice

    async def close(self, *, restart: bool) -> None:
        """Detach; a restart stops the running cell and restarts PostHog's kernel too, where this credential can."""
        opened = self._opened
        if opened is None:
            return
        with anyio.move_on_after(CLOSING_GRACE_S), contextlib.suppress(PosthogError):
            # PostHog goes on with what was asked for, even when we may not wait for its end.
            if restart:
                await opened.session.interrupt()
                await opened.session.restart()
            elif opened.stops_at_shutdown:
                await opened.session.shutdown()
        with contextlib.suppress(PosthogError):
            await opened.session.aclose()
            await opened.close()
