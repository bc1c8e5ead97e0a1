"""One page of a frame: as a run's result holds it, and as Python in a kernel gives it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from jupyter_posthog.api.bodies import JsonValue

# Binds nothing that a person could have bound; kernels do not list names that begin with an underscore.
SHOWN_NAME = "_posthog_shown"
Row = list[JsonValue]
# One expression, so that nothing stays behind in the kernel. Moments and what pandas does not know become text.
_PAGE_CODE = """(lambda frame: None if frame is None else __import__("json").dumps({{
    "columns": [str(name) for name in frame.columns], "row_count": len(frame),
    "types": [[str(name), str(kind)] for name, kind in zip(frame.columns, frame.dtypes)],
    "rows": __import__("json").loads(frame.iloc[{offset}:{end}].to_json(
        orient="values", date_format="iso", default_handler=str))
}}))({frame})"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePage:
    """Some rows of a frame.

    Attributes:
        types: ``[name, type]`` pairs in the words of ClickHouse, DuckDB or pandas; empty where nobody told them.
        row_count: Of the whole frame.
    """

    columns: list[str]
    types: list[list[str]]
    rows: list[Row]
    row_count: int


def page_expression(frame: str, offset: int, end: int) -> str:
    """Return Python that gives rows of a frame as JSON text; a series counts as a frame of one column.

    Args:
        frame: The name of the frame; it stands in the code as it is.
    """
    whole = f"{frame}.to_frame() if getattr({frame}, 'ndim', 2) == 1 else {frame}"
    return _PAGE_CODE.format(frame=whole, offset=offset, end=end)


def page_of_text(text: str) -> FramePage | None:
    """Return the page that such code gave; None where it gave something else."""
    try:
        page = json.loads(text)
        return FramePage(
            columns=[str(name) for name in page["columns"]],
            types=type_pairs(page["types"]),
            rows=[row for row in page["rows"] if isinstance(row, list)],
            row_count=int(page["row_count"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def page_of(result: Mapping[str, object] | None) -> FramePage | None:
    """Return the rows that stand in a run's result; None where it made no frame (posthog-api.md 12.3)."""
    columns, rows, count = ((result or {}).get(key) for key in ("columns", "first_page", "row_count"))
    if not isinstance(columns, list) or not columns or not isinstance(rows, list):
        return None
    return FramePage(
        columns=[str(column) for column in columns],
        types=type_pairs((result or {}).get("types")),
        rows=rows,
        row_count=count if isinstance(count, int) else len(rows),
    )


def type_pairs(types: object) -> list[list[str]]:
    """Return pairs of a column's name and type, whatever stood there."""
    listed = types if isinstance(types, list) else []
    return [[str(part) for part in pair] for pair in listed if isinstance(pair, list)]
