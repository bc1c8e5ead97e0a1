"""Parses HogQL with PostHog's own grammar."""

from __future__ import annotations

import json
import sys
import types
from typing import Any

Node = dict[str, Any]
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


def parse_select(hogql: str) -> Node:
    """Parse one query into PostHog's tree of plain objects.

    Raises:
        HogqlError: The text is no HogQL query.
    """
    tree: Node = json.loads(_parser().parse_select_json(hogql.strip().rstrip(";")))
    if tree.get("error"):
        raise HogqlError(str(tree.get("message")))
    return tree


def _parser() -> Any:
    # The parser is a compiled part of PostHog and looks for these modules of it; it needs no more than their names.
    for name in ("posthog", "posthog.hogql", "posthog.hogql.errors", "posthog.hogql.ast", "posthog.hogql.base"):
        sys.modules.setdefault(name, types.ModuleType(name))
    errors = sys.modules["posthog.hogql.errors"]
    for name in _ERRORS:
        if not hasattr(errors, name):
            setattr(errors, name, type(name, (Exception,), {}))
    import hogql_parser

    return hogql_parser
