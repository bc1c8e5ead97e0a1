"""Query results as frames: shown in a cell, and bound to a name in a remote kernel."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jupyter_posthog.api.models import QueryAnswer
from jupyter_posthog.document.outputs.frames import FRAME_MIME_TYPE, frame_to_mime_bundle
from jupyter_posthog.execution.events import Event, ExecuteResult
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.magics import Language
from jupyter_posthog.execution.sql_tokens import Dialect, has_limit
from jupyter_posthog.execution.variables import Variable, fill_sql

FIRST_PAGE_ROWS = 50
DEFAULT_LIMIT = 100  # of a query that has none (posthog-api.md 17)
_LIMIT_NOTE = f"no LIMIT: PostHog returned the first {DEFAULT_LIMIT} rows"


def show_answer(answer: QueryAnswer, *, name: str) -> ExecuteResult:
    """Return the first rows of a query's answer as a cell's value."""
    rows = answer.results
    bundle = frame_to_mime_bundle(
        columns=answer.columns,
        types=[_type_pair(entry) for entry in answer.types],
        rows=rows[:FIRST_PAGE_ROWS],  # type: ignore[arg-type]  # JSON values
        row_count=len(rows),
        has_more=len(rows) > FIRST_PAGE_ROWS,
        name=name or None,
    )
    return ExecuteResult(data=bundle)


def completed(event: Event, cell: CellToRun, notebook: Mapping[str, str | int]) -> Event:
    """Return an event with what only this notebook's kernel knows about the frame it shows.

    Args:
        notebook: What leads to the frame's next pages: connection, project and short_id.
    """
    data = event.data.get(FRAME_MIME_TYPE) if isinstance(event, ExecuteResult) else None
    if not isinstance(event, ExecuteResult) or not isinstance(data, Mapping):
        return event
    bundle: dict[str, Any] = {**event.data, FRAME_MIME_TYPE: {**data, "notebook": dict(notebook)}}
    if _is_cut_by_default(cell, data.get("row_count")):
        bundle[FRAME_MIME_TYPE]["note"] = _LIMIT_NOTE
        bundle["text/plain"] = f"{bundle.get('text/plain', '')}\n{_LIMIT_NOTE}"
        bundle["text/html"] = f"{bundle.get('text/html', '')}<p>{html.escape(_LIMIT_NOTE)}</p>"
    return replace(event, data=bundle)


def bind_answer(answer: QueryAnswer, *, name: str) -> str:
    """Return Python code that makes the answer a pandas frame of this name.

    The rows travel as a JSON text inside a string literal, so no value of theirs is ever code.
    """
    payload = json.dumps({"columns": answer.columns, "rows": answer.results})
    return (
        "import json as _posthog_json, pandas as _posthog_pandas\n"
        f"_posthog_answer = _posthog_json.loads({payload!r})\n"
        f"{name} = _posthog_pandas.DataFrame(_posthog_answer['rows'], columns=_posthog_answer['columns'])\n"
        "del _posthog_json, _posthog_pandas, _posthog_answer\n"
    )


def python_code(cell: CellToRun) -> str:
    """Return what PostHog's kernel runs for a cell: Python as it is, SQL through the kernel's DuckDB."""
    if cell.language is Language.PYTHON:
        return cell.code
    read = [name for name, (_, kind) in cell.references.items() if kind == "hogql"]
    return duckdb_code(cell.code, name=cell.result_name, variables=cell.variables, read=read)


def duckdb_code(
    sql: str, *, name: str, variables: tuple[Variable, ...] = (), read: list[str] | tuple[str, ...] = ()
) -> str:
    """Return Python code that runs DuckDB SQL over the kernel's own frames and shows the result.

    Args:
        variables: Their values go into the place of ``{name}``: DuckDB knows no such places.
        read: Names that the code must mention as Python names too: by those PostHog finds the frames to load.
    """
    filled = fill_sql(sql, variables, Dialect.DUCKDB)
    mention = f"[{', '.join(read)}] and " if read else ""
    # CREATE and its like give no relation.
    run = f"(lambda found: None if found is None else found.df())({mention}__import__('duckdb').sql({filled!r}))"
    return f"{name} = {run}\n{name}" if name else run


def _is_cut_by_default(cell: CellToRun, row_count: object) -> bool:
    return cell.hogql is not None and not cell.is_raw and row_count == DEFAULT_LIMIT and not has_limit(cell.code)


def _type_pair(entry: object) -> list[str]:
    return [str(part) for part in entry] if isinstance(entry, list) else []
