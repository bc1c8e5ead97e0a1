"""QueryExecutor: HogQL only, through the query endpoint, where nothing else is allowed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import ProjectId, QueryAnswer
from jupyter_posthog.api.queries import HogqlQuery
from jupyter_posthog.api.transport import JsonValue
from jupyter_posthog.errors import EndpointMissingError, KeyNotSupportedError, MissingScopeError, PythonUnavailableError
from jupyter_posthog.execution.events import INTERRUPTED, Event
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.frames import show_answer
from jupyter_posthog.execution.remote_kernel import RemoteKernel
from jupyter_posthog.execution.sql_tokens import Dialect
from jupyter_posthog.execution.stopping import stoppable
from jupyter_posthog.execution.variables import fill_sql

_INTERNALS = frozenset({"clickhouse", "cache_key", "timings"})


async def run_query(api: PosthogApi, project_id: int, short_id: str, cell: CellToRun) -> QueryAnswer:
    """Run a HogQL cell through the query endpoint, else through the notebook's own one of older servers.

    Source: posthog-api.md 17, 11.9.
    """
    query = HogqlQuery(
        text=cell.hogql or cell.code,
        values={variable.name: variable.value for variable in cell.variables},
        connection_id=cell.connection_id,
        is_raw=cell.is_raw,
    )
    try:
        return await api.queries.query(project_id, query)
    except (EndpointMissingError, KeyNotSupportedError, MissingScopeError) as error:
        if cell.connection_id is not None:
            raise  # the older endpoint takes nothing but a text
        hogql = fill_sql(query.text, cell.variables, Dialect.HOGQL)
        try:
            return await api.queries.execute_in_notebook(project_id, short_id, hogql)
        except (EndpointMissingError, KeyNotSupportedError):
            raise error from None


async def answer_hogql(api: PosthogApi, project_id: ProjectId, hogql: str) -> JsonValue:
    """Run HogQL through the query endpoint and answer as ``hogql/execute`` does: without PostHog's internals.

    Source: posthog-api.md 11.9.
    """
    answer = await api.queries.query_as_answered(project_id, HogqlQuery(text=hogql))
    fields = answer if isinstance(answer, dict) else {}
    return {name: value for name, value in fields.items() if name not in _INTERNALS}


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
