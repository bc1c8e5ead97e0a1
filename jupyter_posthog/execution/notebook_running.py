"""Runs a whole notebook: by PostHog's own run of it where that does the same, else cell by cell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence

from jupyter_posthog.api.notebook_runs import NotebookRunStatus
from jupyter_posthog.document.outputs.results import envelope_to_outputs, error_to_output
from jupyter_posthog.errors import (
    AccessDeniedError,
    EndpointMissingError,
    KeyNotSupportedError,
    MissingScopeError,
    NotebookBusyError,
    PosthogError,
)
from jupyter_posthog.execution.events import INTERRUPTED, CellFailed, Event, Progress, events_from_outputs
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.frames import completed
from jupyter_posthog.execution.notebook_cells import CellOutcome, NotebookCell
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.run_log import RunLog
from jupyter_posthog.execution.session import NotebookSession
from jupyter_posthog.execution.stopping import stopped_within
from jupyter_posthog.messages import sentence
from jupyter_posthog.records.runs import RunRecord, source_digest

SHORTEST_GAP_S, LONGEST_GAP_S, SLOT_GAP_S = 0.25, 2.0, 1.5
#: A cell that begins, what is going on there, or how it ended.
Step = NotebookCell | Progress | CellOutcome


async def run_cells(
    session: NotebookSession, cells: Sequence[NotebookCell], stop: asyncio.Event
) -> AsyncIterator[Step]:
    """Run cells one after the other, up to the first that fails and may not.

    Args:
        stop: Set when the person wants the run to end.
    """
    for cell in cells:
        yield cell
        outcome, began_s = CellOutcome(of=cell), time.monotonic()
        try:
            async for event in session.run(str(cell.cell["source"]), cell_id=cell.cell.get("id"), stop=stop):
                if isinstance(event, Progress):
                    yield event
                else:
                    outcome.take(event)
        except PosthogError as error:
            text = sentence(error)
            outcome.take(CellFailed(error_name=type(error).__name__, error_text=text, traceback=(text,)))
        outcome.seconds = round(time.monotonic() - began_s, 3)
        yield outcome
        if outcome.ends_the_run or stop.is_set():
            return


class WholeRun:
    """One run of a stored notebook by PostHog itself (posthog-api.md 13)."""

    def __init__(self, place: NotebookPlace, cells: Sequence[NotebookCell], log: RunLog) -> None:
        self._place = place
        self._cells = {cell.node_id: cell for cell in cells}
        self._log = log
        self._told: set[str] = set()
        self._run_id = ""
        self._notebook: Mapping[str, str | int] = {
            "connection": place.connection,
            "project_id": place.project_id,
            "short_id": place.short_id,
        }

    async def start(self, stop: asyncio.Event) -> bool:
        """Start it, waiting while another cell runs; False where this server or credential has no such runs."""
        place = self._place
        while not stop.is_set():
            try:
                started = await place.api.notebook_runs.start(place.project_id, place.short_id)
            except NotebookBusyError:
                await stopped_within(stop, SLOT_GAP_S)
            except (EndpointMissingError, KeyNotSupportedError, MissingScopeError, AccessDeniedError):
                return False
            else:
                self._run_id = started.run_id
                return True
        return True

    async def steps(self, stop: asyncio.Event) -> AsyncIterator[Step]:
        """Follow it to its end."""
        place, began_s, begun = self._place, time.monotonic(), ""
        if not self._run_id:
            return  # stopped before it began
        while True:
            status = await place.api.notebook_runs.fetch(place.project_id, place.short_id, self._run_id)
            for step in await self._news(status):
                yield step
            current = next((cell.node_id for cell in status.cells if cell.status == "running"), "")
            if current != begun and current in self._cells:
                begun = current
                yield self._cells[current]
            if status.is_final:
                return
            elapsed_s = time.monotonic() - began_s
            if await stopped_within(stop, min(max(elapsed_s / 10, SHORTEST_GAP_S), LONGEST_GAP_S)):
                async for last in self._interrupt(begun):
                    yield last
                return

    async def _interrupt(self, node_id: str) -> AsyncIterator[Step]:
        place = self._place
        await place.api.notebook_runs.interrupt(place.project_id, place.short_id, self._run_id)
        status = await place.api.notebook_runs.fetch(place.project_id, place.short_id, self._run_id)
        for step in await self._news(status):
            yield step
        if node_id in self._cells and node_id not in self._told:
            outcome = CellOutcome(of=self._cells[node_id])
            outcome.take(INTERRUPTED)
            yield outcome

    async def _news(self, status: NotebookRunStatus) -> list[CellOutcome]:
        """Return the outcomes of cells that have ended since the last look."""
        found = []
        for cell in status.cells:
            has_ended = cell.status in {"done", "failed", "interrupted"}
            if not has_ended or cell.node_id in self._told or cell.node_id not in self._cells:
                continue
            self._told.add(cell.node_id)
            found.append(await self._outcome(self._cells[cell.node_id], cell.run_id, cell.error or status.error or ""))
        return found

    async def _outcome(self, cell: NotebookCell, run_id: str | None, error: str) -> CellOutcome:
        outcome, place = CellOutcome(of=cell), self._place
        if run_id is None:
            outcome.take(next(events_from_outputs([error_to_output(error or "Error: PostHog did not say why.")])))
            return outcome
        run = await place.api.runs.fetch(place.project_id, place.short_id, run_id)
        envelope = run.result or {}
        outputs = envelope_to_outputs(envelope, run_id=run_id, name=cell.text.result_name or None)  # type: ignore[arg-type]
        if run.status == "failed" and not any(output["output_type"] == "error" for output in outputs):
            outputs.append(error_to_output(run.error or error or "Error: PostHog did not say why."))
        for event in events_from_outputs(outputs):
            outcome.take(self._completed(event, cell))
        if run.status == "interrupted":
            outcome.take(INTERRUPTED)
        timings = envelope.get("timings")
        parts = timings.values() if isinstance(timings, dict) else ()
        outcome.seconds = round(sum(float(part) for part in parts if isinstance(part, int | float)), 3)
        self._keep(cell, run_id, run.status, run.result, run.error or "")
        return outcome

    def _completed(self, event: Event, cell: NotebookCell) -> Event:
        text = cell.text
        asked = CellToRun(node_id=cell.node_id, language=text.language, code=text.code, result_name=text.result_name)
        return completed(event, asked, self._notebook)

    def _keep(self, cell: NotebookCell, run_id: str, status: str, result: object, error: str) -> None:
        """Write the result down, so that a save takes it into the document."""
        envelope = result if isinstance(result, dict) else None
        self._log.runs.keep(
            self._log.key,
            RunRecord(
                node_id=cell.node_id,
                source_digest=source_digest(str(cell.cell["source"])),
                run_id=run_id,
                status=status,
                recorded_at=self._log.now().isoformat(),
                envelope=envelope,
                error=error,
            ),
        )


async def out_of_date(place: NotebookPlace, cells: Sequence[NotebookCell]) -> list[NotebookCell]:
    """Return the cells that PostHog says never ran, failed, or ran before what they read (posthog-api.md 12.6).

    Raises:
        EndpointMissingError: This PostHog does not tell.
    """
    states = await place.api.runs.statuses(place.project_id, place.short_id)
    return [cell for cell in cells if states.get(cell.node_id, "never_run") != "done"]
