"""The query endpoint, blocking and later, and HogQL through a notebook (posthog-api.md 11.9, 17)."""

from __future__ import annotations

from jupyter_posthog.box.engine.clickhouse import QueryFailed, QueryTimedOut
from jupyter_posthog.box.engine.schema_answer import is_schema_query, schema_answer
from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.kernel.kernel_handlers import KernelHandler
from jupyter_posthog.box.refusals import Refusal, invalid, not_found, timed_out
from jupyter_posthog.box.running.queries import HogqlQuery, QueryStatus, new_query_id
from jupyter_posthog.box.throttles import HOGQL

_LATER = frozenset({"async", "lazy_async", "force_async"})
_AT_ONCE = frozenset({"blocking", "force_blocking", "force_cache", "async_except_on_cache_miss"})


class QueryHandler(BoxHandler):
    """``/api/projects/:p/query/``."""

    rates = HOGQL

    async def post(self, project_id: str) -> None:
        """Run one HogQL query and answer its rows, or say where to ask for them."""
        body = self.body()
        if is_schema_query(body.get("query")):
            self.answer(schema_answer())
            return
        query, refresh = HogqlQuery.of(body.get("query")), body.get("refresh") or "blocking"
        if refresh not in _LATER | _AT_ONCE:
            raise invalid(f'"{refresh}" is not a valid choice.', attr="refresh", code="invalid_choice")
        given = body.get("client_query_id")
        query_id = given if isinstance(given, str) and given else new_query_id()
        if refresh in _LATER:
            self.answer({"query_status": self.box.queries.start(query, query_id).to_wire()}, 202)
            return
        try:
            answer = await self.box.queries.run(query, query_id)
        except QueryTimedOut as error:
            raise timed_out(str(error)) from error
        except QueryFailed as error:
            raise invalid(str(error)) from error
        if self.request.headers.get("X-PostHog-Client") == "mcp":
            answer["formatted_results"] = _as_text(answer["columns"], answer["results"])
        self.answer(answer)


class QueryStatusHandler(BoxHandler):
    """``/api/projects/:p/query/:id/``."""

    def get(self, project_id: str, query_id: str) -> None:
        """Answer how far a query is: 202 while it runs, 400 for a mistake in it."""
        status = self.box.queries.find(query_id)
        if status is None:
            raise not_found(f"Query {query_id} not found.")
        self.answer({"query_status": status.to_wire()}, _code(status))

    async def delete(self, project_id: str, query_id: str) -> None:
        """Stop a query."""
        await self.box.queries.cancel(query_id)
        self.answer({"message": "Query cancelled"})


class HogqlExecuteHandler(KernelHandler):
    """``hogql/execute/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """Run one HogQL query through a notebook; its mistakes have a body of their own (3.2)."""
        self.notebook(short_id)
        text = self.body().get("query")
        if not isinstance(text, str) or not text.strip():
            raise Refusal(400, {"error": "query is required"})
        try:
            answer: Json = await self.box.queries.run(HogqlQuery(text=text), new_query_id())
        except QueryFailed as error:
            raise Refusal(400, {"error": str(error)}) from error
        self.answer({name: value for name, value in answer.items() if name not in {"clickhouse", "cache_key"}})


def _code(status: QueryStatus) -> int:
    if not status.is_complete:
        return 202
    return 200 if status.error is None else 400


def _as_text(columns: list[str], rows: list[list[Json]]) -> str:
    """Return rows as the text table that language models are given."""
    return "\n".join("|".join(str(value) for value in row) for row in [columns, *rows])
