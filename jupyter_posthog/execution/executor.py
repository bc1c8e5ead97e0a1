"""What every way of running cells on PostHog can do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from jupyter_posthog.execution.events import Event
from jupyter_posthog.execution.magics import Language
from jupyter_posthog.execution.variables import Variables


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


class Executor(Protocol):
    """One way of running cells of one notebook."""

    def execute(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        """Run one cell and yield what happens; the last event of a failure is ``CellFailed``.

        Args:
            stop: Set when the person wants the cell to end; the iterator then ends within two seconds.

        Raises:
            PosthogError: The cell could not be run, or its end is not known.
        """
        ...

    async def restart(self) -> bool:
        """Restart the remote kernel; False where this credential cannot."""
        ...

    def describe(self) -> str:
        """Say in one sentence how cells run."""
        ...
