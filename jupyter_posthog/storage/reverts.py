"""For a minute after a save: whether another client takes it back, and putting it back again (design.md §6)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document import JsonValue, count_reverted, merge, shape_of
from jupyter_posthog.errors import DraftGoneError, PosthogError, SaveConflictError
from jupyter_posthog.live_events import EditsReverted, LiveEvent, NotebookChanged, Tell
from jupyter_posthog.storage.notebooks import NotebookFacts, editor_of, facts_of
from jupyter_posthog.storage.paths import NotebookAddress

if TYPE_CHECKING:
    from jupyter_posthog.api.models import RemoteNotebook
    from jupyter_posthog.storage.sending import Sender
    from jupyter_posthog.storage.workbench import Workbench

WATCH_S = 60.0
#: How long what was taken back can be put back with one click.
OFFER_S = 3_600.0

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Save:
    """One save of this server: the document before it, what was stored, when by the monotonic clock."""

    before: JsonValue
    stored: JsonValue
    version: int
    at: float


class RevertWatch:
    """Remembers the last save of each notebook and looks at what others store after it."""

    def __init__(self, workbench: Workbench, sender: Sender, *, tell: Tell, clock: Callable[[], float]) -> None:
        """Prepare.

        Args:
            clock: Monotonic seconds.
        """
        self._workbench = workbench
        self._sender = sender
        self._tell = tell
        self._clock = clock
        self._saves: dict[NotebookAddress, _Save] = {}
        self._checks: set[asyncio.Task[int]] = set()

    def saved(self, address: NotebookAddress, before: JsonValue, record: RemoteNotebook) -> None:
        """Take note of a save of this server."""
        stored: JsonValue = record.content  # type: ignore[assignment]  # any JSON, kept raw
        self._saves[address] = _Save(before=before, stored=stored, version=record.version, at=self._clock())

    def noticed(self, event: LiveEvent) -> None:
        """Look, where somebody else saved within a minute after us."""
        if not isinstance(event, NotebookChanged) or event.is_own:
            return
        address = NotebookAddress(connection=event.connection, project_id=event.project_id, short_id=event.short_id)
        save = self._saves.get(address)
        if save is None or self._clock() - save.at > WATCH_S:
            return
        task = asyncio.create_task(self.check(address))
        self._checks.add(task)
        task.add_done_callback(self._checks.discard)

    async def check(self, address: NotebookAddress) -> int:
        """Ask PostHog what it holds; tell where our blocks were taken back, and return how many."""
        save = self._saves.get(address)
        if save is None:
            return 0
        try:
            record = await self._workbench.fetch(address)
        except PosthogError as error:
            _log.debug("revert_check_failed short_id=%s reason=%s", address.short_id, error.reason)
            return 0
        if record.version <= save.version:
            return 0
        blocks = count_reverted(save.before, save.stored, record.content)  # type: ignore[arg-type]  # any JSON
        if blocks:
            by = editor_of(record)
            _log.info("save_reverted short_id=%s version=%s blocks=%s", address.short_id, record.version, blocks)
            self._tell(
                EditsReverted(
                    connection=address.connection,
                    project_id=address.project_id,
                    short_id=address.short_id,
                    version=record.version,
                    by=by,
                    blocks=blocks,
                )
            )
        return blocks

    async def put_back(self, address: NotebookAddress) -> NotebookFacts:
        """Bring our blocks back into what PostHog holds now; everything else of others stays.

        Raises:
            DraftGoneError: Nothing is remembered of a save here.
            SaveConflictError: Others have edited the same blocks meanwhile. Nothing was stored.
        """
        save = self._saves.get(address)
        if save is None or self._clock() - save.at > OFFER_S:
            raise DraftGoneError()
        record = await self._workbench.fetch(address)
        theirs: JsonValue = record.content  # type: ignore[assignment]  # any JSON, kept raw
        merged = merge(save.before, save.stored, theirs)
        if not merged.is_merged:
            raise SaveConflictError(
                status=409,
                base_version=save.version,
                stored_version=record.version,
                editor=editor_of(record),
                conflicts=len(merged.conflicts),
            )
        stored = await self._sender.send(
            address,
            merged.document,
            shape=shape_of(merged.document),
            text_content=merged.text,
            base_version=record.version,
        )
        self._workbench.keep_version(address, stored)
        self.saved(address, theirs, stored)
        return facts_of(address, stored)

    async def aclose(self) -> None:
        """Stop looking."""
        for task in self._checks:
            task.cancel()
        await asyncio.gather(*self._checks, return_exceptions=True)
