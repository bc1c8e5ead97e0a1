"""What differs between two documents, cell by cell, for a person to read."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

from jupyter_posthog.document.code_cells import node_id_of
from jupyter_posthog.document.merging.pairing import CellPiece, cell_piece, pair
from jupyter_posthog.document.notebook_reading import read_cells
from jupyter_posthog.document.values import JsonObject, JsonValue

EDITED, ADDED, REMOVED = "edited", "added", "removed"


class CellDifference(NamedTuple):
    """One cell that differs; a text is None where that document does not have the cell."""

    kind: str
    cell_type: str
    before: str | None
    after: str | None

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Both texts line by line, each with a sign: ``-`` only before, ``+`` only after, empty in both."""
        old, new = ([] if text is None else text.splitlines() for text in (self.before, self.after))
        signed: list[tuple[str, str]] = []
        for tag, old_start, old_end, new_start, new_end in SequenceMatcher(
            None, old, new, autojunk=False
        ).get_opcodes():
            if tag == "equal":
                signed += [("", line) for line in new[new_start:new_end]]
                continue
            signed += [("-", line) for line in old[old_start:old_end]]
            signed += [("+", line) for line in new[new_start:new_end]]
        return signed


def cell_differences(before: JsonValue, after: JsonValue) -> list[CellDifference]:
    """Return the cells that were edited, added or removed, in the order of the newer document; removed ones last.

    Results are outside, and so is a cell that only moved.

    Raises:
        DocumentTooDeepError: One of them is nested deeper than 500 levels.
    """
    old, new = ([_piece(cell) for cell in read_cells(document)[0]] for document in (before, after))
    found: list[CellDifference] = []
    left = set(range(len(old)))
    for piece, origin in zip(new, pair(old, new), strict=True):
        if origin is None:
            found.append(CellDifference(ADDED, piece.kind, None, piece.text))
            continue
        left.discard(origin)
        if old[origin].key != piece.key:
            found.append(CellDifference(EDITED, piece.kind, old[origin].text, piece.text))
    return found + [CellDifference(REMOVED, old[number].kind, old[number].text, None) for number in sorted(left)]


def _piece(cell: JsonObject) -> CellPiece:
    return cell_piece(str(cell["cell_type"]), str(cell["source"]), node_id_of(cell))
