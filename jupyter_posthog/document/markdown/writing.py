"""Cells back into a Markdown notebook: untouched ones byte for byte, the others as little as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jupyter_posthog.document.code_cells import node_id_of
from jupyter_posthog.document.ledger import Ledger, LedgerCell, digests_of, seen_digest_of
from jupyter_posthog.document.markdown.code_writing import (
    Cell,
    component_tag,
    edited_code_tag,
    fresh_node_id,
    new_code_tag,
    refuse_surrogates,
    with_fresh_node_id,
)
from jupyter_posthog.document.markdown.prose import closing_fence, safe_prose
from jupyter_posthog.document.markdown.reading_back import PlacedText, find_recovered, find_swallowed
from jupyter_posthog.document.markdown.tags import parse_tag
from jupyter_posthog.document.not_writable import write_each
from jupyter_posthog.document.originals import Originals
from jupyter_posthog.document.outputs.fresh_results import NOTHING_FRESH, FreshResult
from jupyter_posthog.document.values import digest
from jupyter_posthog.document.white_space import WHITE_SPACE, line_end_of
from jupyter_posthog.errors import CellNotWritableError


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    is_prose: bool
    number: int | None  # of its ledger cell, where it is still of the type it was shown as


def write_markdown(
    cells: Sequence[Cell],
    matched: Sequence[int | None],
    ledger: Ledger | None,
    fresh: Mapping[str, FreshResult] = NOTHING_FRESH,
) -> str:
    """Return the Markdown of the cells.

    Args:
        matched: For each cell the number of its ledger cell.
        fresh: Results of runs by cell id.

    Raises:
        CellNotWritableError: One cell cannot be written; nothing is. Its number counts the given cells from 1.
    """
    writer = _Writer(ledger, Originals(ledger), fresh)
    pieces = list(write_each(cells, matched, writer.piece))
    text, places = _joined(pieces, ledger)
    _refuse_misread(text, places, cells, "" if ledger is None else ledger.stored.text)
    return text


def _refuse_misread(text: str, places: Sequence[PlacedText], cells: Sequence[Cell], known_text: str) -> None:
    problem = "it would change its neighbours; look for a ``` or <!-- above it that has no end"
    number = find_swallowed(text, places)
    if number is None:
        problem = "PostHog would read a part of it as a cell that runs"
        number = find_recovered(text, places, known_text)
    if number is not None:
        raise CellNotWritableError(cell_number=number + 1, cell_id=str(cells[number].get("id")), problem=problem)


@dataclass(frozen=True, slots=True)
class _Writer:
    ledger: Ledger | None
    originals: Originals
    fresh: Mapping[str, FreshResult]

    def piece(self, cell: Cell, number: int | None) -> _Piece:
        is_prose = cell["cell_type"] == "markdown"
        fresh = self.fresh.get(str(cell.get("id")))
        if self.ledger is None or number is None:
            return _Piece(self._copied_text(cell, fresh) or self._new_text(cell, fresh), is_prose, None)
        known = self.ledger.cells[number]
        raw = self.ledger.raw_text(known)
        if fresh is None and seen_digest_of(cell) == known.seen:
            return _Piece(raw, is_prose, number)
        if cell["cell_type"] != known.cell_type:
            return _Piece(self._new_text(cell, fresh), is_prose, None)
        return _Piece(self._edited_text(cell, known, raw, fresh), is_prose, number)

    def _edited_text(self, cell: Cell, known: LedgerCell, raw: str, fresh: FreshResult | None) -> str:
        if cell["cell_type"] == "markdown":
            refuse_surrogates(str(cell["source"]))
            return safe_prose(str(cell["source"]), known_raw=raw)
        before, tag = raw[: known.shown_start - known.start], raw[known.shown_start - known.start :]
        # What stands before a tag is its anchor line; a quote marker is one the browser would take away too (7.1 D12).
        before = before if ">" not in before or "-->" in before else ""
        if cell["cell_type"] == "code":
            return before + edited_code_tag(cell, tag, known.node_id, fresh)
        return before + self._component(cell, known.node_id, tag)

    def _copied_text(self, cell: Cell, fresh: FreshResult | None) -> str | None:
        """Return the tag of a copied code cell: the original's, data source included, with an identity of its own."""
        claim = node_id_of(cell)
        original = self.originals.of(cell) if cell["cell_type"] == "code" else None
        if self.ledger is None or claim is None or original is None:
            return None
        tag = edited_code_tag(cell, self.ledger.shown_text(original), claim)
        copied = with_fresh_node_id(tag, fresh_node_id(cell))
        return copied if fresh is None else edited_code_tag(cell, copied, claim, fresh)

    def _new_text(self, cell: Cell, fresh: FreshResult | None) -> str:
        match cell["cell_type"]:
            case "markdown":
                source = str(cell["source"])
                refuse_surrogates(source)
                return source if _came_from_a_document(cell) else safe_prose(source)
            case "code":
                tag = new_code_tag(cell, fresh_node_id(cell))
                return tag if fresh is None else edited_code_tag(cell, tag, None, fresh)
            case _ if digests_of(cell)[1] != seen_digest_of(cell):
                return self._component(cell, None)
            case _ if self.ledger is None and not _is_readable(cell):
                return str(cell["source"])  # as it stands in some document
            case _:
                return self._component(cell, None, str(cell["source"]))

    def _component(self, cell: Cell, own_node_id: str | None, known_raw: str = "") -> str:
        """Return the tag of a raw cell; a node id that belongs to another cell is replaced."""
        text = component_tag(cell, known_raw)
        tag = parse_tag(text)
        typed = tag.text("nodeId") if tag is not None else None
        if typed is None or typed == own_node_id or self.originals.takes_anew(typed):
            return text
        return with_fresh_node_id(text, fresh_node_id(cell))


