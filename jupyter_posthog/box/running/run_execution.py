"""Carries one run out: in ClickHouse, or in the kernel of its notebook (posthog-api.md 12)."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Mapping
from typing import Any

from jupyter_posthog.box.engine.clickhouse import ClickHouse, QueryFailed
from jupyter_posthog.box.engine.hogql import HogqlError
from jupyter_posthog.box.engine.sql_text import literal
from jupyter_posthog.box.engine.upstream import Upstream
from jupyter_posthog.box.kernel.executions import Execution
from jupyter_posthog.box.kernel.kernel_pool import Kernels
from jupyter_posthog.box.kernel.kernels import BoxKernel, KernelDied
from jupyter_posthog.box.running.envelopes import interrupted_envelope, kept_rows, kernel_envelope, query_envelope
from jupyter_posthog.box.running.run_requests import Run, as_python
from jupyter_posthog.box.trouble.effects import Effect, Effects

PYTHON_LIMIT_S, SQL_LIMIT_S, LOAD_LIMIT_S = 300.0, 600.0, 60.0
REFERENCE_ROWS = 50_000
_PLACEHOLDER = re.compile(r"\{\s*(?:variables\.)?([A-Za-z_]\w*)\s*\}")


class RunExecution:
    """Carries runs out, one call each."""

    def __init__(self, clickhouse: ClickHouse, kernels: Kernels, upstream: Upstream, effects: Effects) -> None:
        self._clickhouse = clickhouse
        self._kernels = kernels
        self._upstream = upstream
        self._effects = effects

    async def carry_out(self, run: Run) -> None:
        """Run to the end, whatever it is; the run itself says how it went."""
        try:
            await (self._in_kernel(run) if run.in_kernel else self._in_clickhouse(run))
        except (QueryFailed, HogqlError) as error:
            self._give_up(run, str(error))
        except KernelDied:
            self._give_up(run, "RuntimeError: The kernel died before the cell had finished.")
        except Exception as error:  # noqa: BLE001  # whatever happened, the run must not stay open
            self._give_up(run, f"{type(error).__name__}: {error}")

    def _give_up(self, run: Run, error: str) -> None:
        if run.is_interrupted:
            run.end(interrupted_envelope())
        else:
            run.fail(error)

    async def _in_clickhouse(self, run: Run) -> None:
        tree = self._upstream.query_of(run)
        table = await self._clickhouse.run_tree(tree, query_id=run.query_id, timeout_s=SQL_LIMIT_S)
        run.end(query_envelope(table), kept_rows(table))

    async def _in_kernel(self, run: Run) -> None:
        kernel = await self._kernels.get(run.person, run.short_id)
        await self._load_references(run, kernel)
        if run.variables:
            await kernel.execute(as_python(run.variables), timeout_s=LOAD_LIMIT_S)
        if run.is_interrupted:
            run.end(interrupted_envelope())
            return
        began = time.monotonic()
        dies = self._effects.is_on(Effect.KERNEL_DIES)
        execution = await kernel.execute(_code(run), timeout_s=PYTHON_LIMIT_S, dies=dies)
        if run.is_interrupted or execution.error_name == "KeyboardInterrupt":
            run.is_interrupted = True
            run.end(interrupted_envelope(execution))
        elif execution.status == "ok":
            frame = await kernel.ask(f"_ph.result({execution.execution_count}, {run.output_name!r})")
            run.end(kernel_envelope(execution, frame, seconds=time.monotonic() - began))
        else:
            run.fail(_failure(execution))

    async def _load_references(self, run: Run, kernel: BoxKernel) -> None:
        """Make frames of the SQL cells that the code reads from."""
        for name, reference in run.references.items():
            if reference["kind"] != "hogql":
                continue
            table = await self._clickhouse.run_tree(
                self._upstream.query_behind(run, name),
                query_id=run.query_id,
                timeout_s=SQL_LIMIT_S,
                default_limit=REFERENCE_ROWS,
            )
            file = kernel.folder / f"{uuid.uuid4().hex}.json"
            types = [kind for _, kind in table.types]
            file.write_text(json.dumps({"columns": table.columns, "types": types, "rows": table.rows}), "utf-8")
            loaded = await kernel.execute(f"_ph.load({name!r}, {str(file)!r})", timeout_s=LOAD_LIMIT_S)
            file.unlink(missing_ok=True)
            if loaded.status != "ok":
                raise QueryFailed(_failure(loaded))


def _code(run: Run) -> str:
    """Return what the kernel runs: Python as it is, SQL through its DuckDB."""
    if run.node_type == "python":
        return run.code
    return f"_ph.query({_with_variables(run.code, run.variables)!r}, {run.output_name!r})"


def _with_variables(sql: str, variables: Mapping[str, Any]) -> str:
    def value(found: re.Match[str]) -> str:
        # DuckDB doubles a quote where ClickHouse puts a backslash before it.
        content = variables.get(found[1])
        if isinstance(content, str):
            return "'" + content.replace("'", "''") + "'"
        return literal(content) if found[1] in variables else found[0]

    return _PLACEHOLDER.sub(value, sql)


def _failure(execution: Execution) -> str:
    if execution.status == "timeout":
        return "TimeoutError: The cell ran longer than it may."
    return f"{execution.error_name}: {execution.error_value}"
