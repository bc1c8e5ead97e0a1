"""The cells that this kernel has run, as Jupyter's history lists them."""

from __future__ import annotations

from collections import deque
from fnmatch import fnmatchcase

MOST_CELLS = 1_000
SESSION = 1

Entry = tuple[int, int, str]


class History:
    """The sources of this process's cells; nothing of it is stored."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_CELLS)

    def add(self, line: int, source: str) -> None:
        """Remember one cell by its number."""
        self._entries.append((SESSION, line, source))

    def tail(self, count: int) -> list[Entry]:
        """Return the last cells."""
        return list(self._entries)[-count:] if count > 0 else []

    def between(self, start: int, stop: int | None) -> list[Entry]:
        """Return the cells from one number up to, and not including, another."""
        return [entry for entry in self._entries if entry[1] >= start and (stop is None or entry[1] < stop)]

    def matching(self, pattern: str, count: int | None, *, is_unique: bool) -> list[Entry]:
        """Return the cells that a pattern with ``*`` and ``?`` fits, at most the last of them."""
        found = [entry for entry in self._entries if fnmatchcase(entry[2], pattern)]
        if is_unique:
            found = list({entry[2]: entry for entry in found}.values())
        return found[-count:] if count else found
