"""JSON values, and the limits of what is read."""

from __future__ import annotations

import hashlib
import json

from jupyter_posthog.errors import DocumentTooDeepError

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]

MAXIMUM_DEPTH = 500


def check_depth(document: JsonValue) -> None:
    """Walk the whole value without recursion.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels; the place is a path of keys.
    """
    waiting: list[tuple[JsonValue, int, str]] = [(document, 0, "document")]
    while waiting:
        value, depth, place = waiting.pop()
        if not isinstance(value, dict | list):
            continue
        if depth > MAXIMUM_DEPTH:
            raise DocumentTooDeepError(place=f"{place[:60]}…")
        if isinstance(value, dict):
            waiting.extend((child, depth + 1, place) for child in value.values() if isinstance(child, dict | list))
        else:
            waiting.extend(
                (child, depth + 1, f"{place}[{number}]" if depth < 4 else place)
                for number, child in enumerate(value)
                if isinstance(child, dict | list)
            )


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def canonical(value: JsonValue) -> str:
    """Return JSON text in which ``1``, ``1.0`` and ``true`` differ and key order does not."""
    return _ENCODER.encode(value)


def digest(value: JsonValue) -> str:
    """Return 16 hex digits that stand for a value (posthog-document.md 4.3)."""
    text = f'"{value}' if isinstance(value, str) else canonical(value)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
