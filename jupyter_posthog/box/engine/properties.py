"""Reading properties: what stands in a JSON column, cast to what PostHog knows about it."""

from __future__ import annotations

from jupyter_posthog.box.engine.schema import PROPERTY_KINDS, Kind
from jupyter_posthog.box.engine.sql_text import JsonPlace, Sql, literal

_CASTS = {
    Kind.NUMBER: "accurateCastOrNull({}, 'Float64')",
    Kind.BOOL: "accurateCastOrNull({}, 'Bool')",
    Kind.MOMENT: "parseDateTime64BestEffortOrNull({}, 6, 'UTC')",
}


def property_of(place: JsonPlace) -> Sql:
    """Return the value at a place of a JSON column: a text without its quotes, or what its definition says."""
    keys = ", ".join(literal(key) for key in place.keys)
    raw = f"nullIf(nullIf(JSONExtractRaw({place.column}, {keys}), ''), 'null')"
    text = f"replaceRegexpAll({raw}, '^\"|\"$', '')"
    kind = _kind(place)
    return Sql(text=_CASTS.get(kind, "{}").format(text), kind=kind, place=place)


def deeper(place: JsonPlace, key: str | int) -> Sql:
    """Return what stands one key below a place."""
    return property_of(JsonPlace(column=place.column, keys=(*place.keys, key), properties=place.properties))


def _kind(place: JsonPlace) -> Kind:
    # Definitions exist for whole properties only; what stands deeper is a text.
    if place.properties is None or len(place.keys) != 1:
        return Kind.STRING
    return PROPERTY_KINDS[place.properties].get(str(place.keys[0]), Kind.STRING)
