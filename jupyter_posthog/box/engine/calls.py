"""Prints function calls: HogQL's own forms, aggregates, moments of time, type casts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from jupyter_posthog.box.engine.functions import FORMS, Functions, kind_of_call
from jupyter_posthog.box.engine.hogql import HogqlError, Node
from jupyter_posthog.box.engine.schema import Kind
from jupyter_posthog.box.engine.sql_text import Sql, literal

Print = Callable[[Node], Sql]
_SIMPLE_TYPES = {
    "int": "Int64",
    "integer": "Int64",
    "bigint": "Int64",
    "float": "Float64",
    "double": "Float64",
    "text": "String",
    "varchar": "String",
    "string": "String",
    "date": "Date",
    "datetime": "DateTime64(6, 'UTC')",
    "timestamp": "DateTime64(6, 'UTC')",
    "boolean": "Bool",
    "bool": "Bool",
    "uuid": "UUID",
}
_TYPE_WORDS: list[str] = re.findall(
    r"\S+",
    """Array Map Tuple Nullable LowCardinality String FixedString UUID Bool Date Date32 DateTime DateTime64 Decimal
    Float32 Float64 Int8 Int16 Int32 Int64 Int128 Int256 UInt8 UInt16 UInt32 UInt64 UInt128 UInt256 UTC""",
)
_SPELLINGS = {word.lower(): word for word in _TYPE_WORDS}
_KINDS = {"Int64": Kind.NUMBER, "Float64": Kind.NUMBER, "String": Kind.STRING, "Date": Kind.MOMENT, "Bool": Kind.BOOL}


class Calls:
    """Prints the calls of one query."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._open_aggregates: list[str] = []

    def fresh(self) -> Calls:
        """Return what prints the calls of a query inside this one: its aggregates are its own."""
        return Calls(self._functions)

    def call(self, node: Node, printer: Print) -> Sql:
        """Return one call as SQL.

        Raises:
            HogqlError: HogQL has no such function, or an aggregate stands inside another.
        """
        if node["name"] == "_caseWithExpression":
            return _case(node["args"], printer)
        name = self._functions.known(node["name"])
        is_aggregate = self._functions.is_aggregate(name)
        if is_aggregate and self._open_aggregates:
            outer = self._open_aggregates[-1]
            raise HogqlError(f"Aggregation '{name}' cannot be nested inside another aggregation '{outer}'.")
        if is_aggregate:
            self._open_aggregates.append(name)
        try:
            return self._printed(name, node, printer)
        finally:
            if is_aggregate:
                self._open_aggregates.pop()

    def window(self, node: Node, printer: Print) -> Sql:
        """Return the call of a window function, without its OVER."""
        name = self._functions.known(node["name"])
        first, second = ([printer(item) for item in _given(name, node.get(key))] for key in ("exprs", "args"))
        # With parameters the first list is theirs; else it holds the arguments.
        text = f"{name}({_texts(first)})({_texts(second)})" if node.get("args") else f"{name}({_texts(first)})"
        return Sql(text=text, kind=kind_of_call(name, [item.kind for item in second or first]))

    def _printed(self, name: str, node: Node, printer: Print) -> Sql:
        arguments = [printer(item) for item in _given(name, node.get("args"))]
        kind = kind_of_call(name, [argument.kind for argument in arguments])
        is_nullable = bool(arguments) and any(argument.is_nullable for argument in arguments)
        if name in {"toDate", "to_date", "toDateTime"} and arguments:
            return _moment(name, arguments)
        if name == "concat":
            return Sql(text=f"concat({', '.join(_as_text(item) for item in arguments)})", kind=kind, is_nullable=False)
        if name == "toDecimal" and len(arguments) == 2:
            return Sql(text=f"accurateCastOrNull({arguments[0].text}, 'Decimal64({arguments[1].text})')")
        given = ""
        if node.get("params") is not None:
            given = f"({_texts([printer(item) for item in node['params']])})"
        distinct = "DISTINCT " if node.get("distinct") else ""
        text = f"{distinct}{_texts(arguments)}"
        call = FORMS[name].format(text) if name in FORMS else f"{name}{given}({text})"
        if node.get("filter_expr"):
            call = f"{call} FILTER (WHERE {printer(node['filter_expr']).text})"
        return Sql(text=call, kind=kind, is_nullable=is_nullable)


def _given(name: str, items: list[Node] | None) -> list[Node]:
    """Return the arguments of a call; ``count(*)`` has none."""
    is_star = name == "count" and items is not None and [item.get("chain") for item in items] == [["*"]]
    return [] if items is None or is_star else items


def cast(value: Sql, type_name: str, *, arguments: str = "", is_try: bool = False) -> Sql:
    """Return a value as another type; a value that is none of it becomes NULL.

    Raises:
        HogqlError: There is no such type.
    """
    simple = _SIMPLE_TYPES.get(type_name.lower())
    if simple is not None:
        form = "toString({})" if simple == "String" and not is_try else f"accurateCastOrNull({{}}, {literal(simple)})"
        return Sql(text=form.format(value.text), kind=_KINDS.get(simple, Kind.MOMENT))
    wanted = re.sub(r"[a-z][a-z0-9]*", lambda found: _word(found[0], type_name), type_name.lower()) + arguments
    return Sql(text=f"CAST({value.text}, {literal(wanted.replace('utc', 'UTC'))})")


def _word(word: str, type_name: str) -> str:
    if word not in _SPELLINGS:
        raise HogqlError(f"Unsupported type cast: {type_name}")
    return _SPELLINGS[word]


def _moment(name: str, arguments: Sequence[Sql]) -> Sql:
    """Read a moment: texts are parsed, moments are turned; what is unknown is made a text first."""
    value, rest = arguments[0], [argument.text for argument in arguments[1:]]
    zone = rest[0] if rest else "'UTC'"
    if value.kind in {Kind.MOMENT, Kind.NUMBER}:
        text = f"toDate({value.text})" if name != "toDateTime" else f"toDateTime({value.text}, {zone})"
        return Sql(text=text, kind=Kind.MOMENT, is_nullable=value.is_nullable)
    source = value.text if value.kind is Kind.STRING else f"toString({value.text})"
    parsed = f"parseDateTime64BestEffortOrNull({source}, 6, {zone})"
    return Sql(text=parsed if name == "toDateTime" else f"toDate({parsed})", kind=Kind.MOMENT)


def _case(items: Sequence[Node], printer: Print) -> Sql:
    subject, *pairs = [printer(item) for item in items]
    parts, found = [], pairs[1]
    for condition, value in zip(pairs[:-1:2], pairs[1:-1:2], strict=True):
        parts += [f"ifNull(equals({subject.text}, {condition.text}), 0)", value.text]
    return Sql(text=f"multiIf({', '.join([*parts, pairs[-1].text])})", kind=found.kind)


def _as_text(value: Sql) -> str:
    is_text = value.is_constant and value.kind is Kind.STRING
    return value.text if is_text else f"ifNull(toString({value.text}), '')"


def _texts(values: Sequence[Sql]) -> str:
    return ", ".join(value.text for value in values)
