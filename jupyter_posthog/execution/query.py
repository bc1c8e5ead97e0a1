"""QueryExecutor: HogQL only, through the query endpoint, where nothing else is allowed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.errors import PythonUnavailableError
from jupyter_posthog.execution.events import INTERRUPTED, Event
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.frames import show_answer
from jupyter_posthog.execution.hogql import run_query
from jupyter_posthog.execution.remote_kernel import RemoteKernel
from jupyter_posthog.execution.stopping import stoppable


class QueryExecutor(RemoteKernel):
    """Runs HogQL cells; Python cells are refused with the reason and the way out."""

    name = "query"

    def __init__(self, api: PosthogApi, project_id: int, short_id: str, *, cause: str) -> None:
        """Prepare.

        Args:
            cause: Why nothing runs Python here: a reason of ``errors.py``.
        """
        super().__init__(api, project_id, short_id)
        self._cause = cause

    def describe(self) -> str:
        """Say in one sentence how cells run."""
        return "Only HogQL cells run with this credential; Python cells say why they do not."

    async def restart(self) -> bool:
        """There is no kernel behind queries."""
        return False

    async def execute(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        """Run one HogQL cell."""
        if cell.hogql is None:
            raise PythonUnavailableError(cause=self._cause)
        async for event in stoppable(self._query(cell), stop, at_stop=INTERRUPTED):
            yield event

    async def _query(self, cell: CellToRun) -> AsyncIterator[Event]:
        answer = await run_query(self._api, self._project_id, self._short_id, cell)
        yield show_answer(answer, name=cell.result_name)
