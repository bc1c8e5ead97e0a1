"""Frames as Jupyter shows them: text, HTML built here with escaping, and the data itself."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Sequence

from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import shown

FRAME_MIME_TYPE = "application/vnd.posthog.dataframe+json"
LONGEST_TEXT_VALUE = 60
LARGEST_IN_A_PAGE = 2**53


def frame_to_mime_bundle(
    *,
    columns: Sequence[str],
    types: Sequence[Sequence[str]],
    rows: Sequence[Sequence[JsonValue]],
    row_count: int | None,
    has_more: bool,
    run_id: str | None = None,
    name: str | None = None,
) -> JsonObject:
    """Return the MIME bundle of a frame's first page.

    Args:
        types: ``[name, type]`` pairs; may be empty.
        row_count: Of the whole frame; None where it is not known.
        has_more: Whether the frame has more rows than these.
    """
    table = [[cell_text(value) for value in row] for row in rows]
    note = _note(len(rows), row_count) if has_more or (row_count or 0) > len(rows) else ""
    data: JsonObject = {
        "columns": list(columns),
        "types": [list(pair) for pair in types],
        "rows": [[_safe_in_a_page(value) for value in row] for row in rows],
        "row_count": row_count,
        "has_more": has_more,
        "run_id": run_id,
        "name": name,
    }
    return {
        "text/plain": _plain(columns, table, note),
        "text/html": _html(columns, table, note),
        FRAME_MIME_TYPE: data,
    }


def cell_text(value: JsonValue) -> str:
    """Return one value as people read it."""
    if value is None:
        return ""
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _safe_in_a_page(value: JsonValue) -> JsonValue:
    """Return a value that survives JavaScript: large integers and what is no JSON number as text (5.1, P16)."""
    if isinstance(value, list):
        return [_safe_in_a_page(child) for child in value]
    if isinstance(value, dict):
        return {shown(name): _safe_in_a_page(child) for name, child in value.items()}
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, int) and abs(value) > LARGEST_IN_A_PAGE:
        return str(value)
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def _note(shown: int, row_count: int | None) -> str:
    return f"first {shown:,} rows" if row_count is None else f"first {shown:,} of {row_count:,} rows"


def _plain(columns: Sequence[str], table: list[list[str]], note: str) -> str:
    flat = [[_one_line(text) for text in row] for row in [list(columns), *table]]
    widths = [max((len(row[index]) for row in flat if index < len(row)), default=0) for index in range(len(columns))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False)).rstrip() for row in flat]
    return "\n".join([*lines, note] if note else lines)


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT_VALUE else f"{text[: LONGEST_TEXT_VALUE - 1]}…"


def _html(columns: Sequence[str], table: list[list[str]], note: str) -> str:
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in table)
    below = f"<p>{html.escape(note)}</p>" if note else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"
