"""HogQL outside of cell runs: the query endpoint and the older hogql/execute (posthog-api.md 17, 11.9)."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import anyio

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.models import ProjectId, QueryAnswer, decode
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.errors import PosthogError, QueryTimeoutError

QUERY_TIMEOUT_S = 600.0  # PostHog's own limit of a query (posthog-api.md 12.3)
SCHEMA_TIMEOUT_S = 30.0  # a warehouse can have thousands of tables
SHORTEST_GAP_S, LONGEST_GAP_S = 0.1, 2.0
CANCEL_GRACE_S = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class HogqlQuery:
    """One query for the query endpoint.

    Attributes:
        values: Of the placeholders ``{name}`` in it.
        connection_id: An external source in place of PostHog's own data.
        is_raw: Whether the text goes to that source as it is.
    """

    text: str
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    connection_id: str | None = None
    is_raw: bool = False

    def to_json(self) -> JsonValue:
        """Return the query node."""
        node: dict[str, JsonValue] = {"kind": "HogQLQuery", "query": self.text}
        if self.values:
            node["values"] = dict(self.values)
        if self.connection_id is not None:
            node["connectionId"] = self.connection_id
        if self.is_raw:
            node["sendRawQuery"] = True
        return node


class QueriesApi:
    """One method per way to run HogQL without a cell."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def query(self, project_id: ProjectId, query: HogqlQuery) -> QueryAnswer:
        """Run one HogQL query and wait for its rows (100 without a LIMIT, at most 50,000).

        Raises:
            InvalidRequestError: PostHog or ClickHouse found the query wrong (400).
            QueryTimeoutError: It took longer than PostHog lets a query run.

        Source: POST /api/projects/:project_id/query/, posthog-api.md 17.
        """
        return decode(await self.query_as_answered(project_id, query), QueryAnswer, host=self._transport.host)

    async def query_as_answered(self, project_id: ProjectId, query: HogqlQuery) -> JsonValue:
        """As ``query``, with the answer as PostHog gives it. Whoever goes away cancels the query.

        The query is asked for later, not waited for in one request: proxies cut requests that take minutes.
        """
        query_id = str(uuid.uuid4())
        body: JsonValue = {
            "query": query.to_json(),
            "refresh": "async",
            "client_query_id": query_id,
            "name": "jupyter_posthog",
        }
        is_answered = False
        try:
            path = f"/api/projects/{project_id}/query/"
            answer = await self._transport.send("POST", path, body=body, answer_timeout_s=QUERY_TIMEOUT_S)
            if (status := _pending(answer)) is not None:
                query_id = str(status.get("id") or query_id)
                answer = await self._finished(project_id, query_id)
            is_answered = True
        except PosthogError:
            is_answered = True  # what PostHog refused does not run
            raise
        finally:
            if not is_answered:
                await self._cancel(project_id, query_id)
        return answer

    async def schema(self, project_id: ProjectId) -> JsonValue:
        """Return the tables that queries of a project can read, as PostHog tells them.

        Source: kind ``DatabaseSchemaQuery`` of the query endpoint, which posthog-api.md 17 counts among the others;
        ``frontend/src/queries/schema/schema-general.ts`` in PostHog/posthog.
        """
        body: JsonValue = {"query": {"kind": "DatabaseSchemaQuery"}, "name": "jupyter_posthog"}
        path = f"/api/projects/{project_id}/query/"
        return await self._transport.send("POST", path, body=body, answer_timeout_s=SCHEMA_TIMEOUT_S)

    async def execute_in_notebook(self, project_id: ProjectId, short_id: str, hogql: str) -> QueryAnswer:
        """Run one HogQL query through a notebook. Only servers before September 2026 have this.

        Source: POST …/hogql/execute/, posthog-api.md 11.9.
        """
        path = f"/api/projects/{project_id}/notebooks/{short_id}/hogql/execute/"
        answer = await self._transport.send("POST", path, body={"query": hogql}, answer_timeout_s=QUERY_TIMEOUT_S)
        return decode(answer, QueryAnswer, host=self._transport.host)

    async def _finished(self, project_id: ProjectId, query_id: str) -> JsonValue:
        path, started_s = f"/api/projects/{project_id}/query/{query_id}/", time.monotonic()
        while True:
            answer = await self._transport.fetch(path)
            status = answer.get("query_status") if isinstance(answer, dict) else None
            if not isinstance(status, dict):
                return answer
            if status.get("complete") is True:
                return status.get("results")
            elapsed_s = time.monotonic() - started_s
            if elapsed_s > QUERY_TIMEOUT_S:
                await self._cancel(project_id, query_id)
                raise QueryTimeoutError(limit_s=QUERY_TIMEOUT_S)
            await anyio.sleep(min(max(elapsed_s / 10, SHORTEST_GAP_S), LONGEST_GAP_S))

    async def _cancel(self, project_id: ProjectId, query_id: str) -> None:
        """Ask PostHog to end a query that nobody waits for any more (posthog-api.md 17)."""
        with anyio.move_on_after(CANCEL_GRACE_S, shield=True), suppress(PosthogError):
            await self._transport.send("DELETE", f"/api/projects/{project_id}/query/{query_id}/", answer_timeout_s=5.0)


def _pending(answer: JsonValue) -> dict[str, JsonValue] | None:
    """Return the status of a query that is not answered yet; None where the rows are there."""
    status = answer.get("query_status") if isinstance(answer, dict) and "results" not in answer else None
    return status if isinstance(status, dict) else None
