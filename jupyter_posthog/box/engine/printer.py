"""Prints a HogQL tree as ClickHouse SQL over the box's tables (design.md §7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jupyter_posthog.box.engine.calls import Calls
from jupyter_posthog.box.engine.expressions import Expressions
from jupyter_posthog.box.engine.functions import Functions
from jupyter_posthog.box.engine.hogql import HogqlError, Node
from jupyter_posthog.box.engine.schema import Column
from jupyter_posthog.box.engine.scope import Scope
from jupyter_posthog.box.engine.sql_text import Sql, name_of
from jupyter_posthog.box.engine.tables import From

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One printed query and the columns it gives."""

    text: str
    columns: list[Column] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A whole query ready to run; it asks for one row more than ``limit``, which tells whether there are more."""

    text: str
    names: list[str]
    limit: int
    offset: int


class Printer:
    """Prints whole queries.

    Args:
        functions: What HogQL may call.
    """

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    def print_query(self, tree: Node, *, default_limit: int = DEFAULT_LIMIT) -> Printed:
        """Return the SQL of a whole query under its limit, which is never above 50,000 (posthog-api.md 17).

        Raises:
            HogqlError: It uses what HogQL does not know.
        """
        limit, offset = _number(tree, "limit"), _number(tree, "offset") or 0
        limit = min(default_limit if limit is None else limit, LARGEST_LIMIT)
        is_plain = not tree.get("limit_with_ties") and not tree.get("limit_percent")
        selects = Selects(Calls(self._functions))
        query = selects.query({**tree, "limit": None, "offset": None} if is_plain else tree, Scope())
        names = [column.name for column in query.columns]
        if tree["node"] == "SelectQuery" and is_plain:
            return Printed(text=f"{query.text} {_limit(limit + 1, offset)}", names=names, limit=limit, offset=offset)
        text = f"SELECT * FROM ({query.text}) {_limit(limit + 1, offset if is_plain else 0)}"
        return Printed(text=text, names=names, limit=limit, offset=offset)


class Selects:
    """Prints the SELECTs of one query, the outer ones and those inside."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def query(self, node: Node, parent: Scope) -> Query:
        """Return a SELECT, or several joined by UNION and the like."""
        if node["node"] == "SelectQuery":
            return self._select(node, Scope(parent=parent))
        if node["node"] != "SelectSetQuery":
            raise HogqlError(f"{node['node']} is not supported in this query.")
        shared = Scope(parent=parent)
        first = node["initial_select_query"]
        head = self._with(first, shared) if first["node"] == "SelectQuery" else ""
        queries = [self.query({**first, "ctes": None} if head else first, shared)]
        parts = [queries[0].text]
        for other in node["subsequent_select_queries"]:
            parts += [other["set_operator"], self._operand(other["select_query"], shared)]
        text = f"{head} {' '.join(parts)}".strip()
        if node.get("limit") is not None:
            return Query(text=f"SELECT * FROM ({text}) {self._limited(node, shared)}", columns=queries[0].columns)
        return Query(text=text, columns=queries[0].columns)

    def _operand(self, node: Node, scope: Scope) -> str:
        query = self.query(node, scope)
        is_simple = node["node"] == "SelectQuery" and not node.get("limit") and not node.get("order_by")
        return query.text if is_simple and not node.get("ctes") else f"({query.text})"

    def _text(self, node: Node, scope: Scope) -> str:
        return self.query(node, scope).text

    def _limited(self, node: Node, scope: Scope) -> str:
        expressions = Expressions(scope, self._calls, self._text)
        parts = [f"LIMIT {expressions.text(node['limit'])}"] if node.get("limit") else []
        if node.get("limit_percent"):
            parts = [f"LIMIT {_number(node, 'limit') or 0} / 100"]
        if node.get("offset"):
            parts.append(f"OFFSET {expressions.text(node['offset'])}")
        return " ".join([*parts, "WITH TIES"] if node.get("limit_with_ties") else parts)

    def _select(self, node: Node, scope: Scope) -> Query:
        head, calls = self._with(node, scope), self._calls.fresh()
        tables = From(scope, calls, self.query)
        if node.get("select_from"):
            tables.add(node["select_from"])
        scope.unused = {item["alias"] for item in node["select"] if item["node"] == "Alias"}
        expressions = Expressions(scope, calls, self._text)
        array_join = self._array_join(node, expressions)
        columns = list(self._columns(node, expressions))
        text = ", ".join(text for text, _ in columns)
        parts = [head, f"SELECT {'DISTINCT ' if node.get('distinct') else ''}{text}"]
        rest = [array_join, *self._clauses(node, expressions)]
        # Fields of lazy tables were met by now: what they join is known.
        parts += [f"FROM {tables.text()}"] if node.get("select_from") else []
        found = [column for _, column in columns]
        return Query(text=" ".join(part for part in [*parts, *rest] if part), columns=found)

    def _with(self, node: Node, scope: Scope) -> str:
        found, is_recursive = [], False
        for cte in node.get("ctes") or []:
            name = cte["name"]
            if cte["cte_type"] != "subquery":
                value = Expressions(scope, self._calls, self._text).sql(cte["expr"])
                scope.aliases[name] = Sql(text=name_of(name), kind=value.kind, is_nullable=value.is_nullable)
                found.append(f"{value.text} AS {name_of(name)}")
                continue
            if cte.get("recursive"):
                is_recursive = True
                scope.tables[name] = self._first_columns(cte, scope)
            query = self.query(cte["expr"], scope)
            renamed = cte.get("columns") or [column.name for column in query.columns]
            scope.tables[name] = _renamed(query.columns, renamed)
            names = f" ({', '.join(map(name_of, renamed))})" if cte.get("columns") else ""
            found.append(f"{name_of(name)}{names} AS ({query.text})")
        return f"WITH {'RECURSIVE ' if is_recursive else ''}{', '.join(found)}" if found else ""

    def _first_columns(self, cte: Node, scope: Scope) -> list[Column]:
        first = cte["expr"].get("initial_select_query", cte["expr"])
        columns = self.query(first, scope).columns
        return _renamed(columns, cte.get("columns") or [column.name for column in columns])

    def _columns(self, node: Node, expressions: Expressions) -> Iterator[tuple[str, Column]]:
        used: set[str] = set()
        for item in node["select"]:
            for name, value in self._values(item, expressions):
                column = Column(
                    name=name,
                    kind=value.kind,
                    is_nullable=value.is_nullable,
                    properties=value.place.properties if value.place and not value.place.keys else None,
                )
                is_named = item["node"] == "Alias" or value.text == name_of(name)
                # Two columns may have one name, but SQL names only one of them.
                text = value.text if is_named or name in used else f"{value.text} AS {name_of(name)}"
                used.add(name)
                yield text, column

    def _values(self, item: Node, expressions: Expressions) -> Iterator[tuple[str, Sql]]:
        if item["node"] == "ColumnsExpr":
            hidden = set(item.get("exclude") or [])
            wanted = re.compile(item["regex"]) if item.get("regex") else None
            for name, value in expressions.scope.every_column(None):
                if name not in hidden and (wanted is None or wanted.search(name)):
                    yield name, value
        elif item["node"] == "Field" and item["chain"][-1] == "*":
            yield from expressions.scope.every_column(item["chain"][0] if len(item["chain"]) > 1 else None)
        else:
            yield str(item.get("name_in_text") or item.get("alias") or "expression"), expressions.sql(item)

    def _array_join(self, node: Node, expressions: Expressions) -> str:
        if not node.get("array_join_list"):
            return ""
        if not node.get("select_from"):
            raise HogqlError("Using ARRAY JOIN without a FROM clause is not permitted")
        return f"{node['array_join_op']} {expressions.texts(node['array_join_list'])}"

    def _clauses(self, node: Node, expressions: Expressions) -> Iterator[str]:
        for word, key in (("PREWHERE", "prewhere"), ("WHERE", "where")):
            if node.get(key):
                yield f"{word} {expressions.text(node[key])}"
        yield _grouping(node, expressions)
        if node.get("having"):
            yield f"HAVING {expressions.text(node['having'])}"
        windows = node.get("window_exprs") or {}
        if windows:
            yield "WINDOW " + ", ".join(
                f"{name_of(key)} AS ({expressions.window(one)})" for key, one in windows.items()
            )
        if node.get("qualify"):
            yield f"QUALIFY {expressions.text(node['qualify'])}"
        if node.get("order_by"):
            yield f"ORDER BY {', '.join(expressions.order(item) for item in node['order_by'])}"
        if node.get("interpolate"):
            yield f"INTERPOLATE ({', '.join(expressions.text(item['expr']) for item in node['interpolate'])})"
        if node.get("limit_by"):
            by = node["limit_by"]
            offset = f" OFFSET {expressions.text(by['offset_value'])}" if by.get("offset_value") else ""
            yield f"LIMIT {expressions.text(by['n'])}{offset} BY {expressions.texts(by['exprs'])}"
        yield self._limited(node, expressions.scope)


def _grouping(node: Node, expressions: Expressions) -> str:
    mode = node.get("group_by_mode")
    if mode == "all":
        return "GROUP BY ALL"
    if not node.get("group_by"):
        return ""
    if mode == "grouping_sets":
        sets = ", ".join(f"({expressions.texts(item['exprs'])})" for item in node["group_by"])
        return f"GROUP BY GROUPING SETS ({sets})"
    keys = expressions.texts(node["group_by"])
    return f"GROUP BY {mode.upper()}({keys})" if mode in {"rollup", "cube"} else f"GROUP BY {keys}"


def _renamed(columns: list[Column], names: list[str]) -> list[Column]:
    return [
        Column(name=name, kind=column.kind, is_nullable=column.is_nullable, properties=column.properties)
        for name, column in zip(names, columns, strict=False)
    ]


def _number(node: Node, key: str) -> int | None:
    value = node.get(key)
    if value is None:
        return None
    number = value.get("value") if value["node"] == "Constant" else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise HogqlError(f"{key.upper()} must be a number that is not negative.")
    return number


def _limit(limit: int, offset: int) -> str:
    return f"LIMIT {limit} OFFSET {offset}" if offset else f"LIMIT {limit}"
