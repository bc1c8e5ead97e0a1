"""Pages of a frame that PostHog holds, by each way that a server may have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.frames import MOST_ROWS
from jupyter_posthog.api.models import QueryAnswer
from jupyter_posthog.errors import (
    FrameNotReadError,
    FrameStaleError,
    InvalidRequestError,
    KernelUnavailableError,
    SaveConflictError,
    ServerFailedError,
)
from jupyter_posthog.execution.frame_page import FramePage, Row, page_expression, page_of_text, type_pairs
from jupyter_posthog.execution.places import NotebookPlace

#: Rows that one execution prints; the answer of a thousand wide rows is some megabytes.
ROWS_PER_EXECUTION = 2_000
EXECUTION_TIMEOUT_S = 60.0


class FramePages(Protocol):
    """One frame, to be read page by page."""

    @property
    def most_rows(self) -> int:
        """How many rows one request may ask for."""
        ...

    async def read(self, offset: int, limit: int) -> FramePage:
        """Return rows.

        Raises:
            FrameNotReadError: Nothing in the kernel has this name, or no kernel is running.
            FrameStaleError: The frame was replaced meanwhile.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPages:
    """The frame that a run made in the kernel (posthog-api.md 12.4).

    Attributes:
        first: The rows that stand in the run itself, at most 50.
    """

    place: NotebookPlace
    name: str
    run_id: str
    first: FramePage | None = None
    most_rows: int = MOST_ROWS

    async def read(self, offset: int, limit: int) -> FramePage:
        """Return rows; see ``FramePages``."""
        place, first = self.place, self.first
        if first is not None and (offset + limit <= len(first.rows) or first.row_count == len(first.rows)):
            return replace(first, rows=first.rows[offset : offset + limit])
        try:
            page = await place.api.runs.page(
                place.project_id, place.short_id, self.run_id, offset=offset, limit=min(limit, self.most_rows)
            )
        except SaveConflictError as error:
            raise FrameStaleError(name=self.name) from error
        rows: list[Row] = page.rows  # type: ignore[assignment]  # JSON values
        return FramePage(
            columns=page.columns, types=type_pairs(page.types), rows=rows, row_count=page.row_count or len(page.rows)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPages:
    """A frame by its name, on servers that page names (posthog-api.md 11.9)."""

    place: NotebookPlace
    name: str
    most_rows: int = MOST_ROWS

    async def read(self, offset: int, limit: int) -> FramePage:
        """Return rows; see ``FramePages``."""
        place = self.place
        try:
            found = await place.api.frames.rows(
                place.project_id, place.short_id, self.name, offset=offset, limit=min(limit, self.most_rows)
            )
        except (InvalidRequestError, ServerFailedError, KernelUnavailableError) as error:
            raise FrameNotReadError(name=self.name) from error  # its only words for a name that is none (11.9)
        rows: list[Row] = [[row.get(name) for name in found.columns] for row in found.rows]  # type: ignore[misc]
        return FramePage(columns=found.columns, types=[], rows=rows, row_count=found.row_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionPages:
    """A frame by its name, printed by code that a session executes (posthog-api.md 11.6)."""

    place: NotebookPlace
    name: str
    timeout_s: float = EXECUTION_TIMEOUT_S
    most_rows: int = ROWS_PER_EXECUTION

    async def read(self, offset: int, limit: int) -> FramePage:
        """Return rows; see ``FramePages``."""
        place, end = self.place, offset + min(limit, self.most_rows)
        code = f"print({page_expression(self.name, offset, end)})"
        body: JsonValue = {"code": code, "return_variables": False, "timeout": self.timeout_s}
        answer = await place.api.kernels.execute_as_asked(place.project_id, place.short_id, body)
        printed = answer["stdout"] if isinstance(answer, dict) and answer.get("status") == "ok" else None
        page = page_of_text(printed) if isinstance(printed, str) else None
        if page is None:
            raise FrameNotReadError(name=self.name)
        return page


class AnswerPages:
    """A frame that a query gave, all of whose rows are here: at most 50,000 (posthog-api.md 17)."""

    def __init__(self, answer: QueryAnswer) -> None:
        self._answer = answer
        self.most_rows = max(1, len(answer.results))

    async def read(self, offset: int, limit: int) -> FramePage:
        """Return rows; see ``FramePages``."""
        answer = self._answer
        rows: list[Row] = answer.results[offset : offset + limit]  # type: ignore[assignment]  # JSON values
        types = type_pairs(answer.types)
        return FramePage(columns=answer.columns, types=types, rows=rows, row_count=len(answer.results))
