"""Names and constants as ClickHouse SQL, and a piece of printed SQL."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from jupyter_posthog.box.engine.schema import Kind

_NUMBER = re.compile(r"-?[0-9]+")
_ODD_NUMBERS = {"Infinity": "inf", "-Infinity": "-inf", "NaN": "nan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPlace:
    """A place in a JSON column: the column and the keys that lead there."""

    column: str
    keys: tuple[str | int, ...]
    properties: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sql:
    """Printed SQL of one expression, and what is known about its value."""

    text: str
    kind: Kind = Kind.UNKNOWN
    is_nullable: bool = True
    is_constant: bool = False
    place: JsonPlace | None = None


def literal(value: Any) -> str:
    """Return a constant as SQL; a text is escaped, never code."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, dict):
        return literal(json.dumps(value))
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def constant(value: Any, *, value_type: str | None = None) -> Sql:
    """Return a constant of the tree; numbers beyond 64 bits come as their digits."""
    if value_type == "number" and isinstance(value, str):
        text = _ODD_NUMBERS.get(value) or (value if _NUMBER.fullmatch(value) else literal(value))
        return Sql(text=text, kind=Kind.NUMBER, is_nullable=False, is_constant=True)
    kind = Kind.UNKNOWN
    if isinstance(value, bool):
        kind = Kind.BOOL
    elif isinstance(value, int | float):
        kind = Kind.NUMBER
    elif isinstance(value, str):
        kind = Kind.STRING
    return Sql(text=literal(value), kind=kind, is_nullable=value is None, is_constant=True)


def name_of(name: str) -> str:
    """Return a name as SQL; whatever it holds, it is a name."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