def _came_from_a_document(cell: Cell) -> bool:
    """Whether the text stands in some document exactly so, as prose: then its tags, notes and open fences are meant."""
    return digests_of(cell) == (digest(str(cell["source"])), seen_digest_of(cell))


def _is_readable(cell: Cell) -> bool:
    tag = parse_tag(str(cell["source"]).strip(WHITE_SPACE))
    return tag is not None and tag.is_clean


def _joined(pieces: Sequence[_Piece], ledger: Ledger | None) -> tuple[str, list[PlacedText]]:
    text = ledger.stored.text if ledger is not None else ""
    line_end = line_end_of(text)
    parts: list[str] = []
    places: list[PlacedText] = []
    position = 0
    before: _Piece | None = None
    for piece in pieces:
        separator = _separator(before, piece, ledger, line_end)
        parts += (separator, piece.text)
        position += len(separator)
        places.append(PlacedText(position, position + len(piece.text), piece.is_prose))
        position += len(piece.text)
        before = piece
    if before is not None and before.number is not None and ledger and before.number == len(ledger.cells) - 1:
        parts.append(text[ledger.cells[-1].end :])
    return "".join(parts), places


def _separator(before: _Piece | None, piece: _Piece, ledger: Ledger | None, line_end: str) -> str:
    """Return what stands before a piece: as stored where both were neighbours, else the canonical blank lines."""
    if before is None:
        return ledger.stored.text[: ledger.cells[0].start] if ledger and piece.number == 0 else ""
    if ledger and before.number is not None and piece.number == before.number + 1:
        return ledger.stored.text[ledger.cells[before.number].end : ledger.cells[piece.number].start]
    # A fence that was stored without its end may stand last, but would swallow what is put behind it.
    closer = closing_fence(before.text) if before.is_prose and "```" in before.text else ""
    end = f"{line_end}{closer}" if closer else ""
    return end + line_end * (3 if before.is_prose and piece.is_prose else 2)
