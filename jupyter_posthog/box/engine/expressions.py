"""Prints the expressions of one SELECT as ClickHouse SQL."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

from jupyter_posthog.box.engine.calls import Calls, cast
from jupyter_posthog.box.engine.comparisons import compare, same
from jupyter_posthog.box.engine.hogql import HogqlError, Node
from jupyter_posthog.box.engine.schema import Kind
from jupyter_posthog.box.engine.scope import Scope, below
from jupyter_posthog.box.engine.sql_text import JsonPlace, Sql, constant, name_of

PrintQuery = Callable[[Node, Scope], str]
_ARITHMETIC = {"+": "plus", "-": "minus", "*": "multiply", "/": "divide", "%": "modulo"}


class Expressions:
    """Prints expressions; what names mean comes from the scope, subqueries are printed by the one who asked."""

    def __init__(self, scope: Scope, calls: Calls, print_query: PrintQuery) -> None:
        self.scope = scope
        self._calls = calls
        self._print_query = print_query

    def sql(self, node: Node) -> Sql:
        """Return one expression.

        Raises:
            HogqlError: It names something unknown, or is of a kind that HogQL does not run here.
        """
        printer = getattr(self, f"_{node['node']}", None)
        if printer is None:
            raise HogqlError(f"{node['node']} is not supported in this query.")
        printed: Sql = printer(node)
        return printed

    def text(self, node: Node) -> str:
        """Return one expression's text."""
        return self.sql(node).text

    def texts(self, nodes: list[Node]) -> str:
        """Return several expressions, divided by commas."""
        return ", ".join(self.text(node) for node in nodes)

    def _Constant(self, node: Node) -> Sql:
        return constant(node.get("value"), value_type=node.get("value_type"))

    def _Field(self, node: Node) -> Sql:
        chain = node["chain"]
        if chain[-1] == "*":
            raise HogqlError("Cannot use '*' here.")
        return self.scope.field(chain)

    def _Alias(self, node: Node) -> Sql:
        value = self.sql(node["expr"])
        name = name_of(node["alias"])
        self.scope.aliases[node["alias"]] = Sql(
            text=name, kind=value.kind, is_nullable=value.is_nullable, place=_moved(value, name)
        )
        return replace(self.scope.aliases[node["alias"]], text=f"({value.text}) AS {name}")

    def _Call(self, node: Node) -> Sql:
        return self._calls.call(node, self.sql)

    def _ExprCall(self, node: Node) -> Sql:
        inner = node["expr"]
        if inner["node"] != "TypeCast":
            raise HogqlError("You can only call functions by their name.")
        arguments = f"({self.texts(node.get('args') or [])})"
        return cast(self.sql(inner["expr"]), inner["type_name"], arguments=arguments)

    def _CompareOperation(self, node: Node) -> Sql:
        left, right = self.sql(node["left"]), self.sql(node["right"])
        return compare(node["op"], left, right, right_node=node["right"])

    def _IsDistinctFrom(self, node: Node) -> Sql:
        return same(self.sql(node["left"]), self.sql(node["right"]), is_negated=bool(node.get("negated")))

    def _ArithmeticOperation(self, node: Node) -> Sql:
        left, right = self.sql(node["left"]), self.sql(node["right"])
        kind = Kind.MOMENT if Kind.MOMENT in {left.kind, right.kind} else Kind.NUMBER
        if left.kind is right.kind is Kind.MOMENT:
            kind = Kind.UNKNOWN
        is_nullable = left.is_nullable or right.is_nullable
        text = f"{_ARITHMETIC[node['op']]}({left.text}, {right.text})"
        return Sql(text=text, kind=kind, is_nullable=is_nullable)

    def _And(self, node: Node) -> Sql:
        return self._logical("and", node["exprs"])

    def _Or(self, node: Node) -> Sql:
        return self._logical("or", node["exprs"])

    def _Not(self, node: Node) -> Sql:
        return self._logical("not", [node["expr"]])

    def _logical(self, word: str, nodes: list[Node]) -> Sql:
        values = [self.sql(node) for node in nodes]
        if len(values) == 1 and word != "not":
            return values[0]
        is_nullable = any(value.is_nullable for value in values)
        text = f"{word}({', '.join(value.text for value in values)})"
        return Sql(text=text, kind=Kind.NUMBER, is_nullable=is_nullable)

    def _BetweenExpr(self, node: Node) -> Sql:
        value, low, high = (self.text(node[key]) for key in ("expr", "low", "high"))
        word = "NOT BETWEEN" if node.get("negated") else "BETWEEN"
        return Sql(text=f"({value} {word} {low} AND {high})", kind=Kind.NUMBER)

    def _Tuple(self, node: Node) -> Sql:
        return Sql(text=f"tuple({self.texts(node['exprs'])})", is_nullable=False)

    def _Array(self, node: Node) -> Sql:
        return Sql(text=f"[{self.texts(node['exprs'])}]", is_nullable=False)

    def _Dict(self, node: Node) -> Sql:
        pairs = ", ".join(f"{self.text(key)}, {self.text(value)}" for key, value in node["items"])
        return Sql(text=f"map({pairs})", is_nullable=False)

    def _ArrayAccess(self, node: Node) -> Sql:
        array, key = self.sql(node["array"]), node["property"]
        if array.place is not None and key["node"] == "Constant":
            return below(array, [key["value"]])
        return Sql(text=f"arrayElement({array.text}, {self.text(key)})")

    def _ArraySlice(self, node: Node) -> Sql:
        array = self.text(node["array"])
        start = self.text(node["start_expr"]) if node.get("start_expr") else "1"
        end = self.text(node["end_expr"]) if node.get("end_expr") else f"length({array})"
        return Sql(text=f"arraySlice({array}, {start}, {end} - {start} + 1)")

    def _TupleAccess(self, node: Node) -> Sql:
        return below(self.sql(node["tuple"]), [int(node["index"])])

    def _Lambda(self, node: Node) -> Sql:
        names: list[str] = node["args"]
        # The names of a lambda hide those of the SELECT, inside it only.
        inner = copy.copy(self)
        inner.scope = Scope(parent=self.scope, aliases={name: Sql(text=name_of(name)) for name in names})
        arguments = ", ".join(name_of(name) for name in names)
        return Sql(text=f"({arguments}) -> {inner.text(node['expr'])}")

    def _TypeCast(self, node: Node) -> Sql:
        return cast(self.sql(node["expr"]), str(node["type_name"]))

    def _TryCast(self, node: Node) -> Sql:
        return cast(self.sql(node["expr"]), str(node["type_name"]), is_try=True)

    def _Placeholder(self, node: Node) -> Sql:
        raise HogqlError(f"Unresolved placeholder: {{{'.'.join(map(str, node['expr'].get('chain', [])))}}}")

    def _SelectQuery(self, node: Node) -> Sql:
        return Sql(text=f"({self._print_query(node, self.scope)})")

    _SelectSetQuery = _SelectQuery

    def _HogQLXTag(self, node: Node) -> Sql:
        raise HogqlError(f"Unknown HogQLX tag: <{node.get('kind')} />")

    def _WindowFunction(self, node: Node) -> Sql:
        call = self._calls.window(node, self.sql)
        over = node.get("over_identifier")
        window = name_of(over) if over else f"({self.window(node.get('over_expr') or {})})"
        return Sql(text=f"{call.text} OVER {window}", kind=call.kind)

    def window(self, node: Node) -> str:
        """Return the inside of a window."""
        parts = []
        if node.get("partition_by"):
            parts.append(f"PARTITION BY {self.texts(node['partition_by'])}")
        if node.get("order_by"):
            parts.append(f"ORDER BY {', '.join(self.order(item) for item in node['order_by'])}")
        if node.get("frame_start"):
            start, end = self._frame(node["frame_start"]), node.get("frame_end")
            bounds = f"BETWEEN {start} AND {self._frame(end)}" if end else start
            parts.append(f"{node['frame_method']} {bounds}")
        return " ".join(parts)

    def order(self, node: Node) -> str:
        """Return one key of an order."""
        text = f"{self.text(node['expr'])} {node.get('order') or 'ASC'}"
        fill = node.get("with_fill")
        if fill is None:
            return text
        words = (("FROM", "from_value"), ("TO", "to_value"), ("STEP", "step_value"))
        return " ".join(
            [text, "WITH FILL", *(f"{word} {self.text(fill[key])}" for word, key in words if fill.get(key))]
        )

    def _frame(self, node: Node) -> str:
        if node["frame_type"] == "CURRENT ROW":
            return "CURRENT ROW"
        count = node.get("frame_value")
        if isinstance(count, dict):
            count = self.text(count)
        return f"{'UNBOUNDED' if count is None else count} {node['frame_type']}"


def _moved(value: Sql, name: str) -> JsonPlace | None:
    """A JSON column keeps what it is under another name."""
    if value.place is None or value.place.keys:
        return None
    return replace(value.place, column=name)
