"""Parses HogQL with PostHog's own grammar."""

from __future__ import annotations

import json
import re
import sys
import types
from collections.abc import Iterator, Mapping
from typing import Any

Node = dict[str, Any]
LONGEST_QUERY = 1_000_000
#: The grammar's time grows with the third power of this: 30 levels are some seconds.
DEEPEST_QUERY = 30
_BRACKETS = re.compile(r"'(?:\\.|[^'\\])*'|--[^\n]*|/\*.*?\*/|[(\[{}\])]", re.DOTALL)
_ERRORS = (
    "BaseHogQLError",
    "ExposedHogQLError",
    "HogQLError",
    "InternalHogQLError",
    "NotImplementedError",
    "ParsingError",
    "SyntaxError",
)


class HogqlError(Exception):
    """A query that cannot be parsed or printed; the text is for people."""


class _ParserError(Exception):
    """What the parser raises itself; most errors it returns."""


def parse_select(hogql: str) -> Node:
    """Parse one query into PostHog's tree of plain objects; columns without a name get their own text as ``name``.

    Raises:
        HogqlError: The text is no HogQL query.
    """
    text = hogql.strip().rstrip(";").rstrip()
    if len(text) > LONGEST_QUERY:
        raise HogqlError("The query is too long.")
    if _depth(text) > DEEPEST_QUERY:
        raise HogqlError("The query is nested too deeply.")
    try:
        tree: Node = json.loads(_parser().parse_select_json(text))
    except RecursionError as error:
        raise HogqlError("The query is nested too deeply.") from error
    except _ParserError as error:
        raise HogqlError(str(error)) from error
    if tree.get("error"):
        raise HogqlError(str(tree.get("message")))
    for node in nodes_of(tree):
        if node.get("node") == "SelectQuery":
            for column in node["select"]:
                column["name_in_text"] = _name(column, text)
    return tree


def nodes_of(tree: Any) -> Iterator[Node]:
    """Yield every node of a tree, from the outside in."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "node" in value:
                yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def fill(tree: Node, values: Mapping[str, Any]) -> Node:
    """Return a tree with constants in place of its ``{placeholders}``.

    Raises:
        HogqlError: A placeholder has no value.
    """
    return {key: _filled(value, values) for key, value in tree.items()}


def with_upstream(tree: Node, upstream: Mapping[str, Node]) -> Node:
    """Return a query that can read other queries by name, as common table expressions before its own."""
    if not upstream:
        return tree
    if tree["node"] == "SelectSetQuery":
        return {**tree, "initial_select_query": with_upstream(tree["initial_select_query"], upstream)}
    ctes = [
        {"node": "CTE", "name": name, "expr": query, "cte_type": "subquery", "recursive": False, "columns": None}
        for name, query in upstream.items()
    ]
    return {**tree, "ctes": [*ctes, *(tree.get("ctes") or [])]}


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("node") != "Placeholder":
        return {key: _filled(item, values) for key, item in value.items()}
    chain = value["expr"].get("chain") if value["expr"]["node"] == "Field" else None
    if chain is None:
        raise HogqlError("You can not use expressions inside placeholders")
    name = ".".join(str(part) for part in chain)
    short = name.removeprefix("variables.")
    if short not in values and name == "filters":
        return {"node": "Constant", "value": True}  # no filters are set here
    if short not in values:
        raise HogqlError(f"Unresolved placeholder: {{{name}}}")
    return {"node": "Constant", "value": values[short], "name_in_text": value.get("name_in_text")}


def _depth(text: str) -> int:
    """Return how deep brackets stand in each other, outside of texts and comments."""
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        if found[0] in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif found[0] in ")]}":
            depth -= 1
    return deepest


def _name(column: Node, text: str) -> str:
    if column["node"] == "Alias":
        return str(column["alias"])
    if column["node"] == "Field":
        return str(column["chain"][-1])
    if not column.get("start") or not column.get("end"):
        return "expression"
    return " ".join(text[column["start"]["offset"] : column["end"]["offset"]].split())


def _parser() -> Any:
    # The parser is a compiled part of PostHog and looks for these modules of it; it needs no more than their names.
    for name in ("posthog", "posthog.hogql", "posthog.hogql.errors", "posthog.hogql.ast", "posthog.hogql.base"):
        sys.modules.setdefault(name, types.ModuleType(name))
    errors = sys.modules["posthog.hogql.errors"]
    for name in _ERRORS:
        if not hasattr(errors, name):
            setattr(errors, name, type(name, (_ParserError,), {}))
    import hogql_parser

    return hogql_parser
