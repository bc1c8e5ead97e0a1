"""The cells of a notebook, their last runs and who reads from whom (posthog-api.md 12.6)."""

from __future__ import annotations

from jupyter_posthog.box.handling import Json
from jupyter_posthog.box.kernel.kernel_handlers import SCRATCHPAD, KernelHandler
from jupyter_posthog.box.refusals import invalid
from jupyter_posthog.box.running.runs import Run
from jupyter_posthog.box.stored import Record
from jupyter_posthog.box.text.cells import StoredCell, cells_of, cells_with_ids, names_in
from jupyter_posthog.box.text.documents import markdown_of

LONGEST_CODE, PREVIEW = 8 * 1024, 200
_CUT = "\n… (cut)"


class StateHandler(KernelHandler):
    """``sql_v2/state/``."""

    async def get(self, project_id: str, short_id: str) -> None:
        """Answer the whole state, or that of some cells."""
        detail = self.get_query_argument("detail", "full")
        if detail not in {"full", "compact"}:
            raise invalid(f'"{detail}" is not a valid choice.', attr="detail", code="invalid_choice")
        wanted = [cell_id for cell_id in self.get_query_argument("cell_ids", "").split(",") if cell_id]
        record = None if short_id == SCRATCHPAD else self.box.store.find(short_id)
        markdown = markdown_of(record.content) if record else ""
        cells = cells_of(markdown or "")
        shown = cells_with_ids(cells, wanted) if wanted else cells
        is_partial = bool(wanted) or detail == "compact"
        state = await self._notebook(short_id, record)
        state["markdown"] = None if is_partial else markdown
        graph = Graph(cells, {cell.node_id: self.box.runs.last_of(short_id, cell.node_id) for cell in cells})
        longest = PREVIEW if detail == "compact" else None if wanted else LONGEST_CODE
        state["cells"] = [graph.to_wire(cell, longest) for cell in shown]
        if markdown is None and record is not None:
            state["content"] = record.content
        self.answer(state)

    async def _notebook(self, short_id: str, record: Record | None) -> dict[str, Json]:
        await self.box.kernels.find(self.person, short_id)  # looks whether it still lives
        config = self.box.store.kernel_configs.find(short_id)
        return {
            "notebook_id": short_id,
            "title": record.title if record else None,
            "version": record.version if record else 0,
            "kernel": {
                "status": self.box.kernels.record(self.person, short_id).status,
                "cpu_cores": float(config.get("cpu_cores") or 1),
                "memory_gb": float(config.get("memory_gb") or 2),
                "idle_timeout_seconds": config.get("idle_timeout_seconds") or 7200,
            },
            "variables": record.variables if record else [],
        }


class Graph:
    """Which cell reads which, and how fresh each one's last run is."""

    def __init__(self, cells: list[StoredCell], runs: dict[str, Run | None]) -> None:
        owners = {cell.name: cell.node_id for cell in cells if cell.name}
        self._runs = runs
        self._codes = {cell.node_id: cell.code for cell in cells}
        self.reads = {
            cell.node_id: [owners[name] for name in owners if name in names_in(cell) and owners[name] != cell.node_id]
            if cell.cell_type in {"sql", "python"}
            else []
            for cell in cells
        }

    def to_wire(self, cell: StoredCell, longest: int | None) -> dict[str, Json]:
        """Return one cell as the state shows it, its code cut where it is too long."""
        code = cell.code if longest is None or len(cell.code) <= longest else cell.code[:longest] + _CUT
        return {
            "node_id": cell.node_id,
            "cell_type": cell.cell_type,
            "dataframe_name": cell.name,
            "code": code,
            "start": cell.start,
            "end": cell.end,
            "status": self._status(cell.node_id, set()),
            "depends_on": self.reads[cell.node_id],
            "dependents": [node_id for node_id, read in self.reads.items() if cell.node_id in read],
            "last_run": _last_run(self._runs[cell.node_id]),
        }

    def _status(self, node_id: str, seen: set[str]) -> str:
        """Return the last run's status, ``stale`` where its code or what it read has changed since."""
        run = self._runs[node_id]
        if run is None:
            return "never_run"
        if run.status != "done" or node_id in seen:
            return run.status
        return "stale" if self._is_stale(run, seen | {node_id}) else run.status

    def _is_stale(self, run: Run, seen: set[str]) -> bool:
        if run.code != self._codes[run.node_id]:
            return True
        return any(self._is_newer(node_id, run, seen) for node_id in self.reads[run.node_id])

    def _is_newer(self, node_id: str, run: Run, seen: set[str]) -> bool:
        above = self._runs[node_id]
        if above is None or self._status(node_id, seen) == "stale":
            return above is not None
        return (above.finished_at or "") > (run.finished_at or "")


def _last_run(run: Run | None) -> Json:
    if run is None:
        return None
    result = run.result or {}
    return {
        "run_id": run.run_id,
        "status": run.status,
        "finished_at": run.finished_at,
        "row_count": result.get("row_count"),
        "columns": result.get("columns"),
        "error": run.error,
    }
