"""Shows what became of runs that nobody waited for: ``%posthog attach`` (design.md §5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from jupyter_posthog.api.models import RunStatus
from jupyter_posthog.errors import MagicNotUnderstoodError
from jupyter_posthog.execution.events import CellEnded, CellFailed, Event, StreamText
from jupyter_posthog.execution.place_commands import refuse_words
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.posthog_magic import Subcommand
from jupyter_posthog.execution.run_following import RunPlace, follow_run
from jupyter_posthog.execution.run_log import RunLog, attached
from jupyter_posthog.execution.run_outcomes import outcome_events
from jupyter_posthog.records.runs import RunRecord


def attach_command(place: NotebookPlace, log: RunLog) -> Subcommand:
    """Return the subcommand; it waits for runs that go on, runs nothing again, and can be stopped."""

    async def attach(words: Sequence[str]) -> AsyncIterator[Event]:
        refuse_words("attach", words[1:])
        found = _wanted(log, words[0] if words else None)
        if not found:
            yield _line("No run of this notebook is noted here that PostHog has not ended or the notebook not stored.")
        for record in found:
            async for event in _shown(place, log, record):
                yield event

    return Subcommand(name="attach", help="show what became of runs that nobody waited for", run=attach)


def _wanted(log: RunLog, run_id: str | None) -> list[RunRecord]:
    records = sorted(log.runs.records(log.key), key=lambda record: record.recorded_at)
    with_run = [record for record in records if record.run_id is not None]
    if run_id is None:
        return [record for record in with_run if not record.is_final] or with_run[-1:]
    found = [record for record in with_run if record.run_id == run_id]
    if not found:
        raise MagicNotUnderstoodError(problem=f"no run “{run_id}” of this notebook is noted here")
    return found


async def _shown(place: NotebookPlace, log: RunLog, record: RunRecord) -> AsyncIterator[Event]:
    run_id = record.run_id or ""
    yield _line(f"Cell {record.node_id}, run {run_id}:")
    status: RunStatus | None = RunStatus(
        status=record.status,
        result=record.envelope,  # type: ignore[arg-type]  # JSON values
        error=record.error,
    )
    if not record.is_final:
        status = None
        run = RunPlace(api=place.api, project_id=place.project_id, short_id=place.short_id, run_id=run_id)
        async for step in follow_run(run, asyncio.Event()):
            if isinstance(step, RunStatus):
                status = step
            else:
                yield step
    if status is None:
        return
    ended = CellEnded(run_id=run_id, status=status.status, envelope=status.result, error=status.error or "")
    log.runs.keep(log.key, attached(record, ended, log.now()))
    for event in outcome_events(status, run_id=run_id, name=""):
        # Of an earlier cell: this one, which shows it, has not failed.
        if isinstance(event, CellFailed):
            yield StreamText(name="stderr", text="\n".join(event.traceback) + "\n")
        else:
            yield event


def _line(text: str) -> StreamText:
    return StreamText(name="stdout", text=f"{text}\n")
