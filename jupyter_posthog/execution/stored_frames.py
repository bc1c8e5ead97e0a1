"""Pages of a frame for a page that shows it: found by the cells that PostHog stores, without a kernel of ours."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.queries import HogqlQuery
from jupyter_posthog.errors import ApiError, FrameNotReadError
from jupyter_posthog.execution.frame_opening import open_frame
from jupyter_posthog.execution.frame_page import FramePage, Row, type_pairs
from jupyter_posthog.execution.frames import DEFAULT_LIMIT
from jupyter_posthog.execution.names import HOGQL_KIND, FrameNames, FrameSource
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.sql_tokens import has_limit, without_end
from jupyter_posthog.execution.stored_cells import StoredCells
from jupyter_posthog.execution.variables import Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPage:
    """Which rows of which frame; ``run_id`` is the run that the page shows, where it shows one."""

    name: str
    run_id: str | None
    offset: int
    limit: int


async def stored_page(place: NotebookPlace, wanted: WantedPage, *, is_stored: bool) -> dict[str, JsonValue]:
    """Return rows of a frame of one notebook, as the page's grid takes them.

    Raises:
        FrameNotReadError: Nothing is known of this name, or its kernel does not run.
        FrameStaleError: It was replaced meanwhile.
    """
    cells = StoredCells(place.api, place.project_id, place.short_id, is_stored=is_stored)
    await cells.read()
    names = FrameNames()
    for cell in cells.cells:
        names.learn(cell.text, name=cell.result_name, node_id=cell.node_id)
    source = names.sources.get(wanted.name)
    if source is not None and source.kind == HOGQL_KIND:
        page = await _held_rows(place, wanted) or await _asked_rows(place, source, wanted, cells.variables)
    else:
        known = FrameSource(node_id="", kind="local", run_id=wanted.run_id) if source is None else source
        pages = await open_frame(place, wanted.name, replace(known, run_id=wanted.run_id), cells.variables)
        page = await pages.read(wanted.offset, min(wanted.limit, pages.most_rows))
    return {
        "columns": [*page.columns],
        "types": [[*pair] for pair in page.types],
        "rows": [*page.rows],
        "row_count": page.row_count,
        "offset": wanted.offset,
    }


async def _held_rows(place: NotebookPlace, wanted: WantedPage) -> FramePage | None:
    """Return rows that PostHog keeps with a query's run for some minutes (posthog-api.md 12.3)."""
    if wanted.run_id is None:
        return None
    try:
        status = await place.api.runs.fetch(place.project_id, place.short_id, wanted.run_id)
    except ApiError:
        return None  # forgotten, or this credential may not: the query can run again
    result, rows = status.result or {}, status.rows
    columns, count = result.get("columns"), result.get("row_count")
    if not isinstance(columns, list) or not isinstance(count, int) or rows is None:
        return None
    end = min(wanted.offset + wanted.limit, count)
    if end > len(rows):
        return None
    found: list[Row] = rows[wanted.offset : end]  # type: ignore[assignment]  # JSON values
    names = [str(column) for column in columns]
    return FramePage(columns=names, types=type_pairs(result.get("types")), rows=found, row_count=count)


async def _asked_rows(place: NotebookPlace, source: FrameSource, wanted: WantedPage, variables: Variables) -> FramePage:
    """Ask for the rows of a query that runs again; without an ORDER BY their order is PostHog's."""
    # As a part of another query it would have no limit of its own.
    limit = wanted.limit if has_limit(source.query) else max(0, min(wanted.limit, DEFAULT_LIMIT - wanted.offset))
    query = HogqlQuery(
        text=f"SELECT * FROM ({without_end(source.query)}\n) LIMIT {limit} OFFSET {wanted.offset}",  # noqa: S608
        values={variable.name: variable.value for variable in variables},
        connection_id=source.connection_id,
    )
    if source.is_raw:
        raise FrameNotReadError(name=wanted.name)  # the text is another database's
    answer = await place.api.queries.query(place.project_id, query)
    rows: list[Row] = answer.results  # type: ignore[assignment]  # JSON values
    known = wanted.offset + len(rows) + (1 if answer.hasMore else 0)
    return FramePage(columns=answer.columns, types=type_pairs(answer.types), rows=rows, row_count=known)
