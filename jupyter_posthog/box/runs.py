"""Cell runs: what runs, what it gave, who may start another (posthog-api.md 12)."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_posthog.box.cells import code_of_node
from jupyter_posthog.box.clickhouse import QueryFailed, Table
from jupyter_posthog.box.kernel_handlers import PERSON
from jupyter_posthog.box.kernels import BoxKernel, Execution
from jupyter_posthog.box.refusals import Refusal, bare, invalid
from jupyter_posthog.box.store import now

if TYPE_CHECKING:
    from jupyter_posthog.box.server import Box

Json = Any
PER_PROJECT = 10
PYTHON_LIMIT_S, SQL_LIMIT_S = 300.0, 600.0
STREAM_CAP, FIRST_PAGE, KEPT_ROWS, MEDIA_CAP = 32_768, 50, 300, 8
REFERENCE_ROWS = 50_000
INTERRUPT_GAP_S = 0.25


@dataclass(slots=True, kw_only=True)
class Run:
    """One execution of one cell."""

    run_id: str
    short_id: str
    node_id: str
    node_type: str
    code: str
    output_name: str
    references: dict[str, dict[str, str]]
    status: str = "running"
    result: Json = None
    error: str | None = None
    rows: list[Json] | None = None
    is_interrupted: bool = False
    finished_at: str | None = None
    query_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class Runs:
    """The runs of this process."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._runs: dict[str, Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, short_id: str, body: dict[str, Json]) -> tuple[Run, bool]:
        """Start one run; return it and whether a kernel starts for it.

        Raises:
            Refusal: 400, 409 or 429 (12.2).
        """
        run = _requested(short_id, body)
        open_runs = [other for other in self._runs.values() if other.status == "running"]
        if any(other.short_id == short_id for other in open_runs):
            raise bare(409, "This notebook already has a cell running. Wait for it to finish, then run this one.")
        if len(open_runs) >= PER_PROJECT:
            raise bare(429, "This project is running as many notebook cells as it can at once. Try again shortly.")
        for name, reference in run.references.items():
            if reference.get("kind") == "hogql" and self._code_of(run, reference) is None:
                raise invalid(f"Unknown reference: {name}", attr="refs")
        in_kernel = run.node_type == "python" or _has_local(run)
        has_kernel = await self._box.kernels.find(PERSON, short_id) is not None
        self._runs[run.run_id] = run
        task = asyncio.ensure_future(self._run(run, in_kernel=in_kernel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return run, in_kernel and not has_kernel

    def find(self, short_id: str, run_id: str) -> Run:
        """Return one run.

        Raises:
            Refusal: 404.
        """
        run = self._runs.get(run_id)
        if run is None or run.short_id != short_id:
            raise Refusal(404, {"type": "invalid_request", "code": "not_found", "detail": "Not found.", "attr": None})
        return run

    def last_of(self, short_id: str, node_id: str) -> Run | None:
        """Return the last run of one cell."""
        runs = [run for run in self._runs.values() if run.short_id == short_id and run.node_id == node_id]
        return runs[-1] if runs else None

    async def interrupt(self, run: Run) -> None:
        """Ask one run to stop."""
        run.is_interrupted = True
        if run.node_type == "hogql" and not _has_local(run):
            await self._box.clickhouse.kill(run.query_id)
            run.status = "interrupted"
            return
        task = asyncio.ensure_future(self._keep_interrupting(run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_interrupting(self, run: Run) -> None:
        """Interrupt until the run has ended: the first one can come before its code has begun."""
        while run.status == "running":
            kernel = await self._box.kernels.find(PERSON, run.short_id)
            if kernel is not None:
                await kernel.interrupt()
            await asyncio.sleep(INTERRUPT_GAP_S)

    async def aclose(self) -> None:
        """Give up what still runs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, run: Run, *, in_kernel: bool) -> None:
        try:
            if in_kernel:
                await self._in_kernel(run)
            else:
                table = await self._query(self._with_references(run), query_id=run.query_id)
                run.rows = table.rows[:KEPT_ROWS]
                self._end(run, _envelope(table))
        except QueryFailed as error:
            self._fail(run, str(error))
        except Exception as error:  # noqa: BLE001  # whatever happened, the run must not stay open
            self._fail(run, f"{type(error).__name__}: {error}")

    def _end(self, run: Run, result: Json) -> None:
        run.result, run.finished_at = result, now()
        run.status = "interrupted" if run.is_interrupted else "done"

    def _fail(self, run: Run, error: str) -> None:
        run.finished_at = now()
        if run.is_interrupted:
            run.status = "interrupted"
        else:
            run.status, run.error = "failed", error

    async def _query(self, hogql: str, *, query_id: str) -> Table:
        return await self._box.clickhouse.run_hogql(hogql, query_id=query_id, timeout_s=SQL_LIMIT_S)

    def _code_of(self, run: Run, reference: dict[str, str]) -> str | None:
        node_id = str(reference.get("node_id"))
        last = self.last_of(run.short_id, node_id)
        if last is not None and last.node_type == "hogql":
            return last.code
        return code_of_node(self._box.store, run.short_id, node_id)

    def _with_references(self, run: Run) -> str:
        """Put the cells that a query reads from before it, as its common table expressions."""
        parts = [
            f"{name} AS ({(self._code_of(run, reference) or '').strip().rstrip(';')})"
            for name, reference in run.references.items()
        ]
        if not parts:
            return run.code
        found = re.match(r"\s*with\s", run.code, re.IGNORECASE)
        rest = run.code[found.end() :] if found else run.code
        return f"WITH {', '.join(parts)}{', ' if found else ' '}{rest}"

    async def _in_kernel(self, run: Run) -> None:
        kernel = await self._box.kernels.get(PERSON, run.short_id)
        await self._load_references(run, kernel)
        if run.is_interrupted:
            self._end(run, _kernel_envelope(Execution(), None, "interrupted"))
            return
        code = run.code
        if run.node_type == "hogql":
            target = run.output_name or "_"
            code = f"{target} = __import__('duckdb').sql({run.code!r}).df()\n{target}"
        execution = await kernel.execute(code, timeout_s=PYTHON_LIMIT_S)
        if run.is_interrupted or execution.error_name == "KeyboardInterrupt":
            run.is_interrupted = True
            self._end(run, _kernel_envelope(execution, None, "interrupted"))
        elif execution.status == "ok":
            frame = await kernel.ask(f"_ph.result({execution.execution_count}, {run.output_name!r})")
            self._end(run, _kernel_envelope(execution, frame, "ok"))
        else:
            self._fail(run, _failure(execution))

    async def _load_references(self, run: Run, kernel: BoxKernel) -> None:
        for name, reference in run.references.items():
            code = self._code_of(run, reference)
            if reference.get("kind") != "hogql" or code is None:
                continue
            table = await self._box.clickhouse.run_hogql(
                code, query_id=run.query_id, timeout_s=SQL_LIMIT_S, default_limit=REFERENCE_ROWS
            )
            file = kernel.folder / f"{uuid.uuid4().hex}.json"
            file.write_text(json.dumps({"columns": table.columns, "rows": table.rows}), encoding="utf-8")
            loaded = await kernel.execute(f"_ph.load({name!r}, {str(file)!r})", timeout_s=60.0)
            file.unlink()
            if loaded.status != "ok":
                raise QueryFailed(_failure(loaded))


def _requested(short_id: str, body: dict[str, Json]) -> Run:
    code, node_id = body.get("code"), body.get("node_id")
    for name, value in (("node_id", node_id), ("code", code)):
        if value is None:
            raise invalid("This field is required.", attr=name, code="required")
        if not isinstance(value, str) or not value.strip():
            raise invalid("This field may not be blank.", attr=name, code="blank")
    node_type = body.get("node_type", "hogql")
    if node_type not in {"hogql", "python"}:
        raise invalid(f'"{node_type}" is not a valid choice.', attr="node_type")
    references = body.get("refs") or {}
    return Run(
        run_id=str(uuid.uuid4()),
        short_id=short_id,
        node_id=str(node_id),
        node_type=node_type,
        code=str(code),
        output_name=str(body.get("output_name") or ""),
        references={str(name): dict(value) for name, value in references.items() if str(name).isidentifier()},
    )


def _has_local(run: Run) -> bool:
    return run.node_type == "hogql" and any(ref.get("kind") == "local" for ref in run.references.values())


def _failure(execution: Execution) -> str:
    if execution.status == "timeout":
        return "TimeoutError: The cell ran longer than it may."
    return f"{execution.error_name}: {execution.error_value}"


def _envelope(table: Table) -> Json:
    return {
        "status": "ok",
        "columns": table.columns,
        "types": table.types,
        "row_count": len(table.rows),
        "first_page": table.rows[:FIRST_PAGE],
        "has_more": len(table.rows) > FIRST_PAGE,
        "result_id": str(uuid.uuid4()),
        "stdout": "",
        "stderr": "",
        "media": [],
        "error": None,
        "timings": {"clickhouse_s": table.seconds},
    }


def _kernel_envelope(execution: Execution, frame: Json, status: str) -> Json:
    page = frame or {"columns": [], "types": [], "row_count": 0, "first_page": [], "has_more": False}
    envelope = {
        "status": status,
        **page,
        "result_id": str(uuid.uuid4()),
        "stdout": execution.stdout[:STREAM_CAP],
        "stderr": execution.stderr[:STREAM_CAP],
        "media": [item for item in execution.media if item["mime_type"] == "image/png"][:MEDIA_CAP],
        "error": None,
        "timings": {},
    }
    if frame is None and execution.result and "text/plain" in execution.result:
        envelope["result_text"] = execution.result["text/plain"][:STREAM_CAP]
    return envelope
