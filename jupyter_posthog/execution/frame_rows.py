"""Rows of any frame in PostHog's kernel, as ``kernel/dataframe`` gives them (posthog-api.md 11.9)."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import ProjectId
from jupyter_posthog.errors import (
    EndpointMissingError,
    FrameNotReadError,
    FrameStaleError,
    KeyNotSupportedError,
    PosthogError,
)
from jupyter_posthog.execution.frame_opening import bound_frame, check_kernel
from jupyter_posthog.execution.frame_page import FramePage
from jupyter_posthog.execution.frame_pages import ExecutionPages
from jupyter_posthog.execution.places import NotebookPlace

Rows = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRows:
    """Which rows of which frame; the name is an identifier, checked already."""

    name: str
    offset: int = 0
    limit: int = 10
    timeout_s: float = 30.0


async def read_rows(api: PosthogApi, project_id: ProjectId, short_id: str, wanted: WantedRows) -> Rows:
    """Read rows of a frame, whoever made it; runs code that reads it, but starts no kernel for that.

    Raises:
        FrameNotReadError: No kernel is running, or nothing in it is a frame of this name.
        NotebookBusyError: A cell runs in the one slot that a key has.
    """
    # PostHog's word for the current project works in an address like a number.
    place = NotebookPlace(api=api, connection="", project_id=project_id, short_id=short_id)  # type: ignore[arg-type]
    await check_kernel(place, wanted.name)
    ways = (_by_execution, _by_run) if api.transport.is_session else (_by_run, _by_execution)
    refusals: list[PosthogError] = []
    for way in ways:
        try:
            return _as_objects(await way(place, wanted))
        except (EndpointMissingError, KeyNotSupportedError) as error:
            refusals.append(error)
        except FrameStaleError as error:
            raise FrameNotReadError(name=wanted.name) from error
    raise refusals[0]


async def _by_execution(place: NotebookPlace, wanted: WantedRows) -> FramePage:
    pages = ExecutionPages(place=place, name=wanted.name, timeout_s=wanted.timeout_s)
    return await pages.read(wanted.offset, wanted.limit)


async def _by_run(place: NotebookPlace, wanted: WantedRows) -> FramePage:
    pages = await bound_frame(place, wanted.name, end=wanted.offset + wanted.limit, timeout_s=wanted.timeout_s)
    return await pages.read(wanted.offset, wanted.limit)


def _as_objects(page: FramePage) -> Rows:
    return {
        "columns": [*page.columns],
        "rows": [dict(zip(page.columns, row, strict=False)) for row in page.rows],
        "row_count": page.row_count,
    }
