"""Cell ids that nbformat accepts, unique, and the same at each open (posthog-document.md 4.9)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from jupyter_posthog.document.values import JsonValue

_VALID = re.compile(r"[a-zA-Z0-9-_]{1,64}")


class CellIds:
    """Gives out the ids of one notebook."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        """Prepare.

        Args:
            taken: Ids that are promised to other cells.
        """
        self._used = set(taken)
        self._occurrences: dict[str, int] = {}

    def keep(self, cell_id: str) -> str:
        """Use an id that is known to be free."""
        self._used.add(cell_id)
        return cell_id

    def for_node(self, node_id: str) -> str:
        """Return the id of a cell with this node id, or anchor: that itself where it fits and is free."""
        if _VALID.fullmatch(node_id) and node_id not in self._used:
            return self.keep(node_id)
        return self._hashed("phx", node_id)

    def for_text(self, raw: str) -> str:
        """Return the id of a cell without a node id, made from its stored text."""
        return self._hashed("phm", raw)

    def _hashed(self, prefix: str, content: str) -> str:
        while True:
            occurrence = self._occurrences.get(content, 0)
            self._occurrences[content] = occurrence + 1
            text = f"{content}\0{occurrence}".encode("utf-8", "surrogatepass")
            cell_id = f"{prefix}-{hashlib.sha256(text).hexdigest()[:24]}"
            if cell_id not in self._used:
                return self.keep(cell_id)


def is_valid(cell_id: str) -> bool:
    """Whether nbformat accepts the id."""
    return _VALID.fullmatch(cell_id) is not None


def with_valid_ids(cells: Sequence[Mapping[str, JsonValue]]) -> list[Mapping[str, JsonValue]]:
    """Return the cells, each with a valid id of its own: nbformat knows ids only since 4.5, and some tools copy them.

    An id that is missing, or stands a second time, is made of the cell's text.
    """
    given = [str(cell.get("id") or "") for cell in cells]
    if len(set(given)) == len(given) and all(map(is_valid, given)):
        return list(cells)
    ids = CellIds(frozenset(given))
    used: set[str] = set()
    named: list[Mapping[str, JsonValue]] = []
    for cell, cell_id in zip(cells, given, strict=True):
        is_own = is_valid(cell_id) and cell_id not in used
        used.add(cell_id)
        named.append(cell if is_own else {**cell, "id": ids.for_text(str(cell["source"]))})
    return named
