"""ClickHouse inside this process (chdb): HogQL in, rows out."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_posthog.box.engine.dataset import INSERTS, TABLES
from jupyter_posthog.box.engine.functions import CATALOGUE_QUERY, Functions
from jupyter_posthog.box.engine.hogql import HogqlError, Node, fill, parse_select
from jupyter_posthog.box.engine.printer import DEFAULT_LIMIT, Printed, Printer

CONNECTIONS = 4
KILL_LIMIT_S, KILL_GAP_S = 5.0, 0.1
_SETTINGS = (
    "SETTINGS output_format_json_quote_64bit_integers=0, output_format_json_quote_decimals=1, "
    "output_format_decimal_trailing_zeros=1, "
    "output_format_json_named_tuples_as_objects=0, date_time_output_format='iso', transform_null_in=1, "
    "session_timezone='UTC', joined_subquery_requires_alias=0, "
    "max_execution_time={seconds}, readonly=1"
)


class QueryFailed(Exception):
    """A query that was refused, or that ClickHouse could not run; the text is for people."""


class QueryTimedOut(QueryFailed):
    """A query that ran longer than it may."""


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
    offset: int = 0


class ClickHouse:
    """The engine, loaded in the background; a query that comes earlier waits for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="clickhouse")
        self._control = ThreadPoolExecutor(1, thread_name_prefix="clickhouse-control")
        self._free: asyncio.Queue[Any] = asyncio.Queue()
        self._loading: asyncio.Task[None] | None = None
        self._connections: list[Any] = []
        self._functions = Functions()
        self._running: set[str] = set()
        self._killed: set[str] = set()

    def load(self) -> None:
        """Begin to load the engine and to make the data set."""
        self._loading = asyncio.ensure_future(self._load())
        self._loading.add_done_callback(_say_failure)

    async def _load(self) -> None:
        loop = asyncio.get_running_loop()
        self._connections = await loop.run_in_executor(self._control, self._open)
        for connection in self._connections[1:]:
            self._free.put_nowait(connection)

    def _open(self) -> list[Any]:
        import chdb

        # One database path per process; a connection runs one query at a time, and the first one kills others.
        connections: list[Any] = [chdb.connect(str(self._folder)) for _ in range(CONNECTIONS + 1)]
        first = connections[0]
        for statement in TABLES:
            first.query(statement)
        # Sessions come last: without them the data set is not whole, whatever ended the process that made it.
        if str(first.query("SELECT count() FROM sessions", "TabSeparated")).strip() == "0":
            for name in ("persons", "person_distinct_ids", "groups", "events", "sessions"):
                first.query(f"TRUNCATE TABLE {name}")
            for statement in INSERTS:
                first.query(statement)
        self._functions.learn(json.loads(first.query(CATALOGUE_QUERY, "JSONCompact").bytes())["data"])
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
        """Run one HogQL query given as text.

        Raises:
            QueryFailed: It is no HogQL, or ClickHouse refused it.
        """
        try:
            tree = fill(parse_select(hogql), values or {})
        except HogqlError as error:
            raise QueryFailed(str(error)) from error
        return await self.run_tree(tree, query_id=query_id, timeout_s=timeout_s, default_limit=default_limit)

    async def run_tree(
        self, tree: Node, *, query_id: str, timeout_s: float, default_limit: int = DEFAULT_LIMIT
    ) -> Table:
        """Run one HogQL query that was parsed and whose placeholders were filled.

        Raises:
            QueryFailed: It uses what HogQL does not know, or ClickHouse refused it.
        """
        await self._loaded()
        try:
            printed = Printer(self._functions).print_query(tree, default_limit=default_limit)
        except HogqlError as error:
            raise QueryFailed(str(error)) from error
        except RecursionError as error:
            raise QueryFailed("The query is nested too deeply.") from error
        statement = f"/* {query_id} */ {printed.text} {_SETTINGS.format(seconds=max(1, int(timeout_s)))}"
        self._running.add(query_id)
        try:
            answer = await self._answer(statement, query_id)
        finally:
            self._running.discard(query_id)
        return _table(answer, printed)

    async def _answer(self, statement: str, query_id: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(await self._query(statement, query_id))
        except ValueError:
            # Seen once: what a failed query had begun to write came before the next answer of its connection.
            # Reading is safe twice.
            found = json.loads(await self._query(statement, query_id))
        return found

    async def kill(self, query_id: str) -> None:
        """End a query, one too that has not yet begun; return once it has ended, or soon."""
        await self._loaded()
        self._killed.add(query_id)
        statement = f"KILL QUERY WHERE query LIKE '/* {query_id} */%' ASYNC"
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout(KILL_LIMIT_S):
                # Between its start here and its place in ClickHouse's list, a query cannot be found.
                while query_id in self._running:
                    await loop.run_in_executor(self._control, self._connections[0].query, statement)
                    await asyncio.sleep(KILL_GAP_S)
        self._killed.discard(query_id)

    async def aclose(self) -> None:
        """End every query and give the engine up."""
        if self._loading is not None and self._loading.done():
            await asyncio.gather(*(self.kill(query_id) for query_id in list(self._running)))
        elif self._loading is not None:
            self._loading.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._control.shutdown(wait=False, cancel_futures=True)

    async def _loaded(self) -> None:
        assert self._loading is not None
        try:
            await asyncio.shield(self._loading)
        except Exception as error:
            raise QueryFailed(f"ClickHouse could not be loaded: {_in_words(str(error))}") from error

    async def _query(self, sql: str, query_id: str) -> bytes:
        from chdb._exceptions import ChdbError  # the public name is another class

        connection = await self._free.get()
        if query_id in self._killed:
            self._free.put_nowait(connection)
            raise QueryFailed("Query was cancelled.")
        running = asyncio.get_running_loop().run_in_executor(self._pool, connection.query, sql, "JSONCompact")
        # A request that was given up leaves its query running: the connection is free only when that has ended.
        running.add_done_callback(lambda _: self._free.put_nowait(connection))
        try:
            return bytes((await asyncio.shield(running)).bytes())
        except ChdbError as error:
            message = _in_words(str(error))
            raise (QueryTimedOut if "TIMEOUT_EXCEEDED" in str(error) else QueryFailed)(message) from error


def _say_failure(loading: asyncio.Future[None]) -> None:
    """Tell the person who started the box; who asks is told in each answer."""
    if not loading.cancelled() and (error := loading.exception()) is not None:
        print(f"ClickHouse could not be loaded: {_in_words(str(error))}", file=sys.stderr)


def _table(answer: dict[str, Any], printed: Printed) -> Table:
    meta, rows = answer["meta"], answer["data"]
    # Where two columns have one name, ClickHouse could not be told both.
    names = printed.names if len(printed.names) == len(meta) else [column["name"] for column in meta]
    return Table(
        columns=names,
        types=[[name, column["type"]] for name, column in zip(names, meta, strict=True)],
        rows=rows[: printed.limit],
        has_more=len(rows) > printed.limit,
        limit=printed.limit,
        offset=printed.offset,
        seconds=answer["statistics"]["elapsed"],
        sql=printed.text,
    )


def _in_words(text: str) -> str:
    """Return ClickHouse's message without the query it repeats."""
    found = re.search(r"DB::Exception: (.*)", text, re.DOTALL)
    message = found[1] if found else text
    for repeated in (" In scope ", " In query ", ": While executing", ": while executing"):
        message = message.split(repeated)[0]
    return message.strip().removesuffix(":")[:1_000]
