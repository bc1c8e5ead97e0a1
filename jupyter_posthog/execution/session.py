"""One notebook being executed: the way chosen once, names and nodes kept between its cells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from jupyter_posthog.execution.events import INTERRUPTED, CellFailed, Event
from jupyter_posthog.execution.executor import CellToRun, Executor, FrameFacts
from jupyter_posthog.execution.frames import completed, shown_frame
from jupyter_posthog.execution.magics import CellText, read_cell
from jupyter_posthog.execution.names import FrameNames, whole_query
from jupyter_posthog.execution.posthog_magic import PosthogMagic, posthog_lines
from jupyter_posthog.execution.stopping import stoppable
from jupyter_posthog.execution.stored_cells import StoredCells, fallback_node_id
from jupyter_posthog.execution.variables import Value, Variables, injected_values, with_injected, with_values


class NotebookSession:
    """Runs cells of one notebook, one after the other."""

    def __init__(
        self,
        stored_cells: StoredCells,
        *,
        choose_executor: Callable[[], Awaitable[Executor]],
        magic: PosthogMagic | None = None,
        notebook: Mapping[str, str | int] | None = None,
    ) -> None:
        """Prepare; PostHog is asked for the way to run cells at the first one.

        Args:
            choose_executor: Finds out how this credential can run cells here.
            magic: Answers ``%posthog``.
            notebook: Connection, project and short_id, for what asks for more rows of a frame.
        """
        self.magic = magic or PosthogMagic()
        self._stored_cells = stored_cells
        self._choose_executor = choose_executor
        self._executor: Executor | None = None
        self.names = FrameNames()
        #: Values that somebody gave to variables for this kernel only: papermill, or the command line.
        self.values: dict[str, Value] = {}
        self._notebook = notebook or {}
        self._has_stored_names = False

    async def run(self, source: str, *, cell_id: str | None, stop: asyncio.Event) -> AsyncIterator[Event]:
        """Run one cell and yield what happens.

        Args:
            cell_id: As the client sent it; only Lab and Notebook do.
            stop: Set when the person wants the cell to end.

        Raises:
            PosthogError: The cell could not be run, or its end is not known.
        """
        if (lines := posthog_lines(source)) is not None:
            async for event in stoppable(self.magic.run(lines), stop, at_stop=INTERRUPTED):
                yield event
            return
        text = read_cell(source)
        text.check()
        executor = await self._ready()
        cell = await self._prepare(source, text, cell_id)
        has_failed, shown = False, None
        async for event in executor.execute(cell, stop):
            has_failed = has_failed or isinstance(event, CellFailed)
            event = completed(event, cell, self._notebook)
            shown = shown_frame(event) or shown
            yield event
        if not has_failed:
            self.names.learn(text, name=cell.result_name, node_id=cell.node_id, shown=shown)

    @property
    def variables(self) -> Variables:
        """The notebook's variables as the next cell gets them."""
        return with_values(self._stored_cells.variables, self.values)

    async def frames(self) -> tuple[FrameFacts, ...]:
        """Return the frames that the kernel holds, and take the names of stored cells along."""
        executor = await self._ready()
        await self._stored_cells.read()
        self._learn_stored_names()
        return await executor.frames()

    async def restart(self) -> bool:
        """Restart the remote kernel; False where this credential cannot."""
        return await (await self._ready()).restart()

    async def describe(self) -> str:
        """Say in one sentence how cells run."""
        return (await self._ready()).describe()

    async def _ready(self) -> Executor:
        if self._executor is None:
            self._executor = await self._choose_executor()
        return self._executor

    async def _prepare(self, source: str, text: CellText, cell_id: str | None) -> CellToRun:
        stored = await self._stored_cells.find(cell_id=cell_id, source=source)
        self._learn_stored_names()
        self.values = with_injected(self._stored_cells.variables, self.values, injected_values(source))
        node_id = stored.node_id if stored else fallback_node_id(cell_id, source)
        read = self.names.used_in(text, own_node_id=node_id)
        return CellToRun(
            node_id=node_id,
            language=text.language,
            code=text.code,
            result_name=stored.result_name if stored and text.name is None else text.result_name,
            references={name: (frame.node_id, frame.kind) for name, frame in read.items()},
            query=whole_query(text.code, read) if read else "",
            variables=self.variables,
            connection_id=text.connection_id,
            is_raw=text.is_raw,
        )

    def _learn_stored_names(self) -> None:
        # A colleague's page, or an earlier kernel, may have run these cells: their frames are there.
        if self._has_stored_names or not self._stored_cells.cells:
            return
        self._has_stored_names = True
        for cell in self._stored_cells.cells:
            self.names.learn(cell.text, name=cell.result_name, node_id=cell.node_id)
