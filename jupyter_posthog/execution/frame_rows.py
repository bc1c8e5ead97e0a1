"""Rows of any frame in PostHog's kernel, as ``kernel/dataframe`` gives them (posthog-api.md 11.9)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import ProjectId
from jupyter_posthog.api.transport import JsonValue
from jupyter_posthog.errors import (
    EndpointMissingError,
    FrameNotReadError,
    KeyNotSupportedError,
    NotebookNotFoundError,
    PosthogError,
    SaveConflictError,
)
from jupyter_posthog.execution.code_answers import finished_run

FIRST_PAGE_ROWS = 50  # of a run's own result (posthog-api.md 12.3)
# Binds nothing that a person could have bound; kernels do not list names that begin with an underscore.
_BOUND_NAME = "_posthog_shown"
# One expression, so that nothing stays behind in the kernel. Moments and what pandas does not know become text.
_ROWS_CODE = """(lambda frame: print(__import__("json").dumps({{
    "columns": [str(name) for name in frame.columns], "row_count": len(frame),
    "rows": __import__("json").loads(frame.iloc[{offset}:{end}].to_json(
        orient="values", date_format="iso", default_handler=str))
}})))({name}.to_frame() if {name}.ndim == 1 else {name})"""

Rows = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRows:
    """Which rows of which frame; the name is an identifier, checked already."""

    name: str
    offset: int = 0
    limit: int = 10
    timeout_s: float = 30.0

    @property
    def end(self) -> int:
        """The first row that is not wanted any more."""
        return self.offset + self.limit


async def read_rows(api: PosthogApi, project_id: ProjectId, short_id: str, wanted: WantedRows) -> Rows:
    """Read rows of a frame, whoever made it; runs code that reads it, but starts no kernel for that.

    Raises:
        FrameNotReadError: No kernel is running, or nothing in it is a frame of this name.
        NotebookBusyError: A cell runs in the one slot that a key has.
    """
    await _check_kernel(api, project_id, short_id, wanted.name)
    ways = (_by_execution, _by_run) if api.transport.is_session else (_by_run, _by_execution)
    refusals: list[PosthogError] = []
    for way in ways:
        try:
            return await way(api, project_id, short_id, wanted)
        except (EndpointMissingError, KeyNotSupportedError) as error:
            refusals.append(error)
    raise refusals[0]


async def _check_kernel(api: PosthogApi, project_id: ProjectId, short_id: str, name: str) -> None:
    try:
        kernel = await api.kernels.status(project_id, short_id)
    except KeyNotSupportedError:
        return  # older servers tell keys nothing about kernels
    except EndpointMissingError as error:
        raise NotebookNotFoundError(status=404, detail=error.detail, short_id=short_id) from error
    if kernel.status != "running":
        raise FrameNotReadError(name=name)


async def _by_execution(api: PosthogApi, project_id: ProjectId, short_id: str, wanted: WantedRows) -> Rows:
    code = _ROWS_CODE.format(name=wanted.name, offset=wanted.offset, end=wanted.end)
    body: JsonValue = {"code": code, "return_variables": False, "timeout": wanted.timeout_s}
    answer = await api.kernels.execute_as_asked(project_id, short_id, body)
    try:
        printed = answer["stdout"] if isinstance(answer, dict) and answer.get("status") == "ok" else None
        page = json.loads(str(printed))
        return _rows(page["columns"], page["rows"], page["row_count"])
    except (ValueError, KeyError, TypeError) as error:
        raise FrameNotReadError(name=wanted.name) from error


async def _by_run(api: PosthogApi, project_id: ProjectId, short_id: str, wanted: WantedRows) -> Rows:
    # Only a named frame has pages; the first one stands in the run itself.
    bound = _BOUND_NAME if wanted.end > FIRST_PAGE_ROWS else ""
    timeout_s = wanted.timeout_s
    ended = await finished_run(api, project_id, short_id, wanted.name, timeout_s=timeout_s, output_name=bound)
    result = ended.status.result if ended.status.status == "done" else None
    columns = (result or {}).get("columns")
    first_page, row_count = (result or {}).get("first_page"), (result or {}).get("row_count")
    if not isinstance(columns, list) or not columns or not isinstance(first_page, list):
        raise FrameNotReadError(name=wanted.name)
    if wanted.end <= len(first_page) or row_count == len(first_page):
        return _rows(columns, first_page[wanted.offset : wanted.end], row_count)
    try:
        page = await api.runs.page(project_id, short_id, ended.run_id, offset=wanted.offset, limit=wanted.limit)
    except SaveConflictError as error:
        raise FrameNotReadError(name=wanted.name) from error  # 409: replaced, or the kernel is gone
    return _rows(page.columns, page.rows, page.row_count)


def _rows(columns: list[JsonValue] | list[str], rows: object, row_count: object) -> Rows:
    names = [str(name) for name in columns]
    listed = rows if isinstance(rows, list) else []
    return {
        "columns": [*names],
        "rows": [dict(zip(names, row, strict=False)) for row in listed if isinstance(row, list)],
        "row_count": row_count if isinstance(row_count, int) else len(listed),
    }
