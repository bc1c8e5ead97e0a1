"""Endpoints of whole-notebook runs (posthog-api.md 13)."""

from __future__ import annotations

from jupyter_posthog.box.handling import Json
from jupyter_posthog.box.kernel.kernel_handlers import KernelHandler
from jupyter_posthog.box.kernel.prices import price_of
from jupyter_posthog.box.notebook_fields import checked_variables
from jupyter_posthog.box.refusals import bare
from jupyter_posthog.box.running.notebook_runs import NotebookRun
from jupyter_posthog.box.text.cells import runnable_cells
from jupyter_posthog.box.text.documents import markdown_of


class StartHandler(KernelHandler):
    """``…/:short_id/runs/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """Run every cell of the stored notebook, up to the first that fails."""
        body = self.body()
        record = self.box.store.find(short_id)
        cells = runnable_cells(markdown_of(record.content) or "")
        if not cells:
            raise bare(400, "This notebook has no SQL or Python cell to run.")
        variables = checked_variables(body["variables"]) if "variables" in body else record.variables
        trigger = "mcp" if self.request.headers.get("X-PostHog-Client") == "mcp" else "ui"
        run = NotebookRun(person=self.person, short_id=short_id, cells=cells, variables=variables, trigger=trigger)
        starts_kernel = run.needs_kernel and await self.box.kernels.find(self.person, short_id) is None
        await self.box.notebook_runs.start(run)
        if "variables" in body:
            self.box.store.update(short_id, {"variables": variables}, self.caller.person)
        price = price_of(self.box.store.kernel_configs.find(short_id)) if starts_kernel else None
        answer: dict[str, Json] = {"run_id": run.run_id, "cell_count": len(cells)}
        self.answer({**answer, "starts_sandbox": starts_kernel, "sandbox_hourly_price": price})


class StatusHandler(KernelHandler):
    """``…/:short_id/runs/:run_id/``."""

    def get(self, project_id: str, short_id: str, run_id: str) -> None:
        """Answer how far a run is."""
        self.answer(self.box.notebook_runs.find(self.notebook(short_id), run_id).to_wire())


class InterruptHandler(KernelHandler):
    """``…/:short_id/runs/:run_id/interrupt/``."""

    async def post(self, project_id: str, short_id: str, run_id: str) -> None:
        """Stop a run."""
        run = self.box.notebook_runs.find(self.notebook(short_id), run_id)
        is_stopped = await self.box.notebook_runs.interrupt(run)
        self.answer({"interrupted": is_stopped, "status": run.status})
