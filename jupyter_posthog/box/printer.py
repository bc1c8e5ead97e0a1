"""Prints a HogQL tree as ClickHouse SQL over the box's tables (design.md §7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jupyter_posthog.box.hogql import HogqlError, Node
from jupyter_posthog.box.sql_text import field, is_property, literal, name_of

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 50_000
TABLES = {"events", "persons", "sessions"}
_COMPARISONS = {
    "==": "equals({}, {})",
    "!=": "notEquals({}, {})",
    "<": "less({}, {})",
    ">": "greater({}, {})",
    "<=": "lessOrEquals({}, {})",
    ">=": "greaterOrEquals({}, {})",
    "like": "like({}, {})",
    "ilike": "ilike({}, {})",
    "not like": "notLike({}, {})",
    "not ilike": "notILike({}, {})",
    "in": "({} IN {})",
    "not in": "({} NOT IN {})",
    "=~": "match({}, {})",
    "!~": "NOT match({}, {})",
    "=~*": "match({}, concat('(?i)', {}))",
    "!~*": "NOT match({}, concat('(?i)', {}))",
}
_DIGITS = re.compile(r"-?[0-9]+")
_FORBIDDEN = {"file", "url", "s3", "remote", "executable", "mysql", "postgresql", "python", "jdbc", "hdfs", "input"}


class Printer:
    """Prints one query.

    Args:
        hogql: The text the tree was parsed from; unnamed columns are named by it, as PostHog does.
        values: What stands for ``{placeholders}``.
    """

    def __init__(self, hogql: str, values: Mapping[str, Any]) -> None:
        self._hogql = hogql
        self._values = values
        self._ctes: set[str] = set()

    def print_query(self, tree: Node, *, default_limit: int) -> tuple[str, int]:
        """Return the SQL of a whole query and the limit it runs under."""
        limit = _number(tree.get("limit")) if tree["node"] == "SelectQuery" else None
        limit = min(limit if limit is not None else default_limit, LARGEST_LIMIT)
        inner = self._query({**tree, "limit": None} if tree["node"] == "SelectQuery" else tree, is_top=True)
        # One row more than the limit tells whether there is more.
        offset = f" OFFSET {self.expression(tree['offset'])}" if tree.get("offset") else ""
        return f"SELECT * FROM ({inner}) LIMIT {limit + 1}{offset}", limit

    def _query(self, node: Node, *, is_top: bool = False) -> str:
        if node["node"] == "SelectSetQuery":
            parts = [self._query(node["initial_select_query"], is_top=is_top)]
            for other in node["subsequent_select_queries"]:
                operator = other["set_operator"]
                parts.append("UNION DISTINCT" if operator == "UNION" else operator)
                parts.append(self._query(other["select_query"]))
            return " ".join(parts)
        return self._select(node, is_top=is_top)

    def _select(self, node: Node, *, is_top: bool) -> str:
        parts = [self._with(node)] if node.get("ctes") else []
        columns = ", ".join(self._column(column, is_named=is_top) for column in node["select"])
        parts.append(f"SELECT {'DISTINCT ' if node.get('distinct') else ''}{columns}")
        if node.get("select_from"):
            parts.append(f"FROM {self._join(node['select_from'])}")
        if node.get("array_join_list"):
            joined = ", ".join(self.expression(item) for item in node["array_join_list"])
            parts.append(f"{node['array_join_op']} {joined}")
        for word, key in (("PREWHERE", "prewhere"), ("WHERE", "where")):
            if node.get(key):
                parts.append(f"{word} {self.expression(node[key])}")
        parts += self._grouping(node)
        parts += self._windows(node)
        if node.get("order_by"):
            parts.append(f"ORDER BY {', '.join(self._order(item) for item in node['order_by'])}")
        if node.get("limit_by"):
            by = node["limit_by"]
            keys = ", ".join(self.expression(item) for item in by["exprs"])
            parts.append(f"LIMIT {self.expression(by['n'])} BY {keys}")
        if node.get("limit") is not None:
            parts.append(f"LIMIT {self.expression(node['limit'])}")
            if node.get("offset") and not is_top:
                parts.append(f"OFFSET {self.expression(node['offset'])}")
        return " ".join(parts)

    def _with(self, node: Node) -> str:
        found = []
        for cte in node["ctes"] if isinstance(node["ctes"], list) else node["ctes"].values():
            self._ctes.add(cte["name"])
            if cte["cte_type"] == "subquery":
                found.append(f"{name_of(cte['name'])} AS ({self._query(cte['expr'])})")
            else:
                found.append(f"{self.expression(cte['expr'])} AS {name_of(cte['name'])}")
        return f"WITH {', '.join(found)}"

    def _grouping(self, node: Node) -> list[str]:
        parts = []
        if node.get("group_by_mode") == "all":
            parts.append("GROUP BY ALL")
        elif node.get("group_by"):
            parts.append(f"GROUP BY {', '.join(self.expression(item) for item in node['group_by'])}")
        if node.get("having"):
            parts.append(f"HAVING {self.expression(node['having'])}")
        return parts

    def _windows(self, node: Node) -> list[str]:
        windows = node.get("window_exprs") or {}
        named = ", ".join(f"{name_of(name)} AS ({self._window(window)})" for name, window in windows.items())
        return [f"WINDOW {named}"] if named else []

    def _column(self, node: Node, *, is_named: bool) -> str:
        text = self.expression(node)
        if not is_named or node["node"] == "Alias" or (node["node"] == "Field" and node["chain"][-1] == "*"):
            return text
        start, end = node["start"]["offset"], node["end"]["offset"]
        name = node["chain"][-1] if node["node"] == "Field" else self._hogql[start:end]
        return f"{text} AS {name_of(str(name))}"

    def _join(self, node: Node | None) -> str:
        parts: list[str] = []
        while node is not None:
            constraint = node.get("constraint")
            condition = ""
            if constraint:
                inner = self.expression(constraint["expr"])
                condition = f" USING ({inner})" if constraint["constraint_type"] == "USING" else f" ON {inner}"
            parts.append(f"{node.get('join_type') or ''} {self._table(node)}{condition}".strip())
            node = node.get("next_join")
        return " ".join(parts)

    def _table(self, node: Node) -> str:
        table = node["table"]
        if node.get("sample"):
            raise HogqlError("SAMPLE is not supported by this box.")
        if table["node"] == "Field":
            name = ".".join(str(part) for part in table["chain"])
            if name not in TABLES | self._ctes:
                raise HogqlError(f'Unknown table "{name}".')
            text = name_of(name)
        elif table["node"] in {"SelectQuery", "SelectSetQuery"}:
            text = f"({self._query(table)})"
        else:
            raise HogqlError(f"{table['node']} is not supported as a table by this box.")
        return f"{text} AS {name_of(node['alias'])}" if node.get("alias") else text

    def expression(self, node: Node) -> str:
        """Return the SQL of one expression.

        Raises:
            HogqlError: It is of a kind this box cannot print.
        """
        printer = getattr(self, f"_print_{node['node']}", None)
        if printer is None:
            raise HogqlError(f"{node['node']} is not supported by this box.")
        return str(printer(node))

    def _print_Constant(self, node: Node) -> str:
        value = node.get("value")
        # Numbers beyond 64 bits come as their digits.
        is_digits = node.get("value_type") == "number" and isinstance(value, str) and _DIGITS.fullmatch(value)
        return str(value) if is_digits else literal(value)

    def _print_Field(self, node: Node) -> str:
        chain = [str(part) for part in node["chain"]]
        return field(chain)

    def _print_Alias(self, node: Node) -> str:
        return f"{self.expression(node['expr'])} AS {name_of(node['alias'])}"

    def _print_Call(self, node: Node) -> str:
        name = node["name"]
        if name.lower() in _FORBIDDEN or not name.replace("_", "").isalnum():
            raise HogqlError(f"Unsupported function call '{name}(...)'.")
        arguments = ", ".join(self.expression(argument) for argument in node.get("args") or [])
        parameters = node.get("params")
        given = f"({', '.join(self.expression(item) for item in parameters)})" if parameters is not None else ""
        return f"{name}{given}({'DISTINCT ' if node.get('distinct') else ''}{arguments})"

    def _print_CompareOperation(self, node: Node) -> str:
        left, right = node["left"], node["right"]
        if right["node"] == "Constant" and right.get("value") is None and node["op"] in {"==", "!="}:
            return f"{'isNull' if node['op'] == '==' else 'isNotNull'}({self.expression(left)})"
        form = _COMPARISONS.get(node["op"])
        if form is None:
            raise HogqlError(f"The comparison {node['op']} is not supported by this box.")
        return form.format(self._comparable(left, right), self._comparable(right, left))

    def _comparable(self, node: Node, other: Node) -> str:
        text = self.expression(node)
        is_number = other["node"] == "Constant" and isinstance(other.get("value"), int | float)
        if is_number and is_property(node) and not isinstance(other.get("value"), bool):
            return f"accurateCastOrNull({text}, 'Float64')"
        return text

    def _print_ArithmeticOperation(self, node: Node) -> str:
        names = {"+": "plus", "-": "minus", "*": "multiply", "/": "divide", "%": "modulo"}
        return f"{names[node['op']]}({self.expression(node['left'])}, {self.expression(node['right'])})"

    def _print_And(self, node: Node) -> str:
        return f"and({', '.join(self.expression(item) for item in node['exprs'])})"

    def _print_Or(self, node: Node) -> str:
        return f"or({', '.join(self.expression(item) for item in node['exprs'])})"

    def _print_Not(self, node: Node) -> str:
        return f"not({self.expression(node['expr'])})"

    def _print_BetweenExpr(self, node: Node) -> str:
        word = "NOT BETWEEN" if node.get("negated") else "BETWEEN"
        value, low, high = (self.expression(node[key]) for key in ("expr", "low", "high"))
        return f"({value} {word} {low} AND {high})"

    def _print_Tuple(self, node: Node) -> str:
        return f"tuple({', '.join(self.expression(item) for item in node['exprs'])})"

    def _print_Array(self, node: Node) -> str:
        return f"[{', '.join(self.expression(item) for item in node['exprs'])}]"

    def _print_ArrayAccess(self, node: Node) -> str:
        array, key = node["array"], node["property"]
        if array["node"] == "Field" and key["node"] == "Constant" and isinstance(key["value"], str):
            chain = [str(part) for part in array["chain"]]
            if "properties" in chain:
                return field([*chain, key["value"]])
        return f"{self.expression(array)}[{self.expression(key)}]"

    def _print_TupleAccess(self, node: Node) -> str:
        return f"tupleElement({self.expression(node['tuple'])}, {int(node['index'])})"

    def _print_Lambda(self, node: Node) -> str:
        return f"({', '.join(name_of(name) for name in node['args'])}) -> {self.expression(node['expr'])}"

    def _print_TypeCast(self, node: Node) -> str:
        types = {"string": "String", "int": "Int64", "integer": "Int64", "float": "Float64", "date": "Date"}
        types |= {"datetime": "DateTime64(6, 'UTC')", "boolean": "Bool", "bool": "Bool"}
        wanted = types.get(str(node["type_name"]).lower())
        if wanted is None:
            raise HogqlError(f"Casting to {node['type_name']} is not supported by this box.")
        return f"accurateCastOrNull({self.expression(node['expr'])}, {literal(wanted)})"

    def _print_Placeholder(self, node: Node) -> str:
        name = ".".join(node["expr"].get("chain", [])) if node["expr"]["node"] == "Field" else ""
        if name not in self._values:
            raise HogqlError(f"Unresolved placeholder: {{{name}}}")
        return literal(self._values[name])

    def _print_SelectQuery(self, node: Node) -> str:
        return f"({self._query(node)})"

    _print_SelectSetQuery = _print_SelectQuery

    def _print_WindowFunction(self, node: Node) -> str:
        arguments = ", ".join(self.expression(item) for item in node.get("exprs") or [])
        parameters = ", ".join(self.expression(item) for item in node.get("args") or [])
        name = {"lag": "lagInFrame", "lead": "leadInFrame"}.get(node["name"], node["name"])
        call = f"{name}({parameters})({arguments})" if parameters else f"{name}({arguments})"
        over = node.get("over_identifier")
        return f"{call} OVER {name_of(over)}" if over else f"{call} OVER ({self._window(node.get('over_expr') or {})})"

    def _window(self, node: Node) -> str:
        parts = []
        if node.get("partition_by"):
            parts.append(f"PARTITION BY {', '.join(self.expression(item) for item in node['partition_by'])}")
        if node.get("order_by"):
            parts.append(f"ORDER BY {', '.join(self._order(item) for item in node['order_by'])}")
        if node.get("frame_start"):
            start, end = self._frame(node["frame_start"]), node.get("frame_end")
            bounds = f"BETWEEN {start} AND {self._frame(end)}" if end else start
            parts.append(f"{node['frame_method']} {bounds}")
        return " ".join(parts)

    def _frame(self, node: Node) -> str:
        if node["frame_type"] == "CURRENT ROW":
            return "CURRENT ROW"
        count = node.get("frame_value")
        return f"{'UNBOUNDED' if count is None else int(count)} {node['frame_type']}"

    def _order(self, node: Node) -> str:
        return f"{self.expression(node['expr'])} {node.get('order') or 'ASC'}"


def _number(node: Node | None) -> int | None:
    return int(node["value"]) if node is not None and node["node"] == "Constant" else None
