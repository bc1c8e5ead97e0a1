"""Run endpoints and the query endpoint (posthog-api.md 12, 17)."""

from __future__ import annotations

import re
import uuid

from jupyter_posthog.box.cells import StoredCell, cells_of
from jupyter_posthog.box.clickhouse import QueryFailed, Table
from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.kernel_handlers import PERSON, SCRATCHPAD, KernelHandler
from jupyter_posthog.box.notebooks import markdown_of
from jupyter_posthog.box.refusals import Refusal, bare, invalid

QUERY_LIMIT_S = 600.0
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class RunHandler(KernelHandler):
    """``sql_v2/run/``."""

    scopes = {"POST": ("notebook:write", "query:read")}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str) -> None:
        """Start one cell run."""
        run, starts_kernel = await self.box.runs.start(self.notebook(short_id), self.body())
        price = 0.25 if starts_kernel else None
        self.answer({"run_id": run.run_id, "starts_sandbox": starts_kernel, "sandbox_hourly_price": price})


class RunStatusHandler(KernelHandler):
    """``sql_v2/runs/:run_id/``."""

    scopes = {"GET": ("notebook:read", "query:read")}  # noqa: RUF012

    def get(self, project_id: str, short_id: str, run_id: str) -> None:
        """Answer how far one run is."""
        run = self.box.runs.find(self.notebook(short_id), run_id)
        answer: dict[str, Json] = {"status": run.status, "result": run.result, "error": run.error}
        if run.rows is not None and run.status == "done":
            answer["rows"] = run.rows
        self.answer(answer)


class RunPageHandler(KernelHandler):
    """``sql_v2/runs/:run_id/page/``."""

    scopes = {"GET": ("notebook:read", "query:read")}  # noqa: RUF012

    async def get(self, project_id: str, short_id: str, run_id: str) -> None:
        """Answer rows of the frame that a kernel run made."""
        run = self.box.runs.find(self.notebook(short_id), run_id)
        if run.node_type == "hogql" and run.rows is not None:
            raise bare(400, "Paging is for kernel runs.")
        kernel = await self.box.kernels.find(PERSON, short_id)
        offset, limit = self.integer("offset", 0), self.integer("limit", 50, least=1, most=500)
        page = await kernel.ask(f"_ph.page({run.output_name!r}, {offset}, {limit})") if kernel else None
        if page is None:
            raise bare(409, "stale")
        keys = {"columns": "columns", "rows": "first_page", "row_count": "row_count", "has_more": "has_more"}
        self.answer({name: page[key] for name, key in keys.items()})


class RunInterruptHandler(KernelHandler):
    """``sql_v2/runs/:run_id/interrupt/``."""

    scopes = {"POST": ("notebook:write",)}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str, run_id: str) -> None:
        """Ask one run to stop."""
        run = self.box.runs.find(self.notebook(short_id), run_id)
        if run.status == "running":
            await self.box.runs.interrupt(run)
        is_open = run.status == "running"
        self.answer({"status": run.status}, 202 if is_open else 200)


class StateHandler(KernelHandler):
    """``sql_v2/state/``."""

    scopes = {"GET": ("notebook:read", "query:read")}  # noqa: RUF012

    async def get(self, project_id: str, short_id: str) -> None:
        """Answer the notebook's cells and their last runs."""
        record = None if short_id == SCRATCHPAD else self.box.store.find(short_id)
        markdown = markdown_of(record.content) if record else ""
        kernel = await self.box.kernels.find(PERSON, short_id)
        state: dict[str, Json] = {
            "notebook_id": short_id,
            "title": record.title if record else None,
            "version": record.version if record else 0,
            "markdown": markdown,
            "kernel": {"status": "running" if kernel else "stopped", "cpu_cores": 1.0, "memory_gb": 2.0},
            "variables": record.variables if record else [],
            "cells": self._cells(short_id, list(cells_of(markdown or ""))),
        }
        self.answer(state if markdown is not None or record is None else state | {"content": record.content})

    def _cells(self, short_id: str, cells: list[StoredCell]) -> list[Json]:
        """Return every cell with the cells whose frames it names, and those that name its own."""
        uses = {
            cell.node_id: [
                other.node_id for other in cells if other is not cell and other.name in _WORD.findall(cell.code)
            ]
            for cell in cells
        }
        return [
            self._cell(short_id, cell)
            | {
                "depends_on": uses[cell.node_id],
                "dependents": [node_id for node_id, used in uses.items() if cell.node_id in used],
            }
            for cell in cells
        ]

    def _cell(self, short_id: str, cell: StoredCell) -> dict[str, Json]:
        run = self.box.runs.last_of(short_id, cell.node_id)
        last = None
        status = "never_run"
        if run is not None:
            status = run.status if run.code == cell.code else "stale"
            last = {"run_id": run.run_id, "status": run.status, "finished_at": run.finished_at, "error": run.error}
            last |= {key: (run.result or {}).get(key) for key in ("row_count", "columns")}
        return {
            "node_id": cell.node_id,
            "cell_type": cell.cell_type,
            "dataframe_name": cell.name,
            "code": cell.code,
            "start": cell.start,
            "end": cell.end,
            "status": status,
            "last_run": last,
        }


class QueryHandler(BoxHandler):
    """``/api/projects/:p/query/``."""

    scopes = {"POST": ("query:read",)}  # noqa: RUF012

    async def post(self, project_id: str) -> None:
        """Run one HogQL query and answer its rows."""
        query = self.body().get("query")
        if not isinstance(query, dict) or query.get("kind") != "HogQLQuery" or not isinstance(query.get("query"), str):
            raise invalid("Only a HogQLQuery can be run here.", attr="query")
        try:
            table = await self.box.clickhouse.run_hogql(
                query["query"],
                query_id=str(uuid.uuid4()),
                timeout_s=QUERY_LIMIT_S,
                values=query.get("values") if isinstance(query.get("values"), dict) else {},
            )
        except QueryFailed as error:
            raise Refusal(
                400, {"type": "validation_error", "code": "invalid_input", "detail": str(error), "attr": None}
            ) from error
        self.answer(query_answer(query["query"], table))


class HogqlExecuteHandler(KernelHandler):
    """``hogql/execute/``."""

    scopes = {"POST": None}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str) -> None:
        """Run one HogQL query through a notebook (11.9)."""
        self.notebook(short_id)
        query = self.body().get("query")
        if not isinstance(query, str) or not query.strip():
            raise Refusal(400, {"error": "query is required"})
        try:
            table = await self.box.clickhouse.run_hogql(query, query_id=str(uuid.uuid4()), timeout_s=QUERY_LIMIT_S)
        except QueryFailed as error:
            raise Refusal(400, {"error": str(error)}) from error
        self.answer(query_answer(query, table))


def query_answer(hogql: str, table: Table) -> Json:
    """Return the answer of the query endpoint (17)."""
    return {
        "results": table.rows,
        "columns": table.columns,
        "types": table.types,
        "hasMore": table.has_more,
        "limit": table.limit,
        "offset": 0,
        "hogql": hogql,
        "query": hogql,
        "clickhouse": table.sql,
        "timings": [],
        "error": None,
        "is_cached": False,
    }
