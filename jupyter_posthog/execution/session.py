"""One notebook being executed: the way chosen once, names and nodes kept between its cells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace

from jupyter_posthog.errors import EndpointMissingError, InvalidRequestError, KeyNotSupportedError, QueryRefusedError
from jupyter_posthog.execution.cell_watch import CellWatch
from jupyter_posthog.execution.classic import ClassicExecutor
from jupyter_posthog.execution.events import INTERRUPTED, CellFailed, Event, Progress
from jupyter_posthog.execution.executor import CellToRun, Completion, Executor, FrameFacts
from jupyter_posthog.execution.frames import completed, shown_frame
from jupyter_posthog.execution.local_help import complete_locally, inspect_locally
from jupyter_posthog.execution.magics import CellText, Language, read_cell
from jupyter_posthog.execution.names import FrameNames, whole_query
from jupyter_posthog.execution.posthog_magic import PosthogMagic, posthog_lines
from jupyter_posthog.execution.stopping import stoppable, unless_stopped
from jupyter_posthog.execution.stored_cells import StoredCells, fallback_node_id
from jupyter_posthog.execution.variables import Value, Variables, injected_values, with_injected, with_values

STOP_GRACE_S = 1.6


class NotebookSession:
    """Runs cells of one notebook, one after the other."""

    def __init__(
        self,
        stored_cells: StoredCells,
        *,
        choose_executor: Callable[[], Awaitable[Executor]],
        magic: PosthogMagic | None = None,
        notebook: Mapping[str, str | int] | None = None,
        watch: CellWatch | None = None,
    ) -> None:
        """Prepare; PostHog is asked for the way to run cells at the first one.

        Args:
            choose_executor: Finds out how this credential can run cells here.
            magic: Answers ``%posthog``.
            notebook: Connection, project and short_id, for what asks for more rows of a frame.
            watch: Writes down what runs, and watches the remote kernel.
        """
        self.magic = magic or PosthogMagic()
        self.watch = watch or CellWatch()
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
        lines = posthog_lines(source)
        events = self._run(source, cell_id, stop) if lines is None else self.magic.run(lines)
        # Whatever is waited for, the person gets control back; what can end in its own way may do so first.
        grace_s = STOP_GRACE_S if lines is None else 0.0
        async for event in stoppable(events, stop, at_stop=INTERRUPTED, grace_s=grace_s):
            yield event

    async def _run(self, source: str, cell_id: str | None, stop: asyncio.Event) -> AsyncIterator[Event]:
        text = read_cell(source)
        text.check()
        # Without a notebook there is nothing to find a way for.
        yield Progress(text="asking PostHog")
        prepared = await unless_stopped(stop, self._prepare(source, text, cell_id))
        executor = await unless_stopped(stop, self._ready())
        if prepared is None or executor is None:
            yield INTERRUPTED
            return
        cell = prepared
        has_failed, shown = False, None
        events = _telling_mistakes(text, executor.execute(cell, stop))
        watched = self.watch.around(events, node_id=cell.node_id, source=source, stop=stop)
        async for event in self._asking_anew_where_refused(watched):
            has_failed = has_failed or isinstance(event, CellFailed)
            event = completed(event, cell, self._notebook)
            shown = shown_frame(event) or shown
            yield event
        if not has_failed:
            text = replace(text, connection_id=cell.connection_id, is_raw=cell.is_raw)
            self.names.learn(text, name=cell.result_name, node_id=cell.node_id, shown=shown)

    async def _asking_anew_where_refused(self, events: AsyncIterator[Event]) -> AsyncIterator[Event]:
        """Forget the way of running where PostHog does not serve it any more; the next cell asks anew."""
        try:
            async for event in events:
                yield event
        except (EndpointMissingError, KeyNotSupportedError):
            executor, self._executor = self._executor, None
            if executor is not None:
                await executor.aclose()
            raise

    @property
    def variables(self) -> Variables:
        """The notebook's variables as the next cell gets them."""
        return with_values(self._stored_cells.variables, self.values)

    async def read_variables_again(self) -> Variables:
        """Return the variables as the notebook has them now; the next cell gets those."""
        await self._stored_cells.read_variables_again()
        return self.variables

    async def frames(self) -> tuple[FrameFacts, ...]:
        """Return the frames that the kernel holds, and take the names of stored cells along."""
        executor = await self._ready()
        await self._stored_cells.read()
        self._learn_stored_names()
        return await executor.frames()

    async def interrupt(self) -> bool:
        """Ask PostHog to stop the cell that runs; False where none does, or PostHog has no way to stop it."""
        return await self._executor.interrupt() if self._executor is not None else False

    async def restart(self) -> bool:
        """Restart the remote kernel; False where this credential cannot."""
        is_restarted = await (await self._ready()).restart()
        if is_restarted and self.watch.life is not None:
            self.watch.life.note_restarted()
        return is_restarted

    async def describe(self) -> str:
        """Say in one sentence how cells run."""
        return (await self._ready()).describe()

    async def complete(self, code: str, cursor: int) -> Completion:
        """Return what can stand at the cursor: what PostHog's kernel says, else what is known here."""
        text = read_cell(code)
        found = None
        if text.language is Language.PYTHON and not code.lstrip().startswith(("%posthog", "%%")):
            found = await (await self._ready()).complete(code, cursor)
        return found if found is not None and found.matches else complete_locally(code, cursor, self.known_names())

    async def inspect(self, code: str, cursor: int, detail: int) -> str:
        """Return what is known of the name at the cursor; empty where that is nothing."""
        found = ""
        if read_cell(code).language is Language.PYTHON:
            found = await (await self._ready()).inspect(code, cursor, detail)
        return found or inspect_locally(code, cursor, self.known_names())

    async def evaluate(self, expression: str) -> Mapping[str, object] | None:
        """Return the value of an expression by MIME type; None where this way of running cannot tell."""
        executor = await self._ready()
        return await executor.evaluate(expression) if isinstance(executor, ClassicExecutor) else None

    async def shutdown(self) -> bool:
        """Stop the remote kernel; False where this credential cannot."""
        return await (await self._ready()).shutdown()

    def known_names(self) -> Mapping[str, str]:
        """Return the frames that are known here, each with a few words about it."""
        clock = self.watch.life.clock if self.watch.life is not None else None
        found = {name: f"a frame of cell {source.node_id}" for name, source in self.names.sources.items()}
        return {**dict.fromkeys(clock.names if clock else (), "a frame in PostHog's kernel"), **found}

    async def aclose(self) -> None:
        """Stop waiting for PostHog; what runs there goes on."""
        await self.watch.aclose()
        if self._executor is not None:
            await self._executor.aclose()

    async def _ready(self) -> Executor:
        if self._executor is None:
            self._executor = await self._choose_executor()
        return self._executor

    async def _prepare(self, source: str, text: CellText, cell_id: str | None) -> CellToRun:
        stored = await self._stored_cells.find(cell_id=cell_id, source=source)
        self._learn_stored_names()
        self.values = with_injected(self._stored_cells.variables, self.values, injected_values(source))
        node_id = stored.node_id if stored else fallback_node_id(cell_id, source)
        if stored is not None and text.language is Language.HOGQL and text.connection_id is None:
            text = replace(text, connection_id=stored.text.connection_id, is_raw=stored.text.is_raw)
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


async def _telling_mistakes(text: CellText, events: AsyncIterator[Event]) -> AsyncIterator[Event]:
    """Yield the events of a cell; PostHog's refusal of an SQL cell is told as a mistake in its query."""
    try:
        async for event in events:
            yield event
    except InvalidRequestError as error:
        if text.language is Language.PYTHON:
            raise
        raise QueryRefusedError(status=error.status, detail=error.detail) from error
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()  # no request of its stays open
