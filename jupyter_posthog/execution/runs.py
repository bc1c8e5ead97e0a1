"""RunExecutor: PostHog's cell runs (posthog-api.md 12). Works with a personal API key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import anyio

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import RunStarted, RunStatus
from jupyter_posthog.errors import (
    HostAwayError,
    NotebookBusyError,
    NotPosthogError,
    PosthogError,
    ProjectBusyError,
    RateLimitedError,
    RunStuckError,
    ServerFailedError,
    StreamCutError,
)
from jupyter_posthog.execution.events import INTERRUPTED, CellBegan, CellEnded, CellFailed, Event, Progress
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.frames import python_code
from jupyter_posthog.execution.magics import Language
from jupyter_posthog.execution.remote_kernel import RemoteKernel
from jupyter_posthog.execution.run_following import (
    AWAY_LIMIT_S,
    KERNEL_LIMIT_S,
    SQL_LIMIT_S,
    Pause,
    RunPlace,
    end_of,
    follow_run,
    limit_progress,
)
from jupyter_posthog.execution.run_outcomes import outcome_events
from jupyter_posthog.execution.stopping import ended_first, stopped_within

SLOT_GAP_S = 1.5
INTERRUPT_GRACE_S = 1.4
_GATEWAY_FAILED = {502, 504}


class RunExecutor(RemoteKernel):
    """Runs the cells of one notebook as durable runs."""

    name = "runs"

    def __init__(
        self,
        api: PosthogApi,
        project_id: int,
        short_id: str,
        *,
        pause: Pause = stopped_within,
        away_limit_s: float = AWAY_LIMIT_S,
    ) -> None:
        """Prepare.

        Args:
            pause: Waits between two polls, given the person's stop and seconds; returns whether the stop came.
            away_limit_s: How long PostHog may be silent before a cell leaves its run alone.
        """
        super().__init__(api, project_id, short_id)
        self._pause = pause
        self._away_limit_s = away_limit_s
        self._run: RunPlace | None = None
        self._unheard: set[asyncio.Task[None]] = set()

    def describe(self) -> str:
        """Say in one sentence how cells run."""
        return "Cells run as PostHog runs; their output appears when they end."

    async def execute(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        """Run one cell; its output comes at the end."""
        started: RunStarted | None = None
        async for step in self._starting(cell, stop):
            if isinstance(step, RunStarted):
                started = step
            else:
                yield step
        if started is None:
            yield INTERRUPTED
            return
        self._run = RunPlace(api=self._api, project_id=self._project_id, short_id=self._short_id, run_id=started.run_id)
        yield CellBegan(
            run_id=started.run_id,
            starts_sandbox=started.starts_sandbox,
            hourly_price=started.sandbox_hourly_price,
        )
        async for event in self._following(self._run, cell, stop, starts_sandbox=started.starts_sandbox):
            yield event
        self._run = None

    async def interrupt(self) -> bool:
        """Ask PostHog to stop the run of the cell that runs."""
        if self._run is None:
            return False
        await self._api.runs.interrupt(self._project_id, self._short_id, self._run.run_id)
        return True

    async def aclose(self) -> None:
        """Stop listening for starts that nobody waits for."""
        for task in self._unheard:
            task.cancel()
        if self._unheard:
            await asyncio.wait(self._unheard)

    async def _starting(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Progress | RunStarted]:
        """Yield why it has to wait, then the run; without one when the person said stop."""
        while True:
            # A start that is on its way cannot be taken back, so it is never cancelled.
            sending = asyncio.ensure_future(self._start(cell))
            try:
                if not await ended_first(sending, stop):
                    self._stop_when_started(sending)
                    return
                yield sending.result()
                return
            except (NotebookBusyError, ProjectBusyError) as error:
                # Nothing was started, so asking again is safe.
                yield Progress(text=_WAITING[error.reason])
                wait_s = SLOT_GAP_S
            except RateLimitedError as error:
                yield limit_progress(error)
                wait_s = error.wait_s
            if await self._pause(stop, wait_s):
                return

    def _stop_when_started(self, sending: asyncio.Future[RunStarted]) -> None:
        async def stop_it() -> None:
            try:
                started = await sending
                await self._api.runs.interrupt(self._project_id, self._short_id, started.run_id)
            except PosthogError:
                return  # it was not started, or the next cell waits for its end and says so

        task = asyncio.ensure_future(stop_it())
        self._unheard.add(task)
        task.add_done_callback(self._unheard.discard)

    async def _following(
        self, run: RunPlace, cell: CellToRun, stop: asyncio.Event, *, starts_sandbox: bool
    ) -> AsyncIterator[Event]:
        limit_s = SQL_LIMIT_S if cell.language is Language.HOGQL else KERNEL_LIMIT_S
        status: RunStatus | None = None
        try:
            async for step in follow_run(
                run,
                stop,
                starts_sandbox=starts_sandbox,
                limit_s=limit_s,
                away_limit_s=self._away_limit_s,
                pause=self._pause,
            ):
                if isinstance(step, Progress):
                    yield step
                else:
                    status = step
        except RunStuckError:
            await self._stop(run)
            raise
        if status is None:
            status = await self._stop(run)
        for event in _outcome(status, cell, run.run_id):
            yield event

    async def _start(self, cell: CellToRun) -> RunStarted:
        """Start the run; where the answer was lost, look for what became of it: a run is never started twice."""
        try:
            return await self._send(cell)
        except (HostAwayError, ServerFailedError, NotPosthogError) as error:
            if not _may_have_arrived(error):
                raise
            run_id = await self._find_lost(cell)
            if run_id is None:
                raise StreamCutError(host=self._api.transport.host) from error
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

    async def _stop(self, run: RunPlace) -> RunStatus | None:
        """Ask PostHog to stop the run; None where it has not confirmed in time."""
        with anyio.move_on_after(INTERRUPT_GRACE_S):
            try:
                await self._api.runs.interrupt(self._project_id, self._short_id, run.run_id)
                return await end_of(run)
            except PosthogError:
                return None  # control goes back to the person whatever PostHog says
        return None


def _outcome(status: RunStatus | None, cell: CellToRun, run_id: str) -> Iterator[Event]:
    if status is None:
        yield _STILL_RUNNING
        return
    yield CellEnded(run_id=run_id, status=status.status, envelope=status.result, error=status.error or "")
    yield from outcome_events(status, run_id=run_id, name=cell.result_name)


def _may_have_arrived(error: PosthogError) -> bool:
    match error:
        case HostAwayError():
            return error.may_have_arrived
        case ServerFailedError():
            return error.status in _GATEWAY_FAILED
    return True


_WAITING = {
    NotebookBusyError.reason: "another cell of this notebook is running in PostHog",
    ProjectBusyError.reason: "this project already runs as many cells as PostHog allows",
}
_NOT_CONFIRMED = (
    "PostHog was asked to stop this cell and has not confirmed it yet; it may run a little longer there. "
    "`%posthog attach` shows what became of it."
)
_STILL_RUNNING = CellFailed(
    error_name="KeyboardInterrupt",
    error_text=_NOT_CONFIRMED,
    traceback=(f"KeyboardInterrupt: {_NOT_CONFIRMED}",),
)
