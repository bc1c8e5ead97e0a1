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
    level: list[JsonObject | list[JsonValue]] = [document] if isinstance(document, (dict, list)) else []
    for _ in range(MAXIMUM_DEPTH + 1):
        if not level:
            return
        level = [
            child
            for value in level
            for child in (value.values() if isinstance(value, dict) else value)
            if isinstance(child, (dict, list))
        ]
    if level:
        raise DocumentTooDeepError(place=_deepest_place(document))


def _deepest_place(document: JsonValue) -> str:
    """Return the first steps to a value beyond the limit."""
    waiting: list[tuple[JsonValue, int, str]] = [(document, 0, "document")]
    while waiting:
        value, depth, place = waiting.pop()
        if depth > MAXIMUM_DEPTH:
            return f"{place[:60]}…"
        steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting.extend(
            (child, depth + 1, f"{place}[{step}]" if depth < 4 else place)
            for step, child in steps
            if isinstance(child, (dict, list))
        )
    return "document"


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def canonical(value: JsonValue) -> str:
    """Return JSON text in which ``1``, ``1.0`` and ``true`` differ and key order does not."""
    return _ENCODER.encode(value)


def digest(value: JsonValue) -> str:
    """Return 16 hex digits that stand for a value (posthog-document.md 4.3)."""
    return text_digest(f'"{value}' if isinstance(value, str) else canonical(value))


def text_digest(text: str) -> str:
    """Return the digest of a value that is given as its canonical text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
