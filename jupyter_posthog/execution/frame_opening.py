"""Finds the way to a frame's rows: which there are depends on the server, the credential and what made the frame."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from jupyter_posthog.errors import (
    EndpointMissingError,
    FrameNotReadError,
    FrameStaleError,
    KeyNotSupportedError,
    NotebookNotFoundError,
    PosthogError,
)
from jupyter_posthog.execution.code_answers import finished_run
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.frame_page import SHOWN_NAME, page_of
from jupyter_posthog.execution.frame_pages import AnswerPages, ExecutionPages, FramePages, NamedPages, RunPages
from jupyter_posthog.execution.hogql import run_query
from jupyter_posthog.execution.magics import Language
from jupyter_posthog.execution.names import HOGQL_KIND, FrameSource
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.variables import Variables

BINDING_TIMEOUT_S = 120.0
FIRST_PAGE_ROWS = 50  # of a run's own result (posthog-api.md 12.3)


async def open_frame(
    place: NotebookPlace, name: str, source: FrameSource | None, variables: Variables = ()
) -> FramePages:
    """Return the pages of a frame.

    A query's frame is in no kernel: the query runs again. A kernel's frame is read from the run that made it where
    that still holds, else by its name.

    Args:
        name: An identifier, checked already.
        source: What is known of the cell that made it.

    Raises:
        FrameNotReadError: No kernel is running, or nothing in it is a frame of this name.
    """
    if source is not None and source.kind == HOGQL_KIND:
        return await _by_query(place, source, variables)
    await check_kernel(place, name)
    if source is not None and source.run_id is not None:
        pages = RunPages(place=place, name=name, run_id=source.run_id)
        if await _holds(pages):
            return pages
    return await _by_name(place, name)


async def bound_frame(
    place: NotebookPlace, name: str, *, end: int | None = None, timeout_s: float = BINDING_TIMEOUT_S
) -> RunPages:
    """Show a frame by a run of its own, and bind it where more rows are wanted: only named frames have pages (12.4).

    Args:
        end: The first row that is not wanted any more; None where all are.

    Raises:
        FrameNotReadError: Nothing in the kernel is a frame of this name.
        NotebookBusyError: A cell runs in the one slot that a key has.
    """
    bound = SHOWN_NAME if end is None or end > FIRST_PAGE_ROWS else ""
    ended = await finished_run(
        place.api, place.project_id, place.short_id, name, timeout_s=timeout_s, output_name=bound
    )
    first = page_of(ended.status.result) if ended.status.status == "done" else None
    if first is None:
        raise FrameNotReadError(name=name)
    return RunPages(place=place, name=name, run_id=ended.run_id, first=first)


async def _by_query(place: NotebookPlace, source: FrameSource, variables: Variables) -> FramePages:
    cell = CellToRun(
        node_id=source.node_id,
        language=Language.HOGQL,
        code=source.query,
        result_name="",
        variables=variables,
        connection_id=source.connection_id,
        is_raw=source.is_raw,
    )
    return AnswerPages(await run_query(place.api, place.project_id, place.short_id, cell))


async def _by_name(place: NotebookPlace, name: str) -> FramePages:
    async def named() -> FramePages:
        pages = NamedPages(place=place, name=name)
        await pages.read(0, 1)
        return pages

    async def bound() -> FramePages:
        return await bound_frame(place, name)

    async def executed() -> FramePages:
        pages = ExecutionPages(place=place, name=name)
        await pages.read(0, 1)
        return pages

    ways: list[Callable[[], Awaitable[FramePages]]] = [bound]
    if place.api.transport.is_session:
        ways = [named, bound, executed]
    refusals: list[PosthogError] = []
    for way in ways:
        try:
            return await way()
        except (EndpointMissingError, KeyNotSupportedError) as error:
            refusals.append(error)
    raise refusals[0]


async def _holds(pages: RunPages) -> bool:
    """Whether a run's frame is still the one of its name; a run that PostHog forgot holds nothing."""
    try:
        await pages.read(0, 1)
    except (FrameStaleError, EndpointMissingError):
        return False
    except PosthogError as error:
        if getattr(error, "status", 0) in {400, 404}:
            return False
        raise
    return True


async def check_kernel(place: NotebookPlace, name: str) -> None:
    """Look whether a kernel runs, so that reading a frame starts none.

    Raises:
        FrameNotReadError: None does.
        NotebookNotFoundError: There is no such notebook.
    """
    try:
        kernel = await place.api.kernels.status(place.project_id, place.short_id)
    except KeyNotSupportedError:
        return  # older servers tell keys nothing about kernels
    except EndpointMissingError as error:
        raise NotebookNotFoundError(status=404, detail=error.detail, short_id=place.short_id) from error
    if kernel.status != "running":
        raise FrameNotReadError(name=name)
