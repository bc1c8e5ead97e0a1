"""What was shown of a document: for each cell its stored segments and the digest of how it looked.

With a ledger alone, untouched cells go back exactly as they were stored (design.md §4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jupyter_posthog.document.code_cells import own_metadata
from jupyter_posthog.document.shapes import StoredDocument, read_stored
from jupyter_posthog.document.values import JsonObject, JsonValue, digest
from jupyter_posthog.document.white_space import with_lf

#: Changes whenever the same document would be shown as other cells.
RENDERER = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCell:
    """One cell as it was shown.

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

    @property
    def segment_digests(self) -> list[str]:
        """Digests of every cell's segments, in order: what a file carries in place of the text."""
        return [self.raw_digest(cell) for cell in self.cells]

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
            "cells": [
                [
                    cell.cell_id,
                    cell.node_id,
                    cell.cell_type,
                    cell.start,
                    cell.end,
                    cell.shown_start,
                    cell.shown_end,
                    cell.origin,
                    cell.seen,
                ]
                for cell in self.cells
            ],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> Ledger:
        """Read what ``to_json`` gave."""
        rows = value["cells"]
        assert isinstance(rows, list)
        names = ("cell_id", "node_id", "cell_type", "start", "end", "shown_start", "shown_end", "origin", "seen")
        cells = tuple(LedgerCell(**dict(zip(names, row, strict=True))) for row in rows)  # type: ignore[arg-type]
        renderer = value["renderer"]
        assert isinstance(renderer, int)
        return cls(stored=read_stored(value["document"]), cells=cells, renderer=renderer)


def seen_digest(cell: Mapping[str, JsonValue]) -> str:
    """Return the digest of a cell as it is shown: type, source with LF, and the two editable properties.

    Outputs are outside: a new output alone never makes a cell changed.
    """
    source = with_lf(str(cell["source"]))
    if cell["cell_type"] != "code":
        return digest([cell["cell_type"], source])
    own = own_metadata(cell)
    return digest([cell["cell_type"], source, own.get("return_variable"), own.get("title")])
