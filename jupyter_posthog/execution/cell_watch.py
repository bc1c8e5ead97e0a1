"""What happens around a running cell: it is written down, and its kernel's life is watched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial

from jupyter_posthog.errors import KernelUnavailableError, StreamCutError
from jupyter_posthog.execution.events import CellBegan, CellEnded, Event, Notice
from jupyter_posthog.execution.kernel_life import KernelLife
from jupyter_posthog.execution.run_log import CellLog, RunLog
from jupyter_posthog.execution.stopping import unless_stopped

_log = logging.getLogger("jupyter_posthog")
_NOT_KEPT = (
    "What this cell gives could not be noted on this machine's disk ({problem}); it is shown here, "
    "but saving the notebook will not store it. Make room and run the cell again.\n"
)


@dataclass(slots=True, kw_only=True)
class CellWatch:
    """Watches the cells of one notebook, one after the other.

    Attributes:
        log: Where runs are written down; None where nothing is kept, as in tests.
        life: The remote kernel; None where there is none.
    """

    log: RunLog | None = None
    life: KernelLife | None = None
    _has_said_full: bool = False
    _looking: asyncio.Task[object] | None = field(default=None)

    async def around(
        self, events: AsyncIterator[Event], *, node_id: str, source: str, stop: asyncio.Event
    ) -> AsyncIterator[Event]:
        """Yield the events of one cell for the client, with what a person must know between them.

        Raises:
            KernelLostError: The remote kernel ended while the cell ran.
            PosthogError: As the events raise it.
        """
        cell = self.log.cell(node_id, source) if self.log is not None else None
        for notice in self._notices():
            yield notice
        try:
            async with aclosing(self._watched(events, cell, stop)) as watched:  # type: ignore[type-var]
                async for event in watched:
                    yield event
        except (KernelUnavailableError, StreamCutError) as error:
            loss = await unless_stopped(stop, self.life.look_for_loss()) if self.life is not None else None
            if loss is None:
                raise
            raise loss from error
        finally:
            self._written(cell.close if cell is not None else None)
            self._look_later()

    async def aclose(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    async def _watched(
        self, events: AsyncIterator[Event], cell: CellLog | None, stop: asyncio.Event
    ) -> AsyncIterator[Event]:
        async for event in events:
            problem = self._written(partial(cell.note, event) if cell is not None else None)
            if problem is not None:
                yield problem
            if isinstance(event, CellBegan | CellEnded):
                await self._note(event, stop)
                for notice in self._notices():
                    yield notice
            else:
                yield event

    async def _note(self, event: CellBegan | CellEnded, stop: asyncio.Event) -> None:
        if self.life is None:
            return
        if isinstance(event, CellBegan):
            self.life.note_began(event)
            return
        self.life.note_ended(event)
        if event.status == "failed" and event.run_id is not None:
            # Runs say of a kernel that died only that the cell failed.
            await unless_stopped(stop, self.life.look())

    def _notices(self) -> Iterator[Notice]:
        if self.life is not None:
            for notice in self.life.notices():
                yield Notice(text=notice)

    def _written(self, write: Callable[[], None] | None) -> Notice | None:
        """Write something down; a disk that refuses is said once, and the cell goes on."""
        if write is None:
            return None
        try:
            write()
        except OSError as error:
            _log.warning("run_not_kept errno=%s", error.errno)
            if not self._has_said_full:
                self._has_said_full = True
                return Notice(text=_NOT_KEPT.format(problem=error.strerror or "it refused"))
        return None

    def _look_later(self) -> None:
        """See how long the kernel lives, while nobody waits for it."""
        if self.life is None or (self._looking is not None and not self._looking.done()):
            return
        self._looking = asyncio.ensure_future(self.life.look_where_old())
