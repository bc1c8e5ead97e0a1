"""Queries of the query endpoint, those that are waited for and those that are asked for later (posthog-api.md 17)."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from jupyter_posthog.box.engine.clickhouse import ClickHouse, QueryFailed, Table
from jupyter_posthog.box.moments import now, wire
from jupyter_posthog.box.refusals import invalid

Json = Any
LIMIT_S, KEPT = 600.0, timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class HogqlQuery:
    """One query as a caller sent it."""

    text: str
    values: dict[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, node: Json) -> HogqlQuery:
        """Read a query node; a visualisation stands for the query inside.

        Raises:
            Refusal: 400 for every other kind.
        """
        if isinstance(node, dict) and node.get("kind") == "DataVisualizationNode":
            node = node.get("source")
        if not isinstance(node, dict) or node.get("kind") != "HogQLQuery" or not isinstance(node.get("query"), str):
            raise invalid("Only a HogQLQuery can be run here.", attr="query")
        values = node.get("values")
        return cls(text=node["query"], values=values if isinstance(values, dict) else {})


@dataclass(slots=True, kw_only=True)
class QueryStatus:
    """How far one query is that is asked for later."""

    query_id: str
    started_at: str
    expires_at: str
    is_complete: bool = False
    error: str | None = None
    results: Json = None
    ended_at: str | None = None

    def to_wire(self) -> dict[str, Json]:
        """Return the status as the endpoint gives it."""
        return {
            "id": self.query_id,
            "team_id": 1,
            "query_async": True,
            "complete": self.is_complete,
            "error": self.error is not None,
            "error_message": self.error,
            "results": self.results,
            "start_time": self.started_at,
            "pickup_time": self.started_at if self.is_complete else None,
            "end_time": self.ended_at,
            "expiration_time": self.expires_at if self.is_complete else None,
        }


class Queries:
    """The queries of this process."""

    def __init__(self, clickhouse: Callable[[], ClickHouse]) -> None:
        self._clickhouse = clickhouse
        self._statuses: dict[str, QueryStatus] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, query: HogqlQuery, query_id: str) -> Json:
        """Run a query to its end and return its answer.

        Raises:
            QueryFailed: ClickHouse or the grammar refuses it.
        """
        table = await self._clickhouse().run_hogql(
            query.text, query_id=query_id, timeout_s=LIMIT_S, values=query.values
        )
        return query_answer(query, table)

    def start(self, query: HogqlQuery, query_id: str) -> QueryStatus:
        """Start a query that is asked for later."""
        expires_at = wire(datetime.now(UTC) + KEPT)
        status = QueryStatus(query_id=query_id, started_at=now(), expires_at=expires_at)
        self._statuses[query_id] = status
        task = asyncio.ensure_future(self._follow(query, status))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return status

    def find(self, query_id: str) -> QueryStatus | None:
        """Return how far a query is, None where there is none."""
        return self._statuses.get(query_id)

    async def cancel(self, query_id: str) -> None:
        """Stop a query, waited for or not."""
        self._statuses.pop(query_id, None)
        await self._clickhouse().kill(query_id)

    async def aclose(self) -> None:
        """Give up what still runs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _follow(self, query: HogqlQuery, status: QueryStatus) -> None:
        try:
            status.results = await self.run(query, status.query_id)
        except QueryFailed as error:
            status.error = str(error)
        status.is_complete, status.ended_at = True, now()


def new_query_id() -> str:
    """Return an id for a query whose caller gave none."""
    return str(uuid.uuid4())


def query_answer(query: HogqlQuery, table: Table) -> dict[str, Json]:
    """Return the answer of the query endpoint."""
    key = hashlib.md5(json.dumps([query.text, query.values]).encode("utf-8", "replace"), usedforsecurity=False)
    return {
        "results": table.rows,
        "columns": table.columns,
        "types": table.types,
        "hasMore": table.has_more,
        "limit": table.limit,
        "offset": table.offset,
        "hogql": query.text,
        "query": query.text,
        "clickhouse": table.sql,
        "timings": [{"k": "./clickhouse_execute", "t": table.seconds}],
        "error": None,
        "is_cached": False,
        "cache_key": f"cache_1_{key.hexdigest()}",
        "last_refresh": now(),
    }
