"""What was shown of a document: for each cell its stored segments and the digest of how it looked.

With a ledger alone, untouched cells go back exactly as they were stored (design.md §4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from jupyter_posthog.document.code_cells import own_metadata
from jupyter_posthog.document.shapes import StoredDocument, read_stored
from jupyter_posthog.document.values import JsonObject, JsonValue, digest
from jupyter_posthog.document.white_space import with_lf

#: Changes whenever the same document would be shown as other cells.
RENDERER = 3


class LedgerCell(NamedTuple):
    """One cell as it was shown; a named tuple, for a document has thousands of them.

    Attributes:
        start, end: Its segments: a slice of the Markdown text, or of the list of top-level nodes.
        shown_start, shown_end: The same without what is not shown (empty paragraphs at the ends of rich prose).
        origin: The tag's name or the node's type; empty for prose.
        seen: Digest of the cell as it was shown.
    """

    cell_id: str
    node_id: str | None
    cell_type: str
    start: int
    end: int
    shown_start: int
    shown_end: int
    origin: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A stored document and the cells it was shown as."""

    stored: StoredDocument
    cells: tuple[LedgerCell, ...]
    renderer: int = field(default=RENDERER)

    @property
    def shape(self) -> str:
        """``markdown``, ``rich`` or ``empty``."""
        return self.stored.shape

    def raw_text(self, cell: LedgerCell) -> str:
        """Return a cell's segments of a Markdown document."""
        return self.stored.text[cell.start : cell.end]

    def shown_text(self, cell: LedgerCell) -> str:
        """Return a tag's own text, without an anchor line above it."""
        return self.stored.text[cell.shown_start : cell.shown_end]

    def raw_nodes(self, cell: LedgerCell) -> list[JsonValue]:
        """Return a cell's segments of a rich document."""
        return list(self.stored.nodes[cell.start : cell.end])

    def raw_digest(self, cell: LedgerCell) -> str:
        """Return the digest of a cell's segments."""
        return digest(self.raw_text(cell) if self.shape == "markdown" else self.raw_nodes(cell))

    def to_json(self) -> JsonObject:
        """Return everything as one JSON object."""
        return {
            "renderer": self.renderer,
            "document": self.stored.document,
            "cells": [[*cell] for cell in self.cells],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> Ledger:
        """Read what ``to_json`` gave."""
        rows = value["cells"]
        assert isinstance(rows, list)
        cells = tuple(LedgerCell(*row) for row in rows)  # type: ignore[misc]  # to_json wrote them so
        renderer = value["renderer"]
        assert isinstance(renderer, int)
        return cls(stored=read_stored(value["document"]), cells=cells, renderer=renderer)


def seen_digest(cell_type: str, source: str, own: Mapping[str, JsonValue]) -> str:
    """Return the digest of a cell as it is shown: type, source with LF, and the two editable properties.

    Outputs are outside: a new output alone never makes a cell changed.
    """
    if cell_type != "code":
        return digest(f"{cell_type}\n{with_lf(source)}")
    return digest(f"code\n{own.get('return_variable')!r}\n{own.get('title')!r}\n{with_lf(source)}")


def seen_digest_of(cell: Mapping[str, JsonValue]) -> str:
    """Return the digest of a notebook's cell as it is shown now."""
    return seen_digest(str(cell["cell_type"]), str(cell["source"]), own_metadata(cell))


def digests_of(cell: Mapping[str, JsonValue]) -> tuple[str | None, str | None]:
    """Return the digests that a cell carries: of its stored segments, and of how it was shown; None where absent."""
    digests = own_metadata(cell).get("digests")
    if isinstance(digests, list) and len(digests) == 2 and all(isinstance(value, str) for value in digests):
        return str(digests[0]), str(digests[1])
    return None, None
