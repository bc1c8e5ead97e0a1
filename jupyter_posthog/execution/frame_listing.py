"""The frames of a notebook: those its kernel holds, and those that are queries which PostHog can run again."""

from __future__ import annotations

import json
from collections.abc import Sequence

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.errors import PosthogError
from jupyter_posthog.execution.executor import FrameFacts
from jupyter_posthog.execution.names import HOGQL_KIND, Sources
from jupyter_posthog.execution.places import NotebookPlace

QUERY_KIND = "query"
LISTING_TIMEOUT_S = 20.0
# One expression over the kernel's own names; a table or view of its DuckDB is not told by servers this old.
_LIST_CODE = """print(__import__("json").dumps([
    {"name": name, "columns": [[str(column), str(kind)] for column, kind in zip(value.columns, value.dtypes)],
     "row_count": len(value)}
    for name, value in list(globals().items())
    if not name.startswith("_") and type(value).__name__ == "DataFrame" and hasattr(value, "dtypes")
]))"""


def with_queries(frames: Sequence[FrameFacts], sources: Sources) -> tuple[FrameFacts, ...]:
    """Return the frames of a kernel with the queries behind names that it does not hold."""
    held = {frame.name for frame in frames}
    queries = [
        FrameFacts(name=name, kind=QUERY_KIND, columns=source.columns, row_count=source.row_count)
        for name, source in sources.items()
        if source.kind == HOGQL_KIND and name not in held
    ]
    return (*frames, *queries)


async def frames_by_code(place: NotebookPlace) -> tuple[FrameFacts, ...]:
    """Return the frames of a running kernel by executing code in it, for servers whose status does not tell them."""
    try:
        status = await place.api.kernels.status(place.project_id, place.short_id)
        if status.status != "running" or not place.api.transport.is_session:
            return ()
        body: JsonValue = {"code": _LIST_CODE, "return_variables": False, "timeout": LISTING_TIMEOUT_S}
        answer = await place.api.kernels.execute_as_asked(place.project_id, place.short_id, body)
    except PosthogError:
        return ()  # a list of what is known for sure is better than none
    try:
        found = json.loads(str(answer["stdout"])) if isinstance(answer, dict) else []
        return tuple(
            FrameFacts(
                name=str(frame["name"]),
                kind="frame",
                columns=tuple((str(name), str(kind)) for name, kind in frame["columns"]),
                row_count=int(frame["row_count"]),
            )
            for frame in found
        )
    except (ValueError, KeyError, TypeError):
        return ()
