"""One notebook as it is stored, and as the rows of its table."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

Json = Any
_ENCODED = frozenset({"content", "created_by", "last_modified_by", "variables"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One notebook as it is stored."""

    short_id: str
    id: str
    title: str | None
    content: Json
    text_content: str | None
    version: int
    deleted: bool
    created_at: str
    created_by: Json
    last_modified_at: str
    last_modified_by: Json
    variables: Json


def encoded(record: Record) -> list[Any]:
    """Return the values of a record's row."""
    values = ((name, getattr(record, name)) for name in Record.__slots__)
    return [json.dumps(value) if name in _ENCODED else stored_text(value) for name, value in values]


def stored_text(value: Any) -> Any:
    """Return text that a database can hold: a lone surrogate is no character."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def decoded_row(row: sqlite3.Row) -> Record:
    """Return the record of a row."""
    values = dict(row)
    for name in _ENCODED:
        values[name] = json.loads(values[name])
    return Record(**{**values, "deleted": bool(values["deleted"])})
