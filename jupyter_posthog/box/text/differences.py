"""How one text became another, as open pages are told (posthog-api.md 15.2)."""

from __future__ import annotations

import zlib
from difflib import SequenceMatcher
from typing import Any

Json = Any
# Above this, a middle that differs is one replacement: comparing it letter by letter would take too long.
COMPARED_LENGTH = 4_000


def difference(before: str, after: str) -> list[Json]:
    """Return the replacements that turn one text into the other; places are UTF-16 units of the first."""
    start = _common(before, after)
    rest = min(len(before), len(after)) - start
    end = _common(before[len(before) - rest :][::-1], after[len(after) - rest :][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if not old and not new:
        return []
    if len(old) > COMPARED_LENGTH or len(new) > COMPARED_LENGTH:
        operations = [("replace", 0, len(old), 0, len(new))]
    else:
        operations = list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    base = units(before[:start])
    return [
        {"start": base + units(old[:first]), "end": base + units(old[:last]), "text": new[new_first:new_last]}
        for operation, first, last, new_first, new_last in operations
        if operation != "equal"
    ]


def checksum(text: str) -> int:
    """Return the CRC-32 of a text in UTF-16-LE."""
    return zlib.crc32(text.encode("utf-16-le", "surrogatepass"))


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
