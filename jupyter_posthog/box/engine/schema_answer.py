"""The answer to a ``DatabaseSchemaQuery``: the tables that HogQL shows (schema-general.ts in PostHog/posthog)."""

from __future__ import annotations

import re
from typing import Any

from jupyter_posthog.box.engine.schema import TABLES, Kind, Table

Json = Any
_TYPES = {
    Kind.STRING: "string",
    Kind.NUMBER: "integer",
    Kind.BOOL: "boolean",
    Kind.MOMENT: "datetime",
    Kind.JSON: "json",
    Kind.UNKNOWN: "unknown",
}
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def is_schema_query(node: Json) -> bool:
    """Whether a query asks for the tables."""
    return isinstance(node, dict) and node.get("kind") == "DatabaseSchemaQuery"


def schema_answer() -> Json:
    """Return every table with its fields, and no joins of a person's own."""
    return {"tables": {name: _table(name, table) for name, table in TABLES.items()}, "joins": []}


def _table(name: str, table: Table) -> Json:
    fields = {column.name: _field(column.name, _TYPES[column.kind]) for column in table.columns}
    for virtual, names in table.virtual.items():
        fields[virtual] = {**_field(virtual, "virtual_table"), "table": name, "fields": list(names)}
    for join, target in table.joins.items():
        columns = [column.name for column in TABLES[target.table].columns]
        fields[join] = {**_field(join, "lazy_table"), "table": target.table, "fields": columns}
    return {"type": "posthog", "id": name, "name": name, "fields": fields, "row_count": None}


def _field(name: str, kind: str) -> Json:
    value = name if _IDENTIFIER.fullmatch(name) else f"`{name}`"
    return {"name": name, "hogql_value": value, "type": kind, "schema_valid": True}
