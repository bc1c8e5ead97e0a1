"""Cell runs: which there are, who may start another, how one is stopped (posthog-api.md 12)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from jupyter_posthog.box.engine.upstream import Upstream
from jupyter_posthog.box.refusals import bare, not_found
from jupyter_posthog.box.running.envelopes import interrupted_envelope
from jupyter_posthog.box.running.run_execution import RunExecution
from jupyter_posthog.box.running.run_requests import Run as Run
from jupyter_posthog.box.running.run_requests import requested
from jupyter_posthog.box.running.run_store import RunStore
from jupyter_posthog.box.text.cells import code_of_node
from jupyter_posthog.box.trouble.effects import Effect

if TYPE_CHECKING:
    from jupyter_posthog.box.server import Box

Json = Any
PER_PROJECT = 10
INTERRUPT_GAP_S = 0.25
REUSED_FOR = timedelta(hours=1)


class Runs:
    """The runs of a box: those of this process, and what is kept of earlier ones."""

    def __init__(self, box: Box, store: RunStore) -> None:
        self._box = box
        self._store = store
        self._runs = {run.run_id: run for run in store.load()}
        self._last = {(run.short_id, run.node_id): run for run in self._runs.values()}
        self._tasks: set[asyncio.Task[None]] = set()
        self._carried_out: set[str] = set()
        self._upstream = Upstream(self.last_of, lambda short_id, node_id: code_of_node(box.store, short_id, node_id))
        self._execution = RunExecution(box.clickhouse, box.kernels, self._upstream, box.effects)

    async def start(self, person: str, short_id: str, body: dict[str, Json]) -> tuple[Run, bool]:
        """Start one run for a person; return it and whether a kernel starts for it.

        Raises:
            Refusal: 400, 409 or 429 (12.2).
        """
        run = requested(person, short_id, body)
        if body.get("reuse_results") is True and (earlier := self._same(run)) is not None:
            return earlier, False
        self._check_slots(short_id)
        self._upstream.check(run)
        has_kernel = await self._box.kernels.find(person, short_id) is not None
        # Another request can have come in while the kernel was looked for.
        self._check_slots(short_id)
        self._runs[run.run_id] = self._last[short_id, run.node_id] = run
        run.on_end = self._store.save
        self._store.save(run)
        if not self._box.effects.is_on(Effect.RUN_NEVER_ENDS):
            self._begin(self._carry_out(run))
        return run, run.in_kernel and not has_kernel

    def find(self, short_id: str, run_id: str) -> Run:
        """Return one run.

        Raises:
            Refusal: 404.
        """
        run = self._runs.get(run_id)
        if run is None or run.short_id != short_id:
            raise not_found()
        return run

    def is_replaced(self, run: Run) -> bool:
        """Whether a later run bound another frame to the name of this one's."""
        later = list(self._runs.values())
        later = later[later.index(run) + 1 :]
        place = (run.person, run.short_id, run.output_name)
        return any((other.person, other.short_id, other.output_name) == place and other.in_kernel for other in later)

    def last_of(self, short_id: str, node_id: str) -> Run | None:
        """Return the last run of one cell."""
        return self._last.get((short_id, node_id))

    async def interrupt(self, run: Run) -> None:
        """Ask one run to stop; a query has stopped at once, code in a kernel stops a moment later."""
        run.is_interrupted = True
        if run.in_kernel:
            self._begin(self._keep_interrupting(run))
            return
        run.end(interrupted_envelope())
        self._begin(self._box.clickhouse.kill(run.query_id))

    async def aclose(self) -> None:
        """Give up what still runs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._store.close()

    async def _carry_out(self, run: Run) -> None:
        self._carried_out.add(run.run_id)
        try:
            await self._execution.carry_out(run)
        finally:
            self._carried_out.discard(run.run_id)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _check_slots(self, short_id: str) -> None:
        open_runs = [run for run in self._runs.values() if run.status == "running"]
        if any(run.short_id == short_id for run in open_runs):
            raise bare(409, "This notebook already has a cell running. Wait for it to finish, then run this one.")
        if len(open_runs) >= PER_PROJECT:
            raise bare(429, "This project is running as many notebook cells as it can at once. Try again shortly.")

    def _same(self, run: Run) -> Run | None:
        """Return an earlier run of the same cell and query that can stand for this one."""
        last = self.last_of(run.short_id, run.node_id)
        if (
            last is None
            or last.person != run.person
            or last.status != "done"
            or last.finished_at is None
            or last.in_kernel
        ):
            return None
        is_fresh = datetime.now(UTC) - datetime.fromisoformat(last.finished_at) < REUSED_FOR
        alike = (last.code, last.references, last.variables) == (run.code, run.references, run.variables)
        return last if is_fresh and alike else None

    async def _keep_interrupting(self, run: Run) -> None:
        """Interrupt until the run has ended: the first one can come before its code has begun."""
        while run.status == "running":
            kernel = await self._box.kernels.find(run.person, run.short_id)
            if kernel is not None and kernel.is_busy:
                await kernel.interrupt()
            elif run.run_id not in self._carried_out:
                run.end(interrupted_envelope())
            await asyncio.sleep(INTERRUPT_GAP_S)
