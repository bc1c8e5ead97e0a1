"""Three-way merge of a file: it carries no text of its base, only digests, so that it merges by cell (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jupyter_posthog.document.cell_ids import CellIds
from jupyter_posthog.document.changes import is_unsaved_empty
from jupyter_posthog.document.code_cells import node_id_of, own_metadata
from jupyter_posthog.document.ledger import RENDERER, Ledger, digests_of, seen_digest_of
from jupyter_posthog.document.merging.documents import SHAPE_CHANGED, Conflict, whole_conflict
from jupyter_posthog.document.merging.pairing import UNKNOWN, pair
from jupyter_posthog.document.merging.three_way import MINE, Clash, Place, Side, ThreeWay, merge_sequences
from jupyter_posthog.document.notebook_reading import read_cells
from jupyter_posthog.document.notebook_writing import WrittenDocument, write_document
from jupyter_posthog.document.shapes import EMPTY
from jupyter_posthog.document.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from nbformat import NotebookNode

BASE_UNKNOWN = "base_unknown"
Cell = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedFile:
    """The outcome of merging a file into what PostHog holds now.

    Attributes:
        written: What to store, as a change of what PostHog holds; None while there are conflicts without an answer.
        taken: How many changes of theirs it has.
        is_of_other_renderer: Whether another version of this package made the file, which must be told.
    """

    written: WrittenDocument | None
    conflicts: tuple[Conflict, ...]
    taken: int
    is_of_other_renderer: bool


class _CellPiece(NamedTuple):
    key: str
    kind: str
    node_id: str | None
    text: str
    essence: str


def merge_file(notebook: NotebookNode, theirs: JsonValue, *, answers: Mapping[str, str] | None = None) -> MergedFile:
    """Merge the cells of a file with a document, told apart by the digests that the file carries.

    Args:
        answers: ``mine`` or ``theirs`` by conflict id.

    Raises:
        CellNotWritableError: PostHog's format cannot hold one cell.
        DocumentTooDeepError: The document is nested deeper than 500 levels.
    """
    own = own_metadata(notebook)
    base_metadata = own.get("base")
    digests = base_metadata.get("segments") if isinstance(base_metadata, dict) else None
    is_other = own.get("renderer") != RENDERER
    their_cells, ledger = read_cells(theirs)
    if not isinstance(digests, list):
        return _refused(BASE_UNKNOWN, is_other)
    if len({own.get("shape"), ledger.shape} - {EMPTY}) > 1:
        return _refused(SHAPE_CHANGED, is_other)
    cells = [cell for cell in notebook["cells"] if not is_unsaved_empty(cell) or digests_of(cell)[0] is not None]
    base, mine = _base_and_mine([str(value) for value in digests], cells)
    pieces = [_their_piece(cell, {piece.key for piece in base}) for cell in their_cells]
    outcome = merge_sequences(base, mine, Side(pieces, pair(base, pieces)), answers)
    if outcome.clashes:
        conflicts = tuple(_conflict(clash, cells, their_cells) for clash in outcome.clashes)
        return MergedFile(written=None, conflicts=conflicts, taken=outcome.taken, is_of_other_renderer=is_other)
    merged = _merged_cells(outcome, cells, their_cells, (mine.origins, pair(base, pieces)))
    written = _written(notebook, merged, ledger)
    return MergedFile(written=written, conflicts=(), taken=outcome.taken, is_of_other_renderer=is_other)


def _refused(kind: str, is_other: bool) -> MergedFile:
    return MergedFile(written=None, conflicts=(whole_conflict(kind),), taken=0, is_of_other_renderer=is_other)


def _base_and_mine(digests: Sequence[str], cells: Sequence[Cell]) -> tuple[list[_CellPiece], Side]:
    places: dict[str, list[int]] = {}
    for number, value in enumerate(digests):
        places.setdefault(value, []).append(number)
    base = [_CellPiece(value, UNKNOWN, None, "", "") for value in digests]
    pieces: list[_CellPiece] = []
    origins: list[int | None] = []
    for cell in cells:
        raw, seen = digests_of(cell)
        now = seen_digest_of(cell)
        free = places.get(raw or "")
        origin = free.pop(0) if free else None
        origins.append(origin)
        kind, node_id, source = str(cell["cell_type"]), node_id_of(cell), str(cell["source"])
        is_unchanged = origin is not None and now == seen
        pieces.append(_CellPiece(raw or "" if is_unchanged else f"seen {now}", kind, node_id, source, f"seen {now}"))
        if origin is not None:
            text = source if is_unchanged else ""
            base[origin] = _CellPiece(digests[origin], kind, node_id, text, f"seen {seen}")
    return base, Side(pieces, origins)


def _their_piece(cell: JsonObject, known: set[str]) -> _CellPiece:
    raw, seen = digests_of(cell)
    key = raw if raw in known and raw is not None else f"seen {seen}"
    return _CellPiece(key, str(cell["cell_type"]), node_id_of(cell), str(cell["source"]), f"seen {seen}")


def _conflict(clash: Clash, cells: Sequence[Cell], their_cells: Sequence[Cell]) -> Conflict:
    mine = None if clash.mine is None else cells[clash.mine]
    theirs = None if clash.theirs is None else their_cells[clash.theirs]
    node_id = next((node_id_of(cell) for cell in (mine, theirs) if cell is not None), None)
    return Conflict(
        conflict_id=clash.clash_id,
        kind=clash.kind,
        base=None,
        mine=None if mine is None else str(mine["source"]),
        theirs=None if theirs is None else str(theirs["source"]),
        node_id=node_id,
    )


def _merged_cells(
    outcome: ThreeWay,
    cells: Sequence[Cell],
    their_cells: Sequence[JsonObject],
    origins: tuple[Sequence[int | None], Sequence[int | None]],
) -> list[JsonObject]:
    """Return the cells of the outcome; one that is edited here takes the place, and the identity, of theirs."""
    of_mine, of_theirs = origins
    their_place = {origin: place for place, origin in enumerate(of_theirs) if origin is not None}
    ids = CellIds(frozenset(str(cell["id"]) for cell in their_cells))
    merged = []
    for place in outcome.places:
        if place.side != MINE:
            merged.append(their_cells[place.number])
            continue
        origin = of_mine[place.number]
        counterpart = their_place.get(origin) if origin is not None else None
        merged.append(_my_cell(cells, place, None if counterpart is None else their_cells[counterpart], ids))
    return merged


def _my_cell(cells: Sequence[Cell], place: Place, counterpart: JsonObject | None, ids: CellIds) -> JsonObject:
    cell = dict(cells[place.number])
    if counterpart is None:
        return {**cell, "id": ids.for_node(str(cell.get("id")))}
    metadata = cell.get("metadata")
    their_metadata = counterpart["metadata"]
    assert isinstance(metadata, dict)
    assert isinstance(their_metadata, dict)
    their_own = their_metadata["posthog"]
    assert isinstance(their_own, dict)
    names = {name: value for name, value in own_metadata(cell).items() if name in {"return_variable", "title"}}
    own = {name: value for name, value in their_own.items() if name not in {"return_variable", "title"}}
    return {**cell, "id": counterpart["id"], "metadata": {**metadata, "posthog": {**own, **names}}}


def _written(notebook: NotebookNode, cells: Sequence[JsonObject], ledger: Ledger) -> WrittenDocument:
    from nbformat import from_dict

    return write_document(from_dict({**notebook, "cells": [*cells]}), ledger)
