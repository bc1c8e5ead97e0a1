"""Frames of a local kernel: answers of queries as pandas frames, SQL over them, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from jupyter_posthog.api.models import QueryAnswer
from jupyter_posthog.errors import PackageMissingError
from jupyter_posthog.execution.events import ExecuteResult
from jupyter_posthog.execution.executor import FrameFacts
from jupyter_posthog.execution.frame_page import page_expression, page_of_text
from jupyter_posthog.execution.frames import moment_columns, result_of_page

if TYPE_CHECKING:
    import pandas

FIRST_PAGE_ROWS = 50


def check_package(name: str, purpose: str) -> None:
    """Look whether a package is installed, before anything is sent.

    Raises:
        PackageMissingError: It is not.
    """
    if find_spec(name) is None:
        raise PackageMissingError(packages=name, purpose=purpose)


def frame_of(answer: QueryAnswer) -> pandas.DataFrame:
    """Return the rows of a query as a pandas frame, moments as moments."""
    import pandas

    frame = pandas.DataFrame(answer.results, columns=answer.columns)
    for place in moment_columns(answer):
        moments: Any = pandas.to_datetime(frame.iloc[:, place], format="ISO8601", errors="coerce")
        frame.isetitem(place, moments)
    return frame


def run_duckdb(sql: str, namespace: dict[str, Any]) -> pandas.DataFrame | None:
    """Run SQL over the frames of a namespace; None for a statement without rows."""
    import duckdb

    # DuckDB looks for names where it is called: in the namespace of the person's own cells.
    found = eval("duckdb.sql(sql)", namespace, {"duckdb": duckdb, "sql": sql})
    frame: pandas.DataFrame | None = None if found is None else found.df()
    return frame


def show_frame(frame: pandas.DataFrame, *, name: str) -> ExecuteResult:
    """Return the first rows of a frame as a cell's value."""
    text = eval(page_expression("frame", 0, FIRST_PAGE_ROWS), {"frame": frame})
    page = page_of_text(str(text))
    assert page is not None  # the code is ours
    return result_of_page(page, name=name)


def frames_in(namespace: Mapping[str, Any]) -> tuple[FrameFacts, ...]:
    """Return the pandas frames of a namespace."""
    return tuple(
        FrameFacts(
            name=name,
            kind="frame",
            columns=tuple((str(column), str(kind)) for column, kind in zip(value.columns, value.dtypes, strict=True)),
            row_count=len(value),
        )
        for name, value in list(namespace.items())
        if not name.startswith("_") and is_frame(value)
    )


def is_frame(value: object) -> bool:
    """Whether a value is a pandas frame; without importing pandas."""
    return type(value).__name__ == "DataFrame" and type(value).__module__.startswith("pandas.")
