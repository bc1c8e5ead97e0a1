"""Query results as frames: shown in a cell, and bound to a name in a remote kernel."""

from __future__ import annotations

import ast
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jupyter_posthog.api.models import QueryAnswer
from jupyter_posthog.document.outputs.frames import FRAME_MIME_TYPE, frame_to_mime_bundle
from jupyter_posthog.execution.column_types import MOMENTS, ColumnType, column_type
from jupyter_posthog.execution.events import CellEnded, Event, ExecuteResult
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.frame_page import SHOWN_NAME, FramePage, page_expression, page_of_text
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


def show_page(event: Event, *, name: str) -> Event:
    """Return the frame whose first page as JSON text is the value of a cell; every other event as it is."""
    if isinstance(event, CellEnded):
        return replace(event, envelope=_with_frame(event.envelope))
    page = _page_of_value(event.data.get("text/plain")) if isinstance(event, ExecuteResult) else None
    if page is None:
        return event
    return result_of_page(page, name=name)


def result_of_page(page: FramePage, *, name: str) -> ExecuteResult:
    """Return the first page of a frame as a cell's value; an empty name is none."""
    bundle = frame_to_mime_bundle(
        columns=page.columns,
        types=page.types,
        rows=page.rows,
        row_count=page.row_count,
        has_more=page.row_count > len(page.rows),
        name=name or None,
    )
    return ExecuteResult(data=bundle)


def completed(event: Event, cell: CellToRun, notebook: Mapping[str, str | int]) -> Event:
    """Return an event with what only this notebook's kernel knows about the frame it shows.

    Args:
        notebook: What leads to the frame's next pages: connection, project and short_id.
    """
    data = shown_frame(event)
    if not isinstance(event, ExecuteResult) or data is None:
        return event
    bundle: dict[str, Any] = {**event.data, FRAME_MIME_TYPE: {**data, "notebook": dict(notebook)}}
    if _is_cut_by_default(cell, data.get("row_count")):
        bundle[FRAME_MIME_TYPE]["note"] = _LIMIT_NOTE
        bundle["text/plain"] = f"{bundle.get('text/plain', '')}\n{_LIMIT_NOTE}"
        bundle["text/html"] = f"{bundle.get('text/html', '')}<p>{html.escape(_LIMIT_NOTE)}</p>"
    return replace(event, data=bundle)


def shown_frame(event: Event) -> Mapping[str, Any] | None:
    """Return the data of the frame that an event shows."""
    data = event.data.get(FRAME_MIME_TYPE) if isinstance(event, ExecuteResult) else None
    return data if isinstance(data, Mapping) else None


def bind_answer(answer: QueryAnswer, *, name: str) -> str:
    """Return Python code that makes the answer a pandas frame of this name.

    The rows travel as a JSON text inside a string literal, so no value of theirs is ever code. Moments become
    moments, as PostHog's own loading of such frames makes them.
    """
    payload = json.dumps({"columns": answer.columns, "rows": answer.results})
    moments = "".join(
        f"{name}.isetitem({place}, _posthog_pandas.to_datetime({name}.iloc[:, {place}], "
        "format='ISO8601', errors='coerce'))\n"
        for place in moment_columns(answer)
    )
    return (
        "import json as _posthog_json, pandas as _posthog_pandas\n"
        f"_posthog_answer = _posthog_json.loads({payload!r})\n"
        f"{name} = _posthog_pandas.DataFrame(_posthog_answer['rows'], columns=_posthog_answer['columns'])\n"
        f"{moments}"
        "del _posthog_json, _posthog_pandas, _posthog_answer\n"
    )


def python_code(cell: CellToRun, *, as_page: bool = False) -> str:
    """Return what PostHog's kernel runs for a cell: Python as it is, SQL through the kernel's DuckDB."""
    if cell.language is Language.PYTHON:
        return cell.code
    read = [name for name, (_, kind) in cell.references.items() if kind == "hogql"]
    return duckdb_code(cell.code, name=cell.result_name, variables=cell.variables, read=read, as_page=as_page)


def duckdb_code(
    sql: str, *, name: str, variables: tuple[Variable, ...] = (), read: Sequence[str] = (), as_page: bool = False
) -> str:
    """Return Python code that runs DuckDB SQL over the kernel's own frames and shows the result.

    Args:
        variables: Their values go into the place of ``{name}``: DuckDB knows no such places.
        as_page: Whether the value is the first page as JSON text (``frame_page.py``), for ways of running that know
            no frames, and not the frame itself.
        read: Names that the code must mention as Python names too: by those PostHog finds the frames to load.
    """
    filled = fill_sql(sql, variables, Dialect.DUCKDB)
    mention = f"[{', '.join(read)}] and " if read else ""
    # CREATE and its like give no relation.
    run = f"(lambda found: None if found is None else found.df())({mention}__import__('duckdb').sql({filled!r}))"
    if not name and not as_page:
        return run
    shown = name or SHOWN_NAME
    return f"{shown} = {run}\n{page_expression(shown, 0, FIRST_PAGE_ROWS) if as_page else shown}"


def _with_frame(envelope: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return the result of a cell with the frame itself in the place of its text (posthog-api.md 12.3)."""
    page = _page_of_value((envelope or {}).get("result_text"))
    if envelope is None or page is None:
        return envelope
    kept = {name: value for name, value in envelope.items() if name != "result_text"}
    has_more = page.row_count > len(page.rows)
    facts = {"columns": page.columns, "types": page.types, "row_count": page.row_count, "has_more": has_more}
    return {**kept, **facts, "first_page": page.rows}


def _page_of_value(text: object) -> FramePage | None:
    try:
        # The value is a text, which the kernel shows as Python writes one.
        return page_of_text(str(ast.literal_eval(text))) if isinstance(text, str) else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_cut_by_default(cell: CellToRun, row_count: object) -> bool:
    return cell.hogql is not None and not cell.is_raw and row_count == DEFAULT_LIMIT and not has_limit(cell.code)


def moment_columns(answer: QueryAnswer) -> list[int]:
    """Return the places of the columns that hold dates or moments."""
    pairs = [_type_pair(entry) for entry in answer.types]
    kinds = [column_type(pair[1]) if len(pair) > 1 else ColumnType.TEXT for pair in pairs]
    return [place for place, kind in enumerate(kinds[: len(answer.columns)]) if kind in MOMENTS]


def _type_pair(entry: object) -> list[str]:
    return [str(part) for part in entry] if isinstance(entry, list) else []
