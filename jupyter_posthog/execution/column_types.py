"""Types of a frame's columns: ClickHouse's, DuckDB's and pandas' words for them, and the values that come in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum

from jupyter_posthog.api.bodies import JsonValue

Cell = str | int | float | bool | date | datetime | None


class ColumnType(Enum):
    """What a column becomes in a file."""

    INTEGER = "integer"
    #: Integers above 2^63.
    UNSIGNED = "unsigned"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    #: A moment with a time zone, kept in UTC.
    ZONED_MOMENT = "zoned moment"
    #: Text, and as JSON text everything that has parts.
    TEXT = "text"


MOMENTS = frozenset({ColumnType.DATE, ColumnType.MOMENT, ColumnType.ZONED_MOMENT})
_WRAPPED = re.compile(r"(?:Nullable|LowCardinality)\((?P<inner>.*)\)")
_WORDS: tuple[tuple[ColumnType, str], ...] = (
    (ColumnType.UNSIGNED, r"UInt64|UBIGINT|uint64"),
    (ColumnType.INTEGER, r"U?Int(?:8|16|32|64)|u?int(?:8|16|32|64)|U?(?:TINY|SMALL|BIG)INT|U?INTEGER"),
    (ColumnType.NUMBER, r"Float(?:32|64)|float(?:16|32|64)|DOUBLE|FLOAT|REAL"),
    (ColumnType.BOOLEAN, r"Bool|bool|boolean|BOOLEAN"),
    (ColumnType.DATE, r"Date(?:32)?|DATE"),
    (ColumnType.ZONED_MOMENT, r"DateTime(?:64)?\(.*'.*'\)|TIMESTAMP WITH TIME ZONE|datetime64\[\w+, .*\]"),
    (ColumnType.MOMENT, r"DateTime(?:64)?(?:\(\d+\))?|TIMESTAMP(?:_\w+)?|datetime64\[\w+\]"),
)
_PATTERNS = tuple((kind, re.compile(words)) for kind, words in _WORDS)


def column_type(words: str) -> ColumnType:
    """Return what a column of a type becomes; text where the type has parts or nobody here knows it."""
    while wrapped := _WRAPPED.fullmatch(words):
        words = wrapped["inner"]
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(words)), ColumnType.TEXT)


def cell_value(value: JsonValue, kind: ColumnType) -> Cell:
    """Return a value of JSON as a value of the column.

    Raises:
        ValueError: It is none.
    """
    return None if value is None else _CONVERSIONS[kind](value)


def _integer(value: JsonValue) -> int:
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("not a whole number")
    return int(value)  # type: ignore[arg-type]  # a list is a TypeError, told as a ValueError by its caller


def _boolean(value: JsonValue) -> bool:
    if value not in {True, False}:
        raise ValueError("neither true nor false")
    return bool(value)


def _moment(value: JsonValue) -> datetime:
    moment = datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=None) if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _zoned(value: JsonValue) -> datetime:
    moment = datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_CONVERSIONS: dict[ColumnType, Callable[[JsonValue], Cell]] = {
    ColumnType.INTEGER: _integer,
    ColumnType.UNSIGNED: _integer,
    ColumnType.NUMBER: lambda value: float(value),  # type: ignore[arg-type]  # as above
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: lambda value: date.fromisoformat(str(value)[:10]),
    ColumnType.MOMENT: _moment,
    ColumnType.ZONED_MOMENT: _zoned,
    ColumnType.TEXT: _text,
}
