"""Prints the FROM of one SELECT: tables, subqueries, joins, and the joins that lazy fields ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from jupyter_posthog.box.engine.calls import Calls
from jupyter_posthog.box.engine.expressions import Expressions
from jupyter_posthog.box.engine.hogql import HogqlError, Node
from jupyter_posthog.box.engine.schema import TABLE_FUNCTIONS, TABLES, Column, Kind
from jupyter_posthog.box.engine.scope import Scope, Source
from jupyter_posthog.box.engine.sql_text import name_of

if TYPE_CHECKING:
    from jupyter_posthog.box.engine.printer import Query


class PrintQuery(Protocol):
    """Prints a subquery within a scope."""

    def __call__(self, node: Node, parent: Scope, /) -> Query:
        """Return the printed subquery."""


class From:
    """The tables of one SELECT, in their order."""

    def __init__(self, scope: Scope, calls: Calls, print_query: PrintQuery) -> None:
        self._scope = scope
        self._calls = calls
        self._print_query = print_query
        self._parts: list[tuple[str, Source, str]] = []

    def add(self, node: Node | None) -> None:
        """Read one FROM with all its joins.

        Raises:
            HogqlError: A table is unknown.
        """
        while node is not None:
            text, source = self._table(node)
            self._scope.sources.append(source)
            self._parts.append((f"{node.get('join_type') or ''} {text}".strip(), source, self._condition(node)))
            node = node.get("next_join")

    def text(self) -> str:
        """Return the FROM, with the tables that fields asked for meanwhile."""
        return " ".join(part for one in self._parts for part in self._with_lazy(*one))

    def _with_lazy(self, text: str, source: Source, condition: str) -> Iterator[str]:
        yield f"{text}{condition}"
        yield from _lazy_joins(source)

    def _condition(self, node: Node) -> str:
        constraint = node.get("constraint")
        if not constraint:
            return ""
        if constraint["constraint_type"] == "USING":
            return f" USING ({', '.join(self._using(constraint['expr']))})"
        return f" ON {Expressions(self._scope, self._calls, self._subquery).text(constraint['expr'])}"

    def _using(self, node: Node) -> Iterator[str]:
        """Yield the names that both sides share; afterwards they belong to the left side alone."""
        for item in node["exprs"] if node["node"] == "Tuple" else [node]:
            if item["node"] != "Field" or len(item["chain"]) != 1:
                raise HogqlError("USING takes names of columns.")
            name = str(item["chain"][0])
            self._scope.sources[-1].columns.pop(name, None)
            yield name_of(name)

    def _subquery(self, node: Node, scope: Scope) -> str:
        return self._print_query(node, scope).text

    def _table(self, node: Node) -> tuple[str, Source]:
        table, alias = node["table"], node.get("alias")
        if table["node"] in {"SelectQuery", "SelectSetQuery"}:
            query = self._print_query(table, self._scope)
            text, source = f"({query.text})", _source_of(query.columns, alias, node.get("column_aliases"))
        elif table["node"] != "Field":
            raise HogqlError(f"{table['node']} is not supported as a table.")
        elif node.get("table_args") is not None:
            text, source = self._function(table, node["table_args"], alias)
        else:
            text, source = self._named(table["chain"], alias)
        if alias:
            text = f"{text} AS {name_of(alias)}"
        if node.get("column_aliases"):
            text += f" ({', '.join(map(name_of, node['column_aliases']))})"
        return text + self._sample(node.get("sample")), source

    def _named(self, chain: list[str], alias: str | None) -> tuple[str, Source]:
        name = ".".join(map(str, chain))
        columns = self._scope.table(name)
        if columns is not None:
            return name_of(name), _source_of(columns, alias or name, None)
        name = name.removeprefix("posthog.")
        if name not in TABLES:
            raise HogqlError(f"Unknown table `{name}`.")
        return name_of(name), Source.of_table(name, alias)

    def _function(self, table: Node, arguments: list[Node], alias: str | None) -> tuple[str, Source]:
        name = ".".join(map(str, table["chain"]))
        if name not in TABLE_FUNCTIONS:
            raise HogqlError(f"Unknown table `{name}`.")
        columns = [Column(name=column, kind=Kind.NUMBER, is_nullable=False) for column in TABLE_FUNCTIONS[name]]
        expressions = Expressions(Scope(), self._calls, self._subquery)
        return f"{name}({expressions.texts(arguments)})", _source_of(columns, alias, None)

    def _sample(self, sample: Node | None) -> str:
        if sample is None:
            return ""
        offset = sample.get("offset_value")
        return f" SAMPLE {_ratio(sample['sample_value'])}" + (f" OFFSET {_ratio(offset)}" if offset else "")


def _source_of(columns: list[Column], name: str | None, names: list[str] | None) -> Source:
    given = names or [column.name for column in columns]
    return Source(
        name=name,
        columns={
            new: Column(name=new, kind=column.kind, is_nullable=column.is_nullable, properties=column.properties)
            for new, column in zip(given, columns, strict=False)
        },
    )


def _lazy_joins(source: Source) -> Iterator[str]:
    for name, joined in source.joined.items():
        assert source.table is not None and source.name is not None and joined.name is not None
        join = source.table.joins[name]
        left = f"{name_of(source.name)}.{name_of(source.table.aliases.get(join.left, join.left))}"
        right = f"{name_of(joined.name)}.{name_of(join.right)}"
        yield f"LEFT ANY JOIN {name_of(join.table)} AS {name_of(joined.name)} ON {left} = {right}"
        yield from _lazy_joins(joined)


def _ratio(node: Node) -> str:
    def number(part: Node) -> str:
        value = part.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise HogqlError("SAMPLE takes numbers.")
        return repr(value)

    right = node.get("right")
    return number(node["left"]) + (f" / {number(right)}" if right else "")
