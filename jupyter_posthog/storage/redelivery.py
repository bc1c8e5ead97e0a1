"""Saves that PostHog could not take right now: kept, and sent again until it can."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.errors import (
    HostAwayError,
    NotPosthogError,
    PosthogError,
    RateLimitedError,
    ServerFailedError,
)
from jupyter_posthog.storage.merging import NO_ANSWERS
from jupyter_posthog.storage.save_requests import SaveRequest, request_of

if TYPE_CHECKING:
    from jupyter_posthog.storage.drafting import Drafts
    from jupyter_posthog.storage.paths import NotebookAddress
    from jupyter_posthog.storage.save_requests import SavesNotebooks
    from jupyter_posthog.storage.saving import SavedNotebook

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 300.0
_PASSING = (HostAwayError, NotPosthogError, RateLimitedError, ServerFailedError)

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A draft that waits to be sent again, and for how long this time."""

    address: NotebookAddress
    wait_s: float


class Redelivery:
    """Saves through another saver; what fails for a passing reason is sent again, later and later."""

    def __init__(
        self, saver: SavesNotebooks, drafts: Drafts, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Prepare.

        Args:
            sleep: Waits this many seconds; the seam for tests.
        """
        self._saver = saver
        self._drafts = drafts
        self._sleep = sleep
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def waiting(self) -> frozenset[str]:
        """The drafts that wait, by id."""
        return frozenset(self._tasks)

    async def save(self, request: SaveRequest) -> SavedNotebook:
        """As the other saver, with its errors; a draft that could not be sent for now is sent again by itself."""
        draft_id = self._drafts.draft_id(request.address, request.base_version, page_id=request.page_id)
        self._give_up(draft_id)  # newer edits are on their way
        try:
            return await self._saver.save(request)
        except _PASSING:
            self._tasks[draft_id] = asyncio.create_task(self._deliver(draft_id, request.address))
            raise

    async def _deliver(self, draft_id: str, address: NotebookAddress) -> None:
        wait_s = FIRST_WAIT_S
        try:
            while True:
                await self._sleep(wait_s)
                draft = self._drafts.find(draft_id)
                if draft is None:
                    return  # saved or dropped by somebody else
                try:
                    await self._saver.save(request_of(draft, address, NO_ANSWERS))
                except _PASSING as error:
                    wait_s = min(wait_s * 2, LONGEST_WAIT_S)
                    if isinstance(error, RateLimitedError):
                        wait_s = max(wait_s, error.wait_s)
                except PosthogError as error:
                    # It waits for the person now: a conflict, a lost right. The draft is offered at the next open.
                    _log.info("redelivery_refused draft=%s reason=%s", draft_id, error.reason)
                    return
                else:
                    _log.info("redelivered draft=%s", draft_id)
                    return
        finally:
            if self._tasks.get(draft_id) is asyncio.current_task():
                del self._tasks[draft_id]

    def _give_up(self, draft_id: str) -> None:
        task = self._tasks.pop(draft_id, None)
        if task is not None:
            task.cancel()

    async def aclose(self) -> None:
        """Stop; the drafts stay on this machine and are offered at the next open."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
