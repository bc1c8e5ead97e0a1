"""Prints comparisons: in HogQL a missing value is unlike every other one, never unknown."""

from __future__ import annotations

from jupyter_posthog.box.engine.hogql import HogqlError, Node
from jupyter_posthog.box.engine.schema import Kind
from jupyter_posthog.box.engine.sql_text import Sql

_FORMS = {
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
    "in": "in({}, {})",
    "not in": "notIn({}, {})",
    "global in": "in({}, {})",
    "global not in": "notIn({}, {})",
    "=~": "match({}, {})",
    "!~": "not(match({}, {}))",
    "=~*": "match({}, concat('(?i)', {}))",
    "!~*": "not(match({}, concat('(?i)', {})))",
}
_NEGATED = {"!=", "not like", "not ilike", "not in", "global not in", "!~", "!~*"}


def compare(operator: str, left: Sql, right: Sql, *, right_node: Node) -> Sql:
    """Return one comparison as SQL.

    Raises:
        HogqlError: It needs something that this box does not have, such as a cohort.
    """
    if operator in {"in cohort", "not in cohort"}:
        raise HogqlError(f"Could not find cohort with ID {right_node.get('value')}")
    if operator in {"==", "!="} and right_node["node"] == "Constant" and right_node.get("value") is None:
        word = "isNull" if operator == "==" else "isNotNull"
        return Sql(text=f"{word}({left.text})", kind=Kind.NUMBER, is_nullable=False)
    form = _FORMS.get(operator)
    if form is None:
        raise HogqlError(f"Unsupported comparison operator: {operator}")
    text = form.format(left.text, _right(operator, left, right))
    return Sql(text=_whole(operator, text, left, right), kind=Kind.NUMBER, is_nullable=False)


def same(left: Sql, right: Sql, *, is_negated: bool) -> Sql:
    """Return ``IS [NOT] DISTINCT FROM``; negated says that they are the same."""
    both = f"(isNull({left.text}) and isNull({right.text}))"
    text = f"ifNull(equals({left.text}, {right.text}), {both})"
    return Sql(text=text if is_negated else f"not({text})", kind=Kind.NUMBER, is_nullable=False)


def _right(operator: str, left: Sql, right: Sql) -> str:
    # ClickHouse knows single values and tuples as the right side of IN, and compares a moment with a text of one.
    if operator.endswith("in") and right.is_constant and right.kind is not Kind.UNKNOWN:
        return f"tuple({right.text})"
    return right.text


def _whole(operator: str, text: str, left: Sql, right: Sql) -> str:
    if not left.is_nullable and not right.is_nullable:
        return text
    if operator == "==" and not right.is_constant:
        return f"ifNull({text}, isNull({left.text}) and isNull({right.text}))"
    if operator == "!=" and not right.is_constant:
        return f"ifNull({text}, isNotNull({left.text}) or isNotNull({right.text}))"
    return f"ifNull({text}, {1 if operator in _NEGATED else 0})"
