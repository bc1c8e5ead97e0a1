"""The shape of an answer: its keys and the types of its values, without the values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Below these, keys and types are data of the example: rows of tables, documents, names of variables, timings.
DATA = frozenset(
    {
        "rows",
        "first_page",
        "results.[]",
        "types",
        "variables",
        "timings",
        "content",
        "before",
        "after",
        "has_completed_onboarding_for",
        "result.text/plain",
    }
)
Shape = dict[str, set[str]]


def shape_of(value: Any) -> Shape:
    """Return the types at every place; places in a list share one place."""
    shape: Shape = {}
    for place, kind in _walk(value, ""):
        shape.setdefault(place, set()).add(kind)
    return shape


def differences(expected: Any, actual: Any) -> dict[str, str]:
    """Return where two answers differ in keys or types; lists that are empty on one side say nothing."""
    one, other = shape_of(expected), shape_of(actual)
    silent = {place for shape in (one, other) for place, kinds in shape.items() if "empty list" in kinds}
    found = {}
    for place in sorted(one.keys() | other.keys()):
        if any(place.startswith(f"{empty}.[]") for empty in silent):
            continue
        kinds, others = one.get(place, {"absent"}), other.get(place, {"absent"})
        if not (kinds - {"empty list"} <= others or others - {"empty list"} <= kinds):
            found[place] = f"{_words(kinds)} in the corpus, {_words(others)} from the box"
    return found


def _words(kinds: set[str]) -> str:
    return " or ".join(sorted(kinds))


def _walk(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if any(place.endswith(f".{name}") for name in DATA):
        yield place, "null" if value is None else "data"
    elif isinstance(value, dict):
        yield place, "object"
        for key, item in value.items():
            yield from _walk(item, f"{place}.{key}")
    elif isinstance(value, list):
        yield place, "list" if value else "empty list"
        for item in value:
            yield from _walk(item, f"{place}.[]")
    else:
        yield place, _type(value)


def _type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "text"
