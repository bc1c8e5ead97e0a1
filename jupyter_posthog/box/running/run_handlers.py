"""Endpoints of cell runs (posthog-api.md 12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from jupyter_posthog.box.handling import Json
from jupyter_posthog.box.kernel.kernel_handlers import KernelHandler
from jupyter_posthog.box.kernel.prices import price_of
from jupyter_posthog.box.refusals import bare, invalid
from jupyter_posthog.box.running.runs import Run

MOST_ROWS = 500
ROWS_KEPT = timedelta(minutes=20)


class RunHandler(KernelHandler):
    """``sql_v2/run/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """Start one cell run."""
        run, starts_kernel = await self.box.runs.start(self.person, self.notebook(short_id), self.body())
        price = price_of(self.box.store.kernel_configs.find(short_id)) if starts_kernel else None
        self.answer({"run_id": run.run_id, "starts_sandbox": starts_kernel, "sandbox_hourly_price": price})


class RunStatusHandler(KernelHandler):
    """``sql_v2/runs/:run_id/``."""

    def get(self, project_id: str, short_id: str, run_id: str) -> None:
        """Answer how far one run is."""
        run = self.box.runs.find(self.notebook(short_id), run_id)
        answer: dict[str, Json] = {"status": run.status, "result": run.result, "error": run.error}
        if run.rows is not None and run.status == "done" and _has_rows_still(run):
            answer["rows"] = run.rows
        self.answer(answer)


class RunPageHandler(KernelHandler):
    """``sql_v2/runs/:run_id/page/``."""

    async def get(self, project_id: str, short_id: str, run_id: str) -> None:
        """Answer rows of the frame that a kernel run made."""
        run = self.box.runs.find(self.notebook(short_id), run_id)
        if run.node_type == "hogql" and run.rows is not None:
            raise bare(400, "Paging is for kernel runs.")
        offset, limit = self._number("offset", 0, least=0), self._number("limit", 50, least=1)
        kernel = await self.box.kernels.find(run.person, short_id)
        page = await kernel.ask(f"_ph.page({run.output_name!r}, {offset}, {limit})") if kernel else None
        if page is None or self.box.runs.is_replaced(run):
            raise bare(409, "stale")
        names = {"columns": "columns", "types": "types", "rows": "first_page", "row_count": "row_count"}
        self.answer({name: page[key] for name, key in {**names, "has_more": "has_more"}.items()})

    def _number(self, name: str, default: int, *, least: int) -> int:
        text = self.get_query_argument(name, str(default))
        most = MOST_ROWS if name == "limit" else 2**31
        if not (text.isascii() and text.isdigit()) or not least <= int(text[:12]) <= most:
            raise invalid(f"Ensure this value is between {least} and {most}.", attr=name)
        return int(text)


class RunInterruptHandler(KernelHandler):
    """``sql_v2/runs/:run_id/interrupt/``."""

    async def post(self, project_id: str, short_id: str, run_id: str) -> None:
        """Ask one run to stop."""
        run = self.box.runs.find(self.notebook(short_id), run_id)
        if run.status == "running" and run.in_kernel and run.person != self.person:
            raise bare(409, "This run belongs to another collaborator's kernel.")
        if run.status == "running":
            await self.box.runs.interrupt(run)
        if run.status == "running":
            self.answer({"status": run.status, "detail": "Interrupt requested."}, 202)
        else:
            self.answer({"status": run.status})


def _has_rows_still(run: Run) -> bool:
    """Whether the whole rows of a run are still kept; later there is only its first page (12.3)."""
    ended_at = datetime.fromisoformat(run.finished_at) if run.finished_at else datetime.now(UTC)
    return datetime.now(UTC) - ended_at < ROWS_KEPT
