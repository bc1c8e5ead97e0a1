"""What every way of running cells on PostHog can do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.execution.events import Event
from jupyter_posthog.execution.magics import Language
from jupyter_posthog.execution.variables import Variables

JsonObject = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellToRun:
    """One cell, ready to run.

    Attributes:
        result_name: The frame to bind, or empty for display only.
        references: Frame name → (node id, ``hogql`` or ``local``) of other cells this one reads from.
        query: HogQL with the queries of those cells in it, where there are any.
        variables: The notebook's, for ``{name}`` in SQL and globals in Python.
        connection_id: An external source of SQL; ``is_raw`` sends the text to it as it is.
    """

    node_id: str
    language: Language
    code: str
    result_name: str
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    query: str = ""
    variables: Variables = ()
    connection_id: str | None = None
    is_raw: bool = False

    @property
    def hogql(self) -> str | None:
        """The HogQL for ways that know no names of frames.

        None for other languages, and for HogQL over a frame that lives in the kernel: that runs there, as DuckDB SQL
        (posthog-api.md 12.2).
        """
        if self.language is not Language.HOGQL or any(kind == "local" for _, kind in self.references.values()):
            return None
        return self.query or self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What can stand at a cursor; places count characters, not UTF-16 units.

    Attributes:
        types: The kind of each match (``function``, ``keyword``, …); empty texts where it is not known.
    """

    matches: tuple[str, ...]
    start: int
    end: int
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameFacts:
    """One frame that the remote kernel holds.

    Attributes:
        kind: ``frame``, ``table`` or ``view``.
        columns: Pairs of name and type.
        row_count: None where PostHog does not count.
    """

    name: str
    kind: str
    columns: tuple[tuple[str, str], ...]
    row_count: int | None
    is_estimate: bool = False


class Executor(Protocol):
    """One way of running cells of one notebook (design.md §5)."""

    #: ``stream``, ``runs``, ``execute`` or ``query``.
    name: str

    def describe(self) -> str:
        """Say in one sentence how cells run."""
        ...

    async def start(self) -> bool:
        """Start the remote kernel and wait for it; False where this credential cannot."""
        ...

    def execute(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        """Run one cell and yield what happens; the last event of a failure is ``CellFailed``.

        Args:
            stop: Set when the person wants the cell to end; the iterator then ends within two seconds.

        Raises:
            PosthogError: The cell could not be run, or its end is not known.
        """
        ...

    async def interrupt(self) -> bool:
        """Ask PostHog to stop the cell that runs; False where nothing runs or PostHog has no way to stop it."""
        ...

    async def complete(self, code: str, cursor: int) -> Completion:
        """Return what the remote kernel says can stand at the cursor; nothing where it cannot be asked."""
        ...

    async def inspect(self, code: str, cursor: int, detail: int) -> str:
        """Return what the remote kernel knows of the name at the cursor; empty where that is nothing."""
        ...

    async def frames(self) -> tuple[FrameFacts, ...]:
        """Return the frames that the remote kernel holds; none where no kernel runs or it does not tell."""
        ...

    async def page(self, name: str, *, offset: int, limit: int) -> JsonObject:
        """Return rows of a frame: ``columns``, ``rows`` (objects) and ``row_count``.

        Raises:
            FrameNotReadError: No kernel runs, or it holds no such frame.
        """
        ...

    async def restart(self) -> bool:
        """Restart the remote kernel; False where this credential cannot."""
        ...

    async def shutdown(self) -> bool:
        """Stop the remote kernel; False where this credential cannot."""
        ...

    async def aclose(self) -> None:
        """Let go of what still waits for PostHog, without stopping anything there."""
        ...
