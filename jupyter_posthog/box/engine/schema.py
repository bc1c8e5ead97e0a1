"""The tables that HogQL shows, their columns, and what stands behind a dot (PostHog docs "HogQL", design.md §7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a value is, as far as printing it depends on it."""

    STRING = "string"
    NUMBER = "number"
    BOOL = "bool"
    MOMENT = "moment"  # a date or a date with its time
    JSON = "json"  # text that holds a JSON object
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; ``properties`` says whose property definitions its JSON follows."""

    name: str
    kind: Kind = Kind.UNKNOWN
    is_nullable: bool = True
    properties: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LazyJoin:
    """A table that is joined when a field of it is read, such as ``events.session``."""

    table: str
    left: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table.

    Attributes:
        columns: What ``*`` gives, in this order.
        hidden: More columns, for virtual tables.
        virtual: Names that read columns of this table, such as ``person.properties``.
        joins: Names that join another table.
        aliases: Second names of columns.
    """

    columns: tuple[Column, ...]
    hidden: tuple[Column, ...] = ()
    virtual: dict[str, dict[str, str]] = field(default_factory=dict)
    joins: dict[str, LazyJoin] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)


def _column(name: str, kind: Kind, *, properties: str | None = None) -> Column:
    return Column(name=name, kind=kind, is_nullable=False, properties=properties)


def _columns(kind: Kind, *names: str) -> tuple[Column, ...]:
    return tuple(_column(name, kind) for name in names)


_TEXT, _NUMBER, _MOMENT, _ANY = Kind.STRING, Kind.NUMBER, Kind.MOMENT, Kind.UNKNOWN
_PERSON = {
    "id": "person_id",
    "created_at": "person_created_at",
    "properties": "person_properties",
    "is_identified": "person_is_identified",
}

TABLES: dict[str, Table] = {
    "events": Table(
        columns=(
            *_columns(_ANY, "uuid"),
            *_columns(_TEXT, "event"),
            _column("properties", Kind.JSON, properties="event"),
            *_columns(_MOMENT, "timestamp"),
            *_columns(_TEXT, "distinct_id", "elements_chain"),
            *_columns(_MOMENT, "created_at"),
            *_columns(_TEXT, "$session_id", "$window_id"),
            *_columns(_ANY, "person_id"),
            *_columns(_TEXT, "$group_0", "$group_1", "$group_2", "$group_3", "$group_4"),
        ),
        hidden=(
            _column("person_properties", Kind.JSON, properties="person"),
            *_columns(_MOMENT, "person_created_at"),
            _column("person_is_identified", Kind.BOOL),
        ),
        virtual={"person": _PERSON, "poe": _PERSON, "pdi": {"person_id": "person_id", "distinct_id": "distinct_id"}},
        joins={
            "session": LazyJoin(table="sessions", left="$session_id", right="session_id"),
            "group_0": LazyJoin(table="groups", left="$group_0", right="key"),
        },
        aliases={"event_person_id": "person_id"},
    ),
    "persons": Table(
        columns=(
            *_columns(_ANY, "id"),
            *_columns(_MOMENT, "created_at"),
            _column("properties", Kind.JSON, properties="person"),
            _column("is_identified", Kind.BOOL),
        ),
        joins={"pdi": LazyJoin(table="person_distinct_ids", left="id", right="person_id")},
    ),
    "person_distinct_ids": Table(
        columns=(*_columns(_TEXT, "distinct_id"), *_columns(_ANY, "person_id")),
        joins={"person": LazyJoin(table="persons", left="person_id", right="id")},
    ),
    "groups": Table(
        columns=(
            *_columns(_NUMBER, "index"),
            *_columns(_TEXT, "key"),
            *_columns(_MOMENT, "created_at", "updated_at"),
            _column("properties", Kind.JSON, properties="group"),
        ),
    ),
    "sessions": Table(
        columns=(
            *_columns(_TEXT, "session_id", "distinct_id"),
            *_columns(_MOMENT, "$start_timestamp", "$end_timestamp", "max_inserted_at"),
            *_columns(_ANY, "$urls"),
            *_columns(_NUMBER, "$num_uniq_urls"),
            *_columns(_TEXT, "$entry_current_url", "$entry_pathname", "$entry_hostname"),
            *_columns(_TEXT, "$end_current_url", "$end_pathname", "$end_hostname"),
            *_columns(_TEXT, "$entry_referring_domain", "$entry_utm_source", "$channel_type"),
            *_columns(_NUMBER, "$pageview_count", "$autocapture_count", "$screen_count", "$session_duration"),
            _column("$is_bounce", Kind.BOOL),
        ),
        hidden=_columns(_ANY, "person_id"),
        aliases={
            "id": "session_id",
            "duration": "$session_duration",
            "$exit_current_url": "$end_current_url",
            "$exit_pathname": "$end_pathname",
        },
    ),
}

#: Table functions that HogQL serves, and the columns they give.
TABLE_FUNCTIONS = {
    "numbers": ("number",),
    "generateSeries": ("generate_series",),
    "generate_series": ("generate_series",),
}

#: What PostHog would know about properties from the events it got; every other property is a text.
PROPERTY_KINDS: dict[str, dict[str, Kind]] = {
    "event": {
        "amount": Kind.NUMBER,
        "items": Kind.NUMBER,
        "load_time_ms": Kind.NUMBER,
        "$session_duration": Kind.NUMBER,
        "files": Kind.NUMBER,
        "size_mb": Kind.NUMBER,
        "is_first_purchase": Kind.BOOL,
        "is_shared": Kind.BOOL,
        "renews_at": Kind.MOMENT,
    },
    "person": {
        "seats": Kind.NUMBER,
        "is_admin": Kind.BOOL,
        "signed_up_at": Kind.MOMENT,
    },
    "group": {"employees": Kind.NUMBER, "is_paying": Kind.BOOL},
}
