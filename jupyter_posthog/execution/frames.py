"""Query results as frames: shown in a cell, and bound to a name in a remote kernel."""

from __future__ import annotations

import json

from jupyter_posthog.api.models import QueryAnswer
from jupyter_posthog.document.outputs.frames import frame_to_mime_bundle
from jupyter_posthog.execution.events import ExecuteResult

FIRST_PAGE_ROWS = 50


def show_answer(answer: QueryAnswer, *, name: str) -> ExecuteResult:
    """Return the first rows of a query's answer as a cell's value."""
    rows = answer.results
    bundle = frame_to_mime_bundle(
        columns=answer.columns,
        types=[_type_pair(entry) for entry in answer.types],
        rows=rows[:FIRST_PAGE_ROWS],  # type: ignore[arg-type]  # JSON values
        row_count=None if answer.hasMore else len(rows),
        has_more=answer.hasMore or len(rows) > FIRST_PAGE_ROWS,
        name=name or None,
    )
    return ExecuteResult(data=bundle)


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


def duckdb_code(sql: str, *, name: str) -> str:
    """Return Python code that runs DuckDB SQL over the kernel's own frames and shows the result."""
    run = f"__import__('duckdb').sql({sql!r}).df()"
    return f"{name} = {run}\n{name}" if name else run


def _type_pair(entry: object) -> list[str]:
    return [str(part) for part in entry] if isinstance(entry, list) else []
