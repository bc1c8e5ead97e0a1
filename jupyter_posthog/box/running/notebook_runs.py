"""Runs of a whole stored notebook, cell after cell (posthog-api.md 13)."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import Any

from jupyter_posthog.box.moments import now
from jupyter_posthog.box.refusals import Refusal, bare, not_found
from jupyter_posthog.box.running.runs import Run, Runs
from jupyter_posthog.box.text.cells import StoredCell, names_in

Json = Any
LOOK_EVERY_S = 0.05


@dataclass(slots=True, kw_only=True)
class NotebookRun:
    """One run of a whole notebook; ``cell_runs`` are those that were started, in the order of ``cells``."""

    person: str
    short_id: str
    cells: list[StoredCell]
    variables: list[Json]
    trigger: str
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "running"
    error: str | None = None
    failed_node_id: str | None = None
    cell_runs: list[Run] = field(default_factory=list)
    is_interrupted: bool = False
    created_at: str = field(default_factory=now)
    finished_at: str | None = None

    @property
    def needs_kernel(self) -> bool:
        """Whether a cell of it runs in a kernel."""
        return any(cell.cell_type == "python" for cell in self.cells)

    def to_wire(self) -> Json:
        """Return the run as the endpoint gives it."""
        is_open = self.status == "running"
        done = sum(run.status == "done" for run in self.cell_runs)
        return {
            "run_id": self.run_id,
            "status": self.status,
            "trigger": self.trigger,
            "variables": self.variables,
            "cell_count": len(self.cells),
            "current_index": done,
            "current_node_id": self.cells[done].node_id if is_open and done < len(self.cells) else None,
            "failed_node_id": self.failed_node_id,
            "error": self.error,
            "cells": [self._cell(number, cell) for number, cell in enumerate(self.cells)],
            "created_at": self.created_at,
            "finished_at": self.finished_at,
        }

    def _cell(self, number: int, cell: StoredCell) -> Json:
        run = self.cell_runs[number] if number < len(self.cell_runs) else None
        return {
            "node_id": cell.node_id,
            "cell_type": cell.cell_type,
            "dataframe_name": cell.name,
            "run_id": run.run_id if run else None,
            "status": run.status if run else None,
            "error": run.error if run else None,
        }


class NotebookRuns:
    """The whole-notebook runs of this process."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._started: dict[str, NotebookRun] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, run: NotebookRun) -> None:
        """Begin with the first cell.

        Raises:
            Refusal: 409 or 429 where that cell cannot start now, 400 where it reads what is not there.
        """
        if self.is_running(run.short_id):
            raise bare(409, "This notebook already has a cell running. Wait for it to finish, then run this one.")
        await self._start_cell(run, run.cells[0])
        self._started[run.run_id] = run
        task = asyncio.ensure_future(self._follow(run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def is_running(self, short_id: str) -> bool:
        """Whether a run of this notebook has not ended."""
        return any(run.short_id == short_id and run.status == "running" for run in self._started.values())

    def find(self, short_id: str, run_id: str) -> NotebookRun:
        """Return one run.

        Raises:
            Refusal: 404.
        """
        run = self._started.get(run_id)
        if run is None or run.short_id != short_id:
            raise not_found()
        return run

    async def interrupt(self, run: NotebookRun) -> bool:
        """Stop a run and the cell it is at; return whether there was something to stop."""
        if run.status != "running":
            return False
        run.is_interrupted = True
        open_runs = [cell_run for cell_run in run.cell_runs if cell_run.status == "running"]
        for cell_run in open_runs:
            await self._runs.interrupt(cell_run)
        self._end(run, "interrupted")
        return True

    async def aclose(self) -> None:
        """Give up what still runs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _start_cell(self, run: NotebookRun, cell: StoredCell) -> None:
        cell_run, _ = await self._runs.start(run.person, run.short_id, _request(cell, run))
        run.cell_runs.append(cell_run)

    async def _follow(self, run: NotebookRun) -> None:
        for number, cell in enumerate(run.cells):
            if run.is_interrupted:
                return
            try:
                if number:
                    await self._start_cell(run, cell)
            except Refusal as refusal:
                self._fail(run, cell, str((refusal.body or {}).get("detail", "")))
                return
            if not await self._is_done(run, cell):
                return
        self._end(run, "done")

    async def _is_done(self, run: NotebookRun, cell: StoredCell) -> bool:
        """Wait for the end of the cell that was started last; return whether the next one may start."""
        cell_run = run.cell_runs[-1]
        while cell_run.status == "running":  # noqa: ASYNC110  # what runs has no event to wait for
            await asyncio.sleep(LOOK_EVERY_S)
        if cell_run.status == "failed":
            self._fail(run, cell, cell_run.error or "")
        elif cell_run.status != "done":
            self._end(run, cell_run.status)
        return cell_run.status == "done"

    def _fail(self, run: NotebookRun, cell: StoredCell, error: str) -> None:
        run.failed_node_id, run.error = cell.node_id, error
        self._end(run, "failed")

    def _end(self, run: NotebookRun, status: str) -> None:
        if run.status == "running":
            run.status, run.finished_at = status, now()


def _request(cell: StoredCell, run: NotebookRun) -> dict[str, Json]:
    """Return one cell as the request of its run, with the cells whose frames it reads (12.2)."""
    return {
        "node_id": cell.node_id,
        "node_type": "hogql" if cell.cell_type == "sql" else "python",
        "code": cell.code,
        "output_name": cell.name,
        "refs": _references(cell, run.cells),
        "variables": run.variables,
    }


def _references(cell: StoredCell, cells: list[StoredCell]) -> dict[str, Json]:
    """Return the cells whose frames a cell reads, by name."""
    read = _read_by(cell, cells)
    kinds = {other.node_id: "hogql" if is_query(other, cells) else "local" for other in read}
    return {other.name: {"node_id": other.node_id, "kind": kinds[other.node_id]} for other in read}


def is_query(cell: StoredCell, cells: list[StoredCell]) -> bool:
    """Whether a cell runs in ClickHouse: SQL that reads no frame of a kernel, directly or through others."""
    others = [one for one in cells if one is not cell]
    return cell.cell_type == "sql" and all(is_query(other, others) for other in _read_by(cell, cells))


def _read_by(cell: StoredCell, cells: list[StoredCell]) -> list[StoredCell]:
    named = names_in(cell)
    return [other for other in cells if other.name in named and other is not cell]
