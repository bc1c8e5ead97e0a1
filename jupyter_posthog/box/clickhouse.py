"""ClickHouse inside this process (chdb): HogQL in, rows out."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_posthog.box.dataset import INSERTS, TABLES
from jupyter_posthog.box.hogql import HogqlError, parse_select
from jupyter_posthog.box.printer import DEFAULT_LIMIT, Printer

CONNECTIONS = 4
_SETTINGS = "SETTINGS output_format_json_quote_64bit_integers=0, max_execution_time={seconds}, readonly=1"


class QueryFailed(Exception):
    """A query that was refused, or that ClickHouse could not run; the text is for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of a query; ``has_more`` tells that the limit cut them."""

    columns: list[str]
    types: list[list[str]]
    rows: list[list[Any]]
    has_more: bool
    limit: int
    seconds: float
    sql: str


class ClickHouse:
    """The engine, loaded in the background; a query that comes earlier waits for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="clickhouse")
        self._control = ThreadPoolExecutor(1, thread_name_prefix="clickhouse-control")
        self._free: asyncio.Queue[Any] = asyncio.Queue()
        self._loading: asyncio.Task[None] | None = None
        self._connections: list[Any] = []

    def load(self) -> None:
        """Begin to load the engine and to make the data set."""
        self._loading = asyncio.ensure_future(self._load())

    async def _load(self) -> None:
        loop = asyncio.get_running_loop()
        self._connections = await loop.run_in_executor(self._control, self._open)
        for connection in self._connections[1:]:
            self._free.put_nowait(connection)

    def _open(self) -> list[Any]:
        import chdb

        # One database path per process; a connection runs one query at a time, and the first one kills others.
        connections: list[Any] = [chdb.connect(str(self._folder)) for _ in range(CONNECTIONS + 1)]
        for statement in TABLES:
            connections[0].query(statement)
        if str(connections[0].query("SELECT count() FROM events", "TabSeparated")).strip() == "0":
            for statement in INSERTS:
                connections[0].query(statement)
        return connections

    async def run_hogql(
        self,
        hogql: str,
        *,
        query_id: str,
        timeout_s: float,
        values: Mapping[str, Any] | None = None,
        default_limit: int = DEFAULT_LIMIT,
    ) -> Table:
        """Run one HogQL query.

        Raises:
            QueryFailed: It is no HogQL, or ClickHouse refused it.
        """
        try:
            sql, limit = Printer(hogql, values or {}).print_query(parse_select(hogql), default_limit=default_limit)
        except HogqlError as error:
            raise QueryFailed(str(error)) from error
        answer = await self._query(f"/* {query_id} */ {sql} {_SETTINGS.format(seconds=int(timeout_s))}")
        types = [[column["name"], column["type"]] for column in answer["meta"]]
        rows = answer["data"]
        return Table(
            columns=[name for name, _ in types],
            types=types,
            rows=rows[:limit],
            has_more=len(rows) > limit,
            limit=limit,
            seconds=answer["statistics"]["elapsed"],
            sql=sql,
        )

    async def kill(self, query_id: str) -> None:
        """End a running query."""
        await self._loaded()
        statement = f"KILL QUERY WHERE query LIKE '/* {query_id} */%' ASYNC"
        await asyncio.get_running_loop().run_in_executor(self._control, self._connections[0].query, statement)

    def close(self) -> None:
        """Close every connection."""
        if self._loading is not None:
            self._loading.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._control.shutdown(wait=False, cancel_futures=True)

    async def _loaded(self) -> None:
        assert self._loading is not None
        await asyncio.shield(self._loading)

    async def _query(self, sql: str) -> dict[str, Any]:
        await self._loaded()
        from chdb._exceptions import ChdbError  # the public name is another class

        connection = await self._free.get()
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._pool, connection.query, sql, "JSONCompact")
        except ChdbError as error:
            raise QueryFailed(_in_words(str(error))) from error
        finally:
            self._free.put_nowait(connection)
        found: dict[str, Any] = json.loads(answer.bytes())
        return found


def _in_words(text: str) -> str:
    """Return ClickHouse's message without the query it repeats."""
    found = re.search(r"DB::Exception: (.*)", text, re.DOTALL)
    message = (found[1] if found else text).split(" In scope ")[0]
    return message.strip()[:1_000]
