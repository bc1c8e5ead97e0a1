"""One block of a document as a person reads it in a conflict, and as they rewrote it there."""

from __future__ import annotations

import json
from typing import NamedTuple

from jupyter_posthog.document.ledger import Ledger, LedgerCell
from jupyter_posthog.document.merging.segments import Segment, segments_of
from jupyter_posthog.document.notebook_reading import read_cells, read_document
from jupyter_posthog.document.notebook_writing import write_document
from jupyter_posthog.document.rich.blocks import block_text
from jupyter_posthog.document.shapes import MARKDOWN, wrap_markdown
from jupyter_posthog.document.values import JsonValue
from jupyter_posthog.document.white_space import shown, with_lf
from jupyter_posthog.errors import CellNotWritableError


class BlockText(NamedTuple):
    """What a cell would show of one block."""

    cell_type: str
    source: str


def block_as_cell(text: str, *, shape: str) -> BlockText:
    """Return one side of a conflict as its cell shows it.

    Args:
        text: The block as ``Conflict`` holds it: Markdown, or a rich node as JSON.
    """
    document: JsonValue = wrap_markdown(text) if shape == MARKDOWN else {"type": "doc", "content": [json.loads(text)]}
    cells, _ = read_cells(document)
    sources = [str(cell["source"]) for cell in cells]
    return BlockText(str(cells[0]["cell_type"]) if cells else "markdown", "\n\n".join(sources))


def with_block_text(document: JsonValue, number: int, text: str) -> JsonValue:
    """Return a document in which the cell that shows one block has this text in the block's place.

    Args:
        number: The block's number among the document's segments.

    Raises:
        CellNotWritableError: PostHog's format cannot hold the text, or the block has no text of its own.
    """
    read = read_document(document)
    segments = segments_of(read.ledger.stored)
    place, cell_row = _cell_of(read.ledger, segments, number)
    cell = read.notebook.cells[place]
    if cell["cell_type"] == "markdown":
        cell["source"] = _spliced(str(cell["source"]), read.ledger, cell_row, segments, number, text)
    else:
        cell["source"] = text
    if not str(cell["source"]).strip():
        del read.notebook.cells[place]
    return write_document(read.notebook, read.ledger).document


def _cell_of(ledger: Ledger, segments: list[Segment], number: int) -> tuple[int, LedgerCell]:
    position = number if ledger.shape != MARKDOWN else _start_of(segments, number)
    for place, cell in enumerate(ledger.cells):
        if cell.start <= position < cell.end:
            return place, cell
    raise CellNotWritableError(cell_number=0, cell_id="", problem="the block is shown in no cell")


def _start_of(segments: list[Segment], number: int) -> int:
    before = sum(len(segment.separator) + len(segment.key) for segment in segments[:number])
    return before + len(segments[number].separator)


def _spliced(source: str, ledger: Ledger, cell: LedgerCell, segments: list[Segment], number: int, text: str) -> str:
    """Return a prose cell's source with one of its blocks replaced."""
    segment = segments[number]
    if ledger.shape == MARKDOWN:
        old = with_lf(shown(segment.key))
        before = with_lf(shown(ledger.stored.text[cell.shown_start : _start_of(segments, number)]))
        start = len(before) if source.startswith(before + old) else source.find(old)
    else:
        old = block_text(segment.node) or ""
        start = source.find(old) if old and source.count(old) == 1 else -1
    if start < 0:
        raise CellNotWritableError(
            cell_number=0, cell_id=cell.cell_id, problem="this block cannot be edited here; take one side, edit later"
        )
    return source[:start] + text + source[start + len(old) :]
