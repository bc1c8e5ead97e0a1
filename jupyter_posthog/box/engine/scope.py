"""What names mean inside one SELECT: tables, their fields, aliases, cells and common table expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jupyter_posthog.box.engine.hogql import HogqlError
from jupyter_posthog.box.engine.properties import deeper
from jupyter_posthog.box.engine.schema import TABLES, Column, Kind, Table
from jupyter_posthog.box.engine.sql_text import JsonPlace, Sql, name_of

Chain = list[str | int]


@dataclass(slots=True, kw_only=True)
class Source:
    """One table of a FROM, or the result of a subquery.

    Attributes:
        name: How its fields are qualified, both in HogQL and in SQL; None for a subquery without a name.
        joined: Tables that fields of this one made necessary, by the name that leads to them.
    """

    name: str | None
    columns: dict[str, Column]
    table: Table | None = None
    joined: dict[str, Source] = field(default_factory=dict)

    @classmethod
    def of_table(cls, table_name: str, alias: str | None = None) -> Source:
        """Return the source of one of the box's own tables."""
        table = TABLES[table_name]
        columns = {column.name: column for column in table.columns}
        return cls(name=alias or table_name, columns=columns, table=table)

    def has(self, name: str) -> bool:
        """Whether a field of this name begins here."""
        if self.table is None:
            return name in self.columns
        hidden = {column.name for column in self.table.hidden}
        return name in {*self.columns, *hidden, *self.table.virtual, *self.table.joins, *self.table.aliases}

    def field(self, chain: Chain) -> Sql:
        """Return the SQL of a field of this source.

        Raises:
            HogqlError: It has no such field.
        """
        first = str(chain[0])
        if self.table is not None:
            if first in self.table.virtual and first not in self.columns:
                return self._virtual(first, chain[1:])
            if first in self.table.joins:
                return self._joined(first).field(chain[1:] or [self.table.joins[first].right])
            first = self.table.aliases.get(first, first)
        column = self.columns.get(first) or self._hidden(first)
        if column is None:
            raise HogqlError(f"Field not found: {first}")
        return below(self.column(column), chain[1:])

    def column(self, column: Column) -> Sql:
        """Return one column as SQL."""
        owner = f"{name_of(self.name)}." if self.name is not None else ""
        text = f"{owner}{name_of(column.name)}"
        place = None
        if column.kind is Kind.JSON:
            place = JsonPlace(column=text, keys=(), properties=column.properties)
        return Sql(text=text, kind=column.kind, is_nullable=column.is_nullable, place=place)

    def _hidden(self, name: str) -> Column | None:
        hidden = self.table.hidden if self.table is not None else ()
        return next((column for column in hidden if column.name == name), None)

    def _virtual(self, name: str, chain: Chain) -> Sql:
        assert self.table is not None
        columns = self.table.virtual[name]
        if name == "pdi" and chain[:1] == ["person"]:
            return self._virtual("person", chain[1:])
        wanted = str(chain[0]) if chain else next(iter(columns))
        if wanted not in columns:
            raise HogqlError(f"Field not found: {wanted}")
        return self.field([columns[wanted], *chain[1:]])

    def _joined(self, name: str) -> Source:
        assert self.table is not None
        if name not in self.joined:
            self.joined[name] = Source.of_table(self.table.joins[name].table, f"{self.name}__{name}")
        return self.joined[name]


def below(value: Sql, chain: Iterable[str | int]) -> Sql:
    """Return what a chain of names and numbers finds in a value."""
    for key in chain:
        if value.place is not None:
            value = deeper(value.place, key)
        elif isinstance(key, int) or str(key).isdigit():
            value = Sql(text=f"tupleElement({value.text}, {int(key)})")
        else:
            value = Sql(text=f"tupleElement({value.text}, '{key}')") if str(key).isidentifier() else _missing(key)
    return value


def _missing(key: str | int) -> Sql:
    raise HogqlError(f"Field not found: {key}")


@dataclass(slots=True, kw_only=True)
class Scope:
    """The names of one SELECT; what it does not know, the one around it may."""

    parent: Scope | None = None
    sources: list[Source] = field(default_factory=list)
    aliases: dict[str, Sql] = field(default_factory=dict)
    tables: dict[str, list[Column]] = field(default_factory=dict)
    unused: set[str] = field(default_factory=set)

    def field(self, chain: Chain) -> Sql:
        """Return the SQL of a field by the rules of HogQL: table names, then aliases, then fields of every table.

        Raises:
            HogqlError: Nothing is called so, or several fields are.
        """
        found = self._find(chain)
        scope = self.parent
        while found is None and scope is not None:
            found, scope = scope._find(chain), scope.parent
        if found is None:
            raise HogqlError(f"Unable to resolve field: {chain[0]}")
        return found

    def _find(self, chain: Chain) -> Sql | None:
        first = str(chain[0])
        if len(chain) > 1:
            source = next((source for source in self.sources if source.name == first), None)
            if source is not None:
                return source.field(chain[1:])
        if first in self.aliases:
            return below(self.aliases[first], chain[1:])
        sources = [source for source in self.sources if source.has(first)]
        if len(sources) > 1:
            raise HogqlError(f"Ambiguous query. Found multiple sources for field: {first}")
        if sources:
            return sources[0].field(chain)
        # A name that only a later part of this SELECT gives: ClickHouse knows it.
        return below(Sql(text=name_of(first)), chain[1:]) if first in self.unused else None

    def every_column(self, owner: str | None) -> Iterator[tuple[str, Sql]]:
        """Yield what ``*`` stands for, of one table or of all.

        Raises:
            HogqlError: There is no table, or no such one.
        """
        sources = [source for source in self.sources if owner is None or source.name == owner]
        if not sources:
            raise HogqlError("Cannot use '*' when there are no tables in the query")
        for source in sources:
            for column in source.columns.values():
                yield column.name, source.column(column)

    def table(self, name: str) -> list[Column] | None:
        """Return the columns of a common table expression."""
        if name in self.tables:
            return self.tables[name]
        return self.parent.table(name) if self.parent is not None else None
