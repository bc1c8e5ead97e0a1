"""HogQL without a cell run: the query endpoint, else the notebook's own one of older servers."""

from __future__ import annotations

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import ProjectId, QueryAnswer
from jupyter_posthog.api.queries import HogqlQuery
from jupyter_posthog.errors import EndpointMissingError, KeyNotSupportedError, MissingScopeError
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.sql_tokens import Dialect
from jupyter_posthog.execution.variables import fill_sql

_INTERNALS = frozenset({"clickhouse", "cache_key", "timings"})


async def run_query(api: PosthogApi, project_id: ProjectId, short_id: str, cell: CellToRun) -> QueryAnswer:
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
