"""HogQL outside of cell runs: the query endpoint and the older hogql/execute (posthog-api.md 17, 11.9)."""

from __future__ import annotations

from jupyter_posthog.api.models import ProjectId, QueryAnswer, decode
from jupyter_posthog.api.transport import JsonValue, Transport

QUERY_TIMEOUT_S = 600.0


class QueriesApi:
    """One method per way to run HogQL without a cell."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def query(self, project_id: int, hogql: str) -> QueryAnswer:
        """Run one HogQL query and wait for its rows (100 without a LIMIT, at most 50,000).

        Raises:
            InvalidRequestError: PostHog or ClickHouse found the query wrong (400).

        Source: POST /api/projects/:project_id/query/, posthog-api.md 17.
        """
        return decode(await self.query_as_answered(project_id, hogql), QueryAnswer, host=self._transport.host)

    async def query_as_answered(self, project_id: ProjectId, hogql: str) -> JsonValue:
        """As ``query``, with the answer as PostHog gives it."""
        body: JsonValue = {
            "query": {"kind": "HogQLQuery", "query": hogql},
            "refresh": "blocking",
            "name": "jupyter_posthog",
        }
        path = f"/api/projects/{project_id}/query/"
        return await self._transport.send("POST", path, body=body, answer_timeout_s=QUERY_TIMEOUT_S)

    async def execute_in_notebook(self, project_id: int, short_id: str, hogql: str) -> QueryAnswer:
        """Run one HogQL query through a notebook. Only servers before September 2026 have this.

        Source: POST …/hogql/execute/, posthog-api.md 11.9.
        """
        path = f"/api/projects/{project_id}/notebooks/{short_id}/hogql/execute/"
        answer = await self._transport.send("POST", path, body={"query": hogql}, answer_timeout_s=QUERY_TIMEOUT_S)
        return decode(answer, QueryAnswer, host=self._transport.host)
