"""Names, constants and property accesses as ClickHouse SQL."""

from __future__ import annotations

from typing import Any

from jupyter_posthog.box.hogql import Node

#: Properties that PostHog would know as numbers, from the box's own data set.
NUMERIC_PROPERTIES = {"amount", "items", "$session_duration", "seats", "load_time_ms"}


def is_property(node: Node) -> bool:
    """Whether an expression reads a property."""
    if node["node"] == "ArrayAccess":
        return is_property(node["array"]) or (node["array"].get("chain") or [""])[-1] == "properties"
    return node["node"] == "Field" and "properties" in node["chain"][:-1]


def field(chain: list[str]) -> str:
    """Return the SQL of a field; what stands behind ``properties`` is read from JSON (posthog-api.md 17)."""
    if chain[-2:-1] == ["person"] and chain[-1] == "id":
        chain = [*chain[:-2], "person_id"]
    if "properties" not in chain[:-1]:
        return ".".join("*" if part == "*" else name_of(part) for part in chain)
    place = chain.index("properties")
    before, path = chain[:place], chain[place + 1 :]
    column = "person_properties" if before[-1:] == ["person"] else "properties"
    owner = [part for part in before if part != "person"]
    source = ".".join(name_of(part) for part in [*owner, column])
    keys = ", ".join(literal(part) for part in path)
    raw = f"nullIf(nullIf(JSONExtractRaw({source}, {keys}), ''), 'null')"
    text = f"replaceRegexpAll({raw}, '^\"|\"$', '')"
    return f"accurateCastOrNull({text}, 'Float64')" if path[-1] in NUMERIC_PROPERTIES else text


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
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def name_of(name: str) -> str:
    """Return a name as SQL; whatever it holds, it is a name."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
