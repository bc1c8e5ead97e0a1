"""Results of runs as PostHog gives them, with its caps (posthog-api.md 12.3)."""

from __future__ import annotations

import uuid
from typing import Any

from jupyter_posthog.box.engine.clickhouse import Table
from jupyter_posthog.box.kernel.executions import Execution

Json = Any
STREAM_CAP, VALUE_CAP, FIRST_PAGE, KEPT_ROWS = 32_768, 10_000, 50, 300
MOST_MEDIA, MEDIA_CAP_BYTES = 8, 4_000_000
_NO_FRAME: dict[str, Json] = {"columns": [], "types": [], "row_count": 0, "first_page": [], "has_more": False}


def kept_rows(table: Table) -> list[Json]:
    """Return the rows of a query that are kept with its run."""
    return [[_capped(value) for value in row] for row in table.rows[:KEPT_ROWS]]


def query_envelope(table: Table) -> Json:
    """Return the result of a query that ClickHouse ran."""
    frame = {
        "columns": table.columns,
        "types": table.types,
        "row_count": len(table.rows),
        "first_page": kept_rows(table)[:FIRST_PAGE],
        "has_more": len(table.rows) > FIRST_PAGE,
    }
    return _envelope("ok", frame) | {"timings": {"clickhouse_s": round(table.seconds, 4)}}


def kernel_envelope(execution: Execution, frame: Json, *, seconds: float) -> Json:
    """Return the result of code that a kernel ran; a frame takes the place of its text."""
    envelope = _envelope("ok", frame or _NO_FRAME, execution) | {"timings": {"exec_s": round(seconds, 4)}}
    if frame is None and execution.result and "text/plain" in execution.result:
        envelope["result_text"] = execution.result["text/plain"][:STREAM_CAP]
    return envelope


def interrupted_envelope(execution: Execution | None = None) -> Json:
    """Return the result of a run that was stopped: what it had printed until then."""
    return _envelope("interrupted", _NO_FRAME, execution)


def _envelope(status: str, frame: Json, execution: Execution | None = None) -> Json:
    execution = execution or Execution()
    has_rows = bool(frame["columns"])
    return {
        "status": status,
        "stdout": execution.stdout[:STREAM_CAP],
        "stderr": execution.stderr[:STREAM_CAP],
        "media": _media(execution),
        **frame,
        "result_id": str(uuid.uuid4()) if has_rows else None,
        "error": None,
    }


def _media(execution: Execution) -> list[dict[str, str]]:
    """Return the pictures that fit under the caps; other media are not kept."""
    kept: list[dict[str, str]] = []
    size = 0
    for item in execution.media:
        size += len(item["data"])
        if item["mime_type"] == "image/png" and len(kept) < MOST_MEDIA and size <= MEDIA_CAP_BYTES:
            kept.append(item)
    return kept


def _capped(value: Json) -> Json:
    return value[:VALUE_CAP] if isinstance(value, str) and len(value) > VALUE_CAP else value
