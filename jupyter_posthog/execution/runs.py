"""RunExecutor: start a cell run, poll it to its end (posthog-api.md 12). Works with a personal API key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import anyio

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import RunStarted, RunStatus
from jupyter_posthog.document.outputs.results import envelope_to_outputs, error_to_output
from jupyter_posthog.errors import HostAwayError, NotebookBusyError, PosthogError, ProjectBusyError
from jupyter_posthog.execution.events import INTERRUPTED, CellFailed, Event, Progress, events_from_outputs
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.frames import python_code
from jupyter_posthog.execution.magics import Language
from jupyter_posthog.execution.remote_kernel import RemoteKernel
from jupyter_posthog.execution.stopping import stopped_within

# PostHog's page polls at 1, 1.5, 2, 3 s; a gap of 3 s is the longest that keeps SQL runs going (12.3).
SHORTEST_GAP_S = 0.25
LONGEST_GAP_S = 2.0
SLOT_GAP_S = 1.5
INTERRUPT_GRACE_S = 1.5


class RunExecutor(RemoteKernel):
    """Runs the cells of one notebook as durable runs."""

    name = "runs"

    def __init__(
        self,
        api: PosthogApi,
        project_id: int,
        short_id: str,
        *,
        pause: Callable[[asyncio.Event, float], Awaitable[bool]] = stopped_within,
    ) -> None:
        """Prepare.

        Args:
            pause: Waits between two polls, given the person's stop and seconds; returns whether the stop came.
        """
        super().__init__(api, project_id, short_id)
        self._pause = pause

    def describe(self) -> str:
        """Say in one sentence how cells run."""
        return "Cells run as PostHog runs; their output appears when they end."

    async def execute(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        """Run one cell; its output comes at the end."""
        started: RunStarted | None = None
        while started is None:
            try:
                started = await self._start(cell)
            except (NotebookBusyError, ProjectBusyError) as error:
                # Nothing was started, so asking again is safe.
                yield Progress(text=_WAITING[error.reason])
                if await self._pause(stop, SLOT_GAP_S):
                    yield INTERRUPTED
                    return
        yield Progress(text="starting sandbox" if started.starts_sandbox else "running")
        status = await self._wait(started.run_id, stop)
        for event in self._outcome(status, cell, started.run_id):
            yield event

    async def _start(self, cell: CellToRun) -> RunStarted:
        """Start the run; where the answer was lost, look for what became of it: a run is never started twice."""
        try:
            return await self._send(cell)
        except HostAwayError as error:
            run_id = await self._find_lost(cell) if error.may_have_arrived else None
            if run_id is None:
                raise
            return RunStarted(run_id=run_id)

    async def _find_lost(self, cell: CellToRun) -> str | None:
        try:
            return await self._api.runs.find_running(self._project_id, self._short_id, cell.node_id)
        except PosthogError:
            return None  # that the start was lost is the news

    async def _send(self, cell: CellToRun) -> RunStarted:
        return await self._api.runs.start(
            self._project_id,
            self._short_id,
            node_id=cell.node_id,
            node_type="hogql" if cell.language is Language.HOGQL else "python",
            code=python_code(cell) if cell.language is Language.DUCKDB else cell.code,
            output_name=cell.result_name,
            references=cell.references,
            variables=[variable.to_json() for variable in cell.variables],
            connection_id=cell.connection_id,
            is_raw=cell.is_raw,
        )

    async def _wait(self, run_id: str, stop: asyncio.Event) -> RunStatus | None:
        """Poll to the end; None when the person stopped it and PostHog has not confirmed in time.

        There is no handler for cancelling, on purpose: a kernel that goes away detaches from the run.
        """
        started_s = time.monotonic()
        while not (status := await self._fetch(run_id)).is_final:
            elapsed_s = time.monotonic() - started_s
            if await self._pause(stop, min(max(elapsed_s / 10, SHORTEST_GAP_S), LONGEST_GAP_S)):
                return await self._interrupt(run_id)
        return status

    async def _interrupt(self, run_id: str) -> RunStatus | None:
        with anyio.move_on_after(INTERRUPT_GRACE_S):
            try:
                await self._api.runs.interrupt(self._project_id, self._short_id, run_id)
            except PosthogError:
                return None  # control goes back to the person whatever PostHog says
            status = await self._fetch(run_id)
            while not status.is_final:
                await anyio.sleep(SHORTEST_GAP_S)
                status = await self._fetch(run_id)
            return status
        return None

    async def _fetch(self, run_id: str) -> RunStatus:
        return await self._api.runs.fetch(self._project_id, self._short_id, run_id)

    def _outcome(self, status: RunStatus | None, cell: CellToRun, run_id: str) -> Iterator[Event]:
        if status is None:
            yield _STILL_RUNNING
            return
        if status.result is not None:
            outputs = envelope_to_outputs(status.result, run_id=run_id, name=cell.result_name or None)  # type: ignore[arg-type]
            shown = list(events_from_outputs(outputs))
            yield from shown
            if any(isinstance(event, CellFailed) for event in shown):
                return
        if status.status == "interrupted":
            yield INTERRUPTED
        elif status.status == "failed":
            yield from events_from_outputs([error_to_output(status.error or "Error: PostHog did not say why.")])


_WAITING = {
    NotebookBusyError.reason: "another cell of this notebook is running in PostHog",
    ProjectBusyError.reason: "this project already runs as many cells as PostHog allows",
}
_STILL_RUNNING = CellFailed(
    error_name="KeyboardInterrupt",
    error_text="PostHog was asked to stop this cell and has not confirmed it yet; it may run a little longer there.",
    traceback=("KeyboardInterrupt: PostHog was asked to stop this cell and has not confirmed it yet.",),
)
