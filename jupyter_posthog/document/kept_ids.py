"""Cell ids that survive a save: the cells of a document, found again in the page that shows them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jupyter_posthog.document.cell_ids import CellIds, is_valid
from jupyter_posthog.document.merging.pairing import cell_piece, pair
from jupyter_posthog.document.shown_cells import ShownCell


@dataclass(frozen=True, slots=True, kw_only=True)
class CellIdentity:
    """A cell as a page shows it right now."""

    cell_id: str
    node_id: str | None
    cell_type: str
    source: str


def with_ids(cells: Iterable[ShownCell], kept_cells: Sequence[CellIdentity]) -> Iterator[tuple[ShownCell, str]]:
    """Yield each cell and its id: the one under which a page shows it, else one made from what is stored."""
    if not kept_cells:
        ids = CellIds()
        yield from ((cell, _own_id(cell, ids)) for cell in cells)
        return
    shown_cells = list(cells)
    kept = _kept_ids(shown_cells, kept_cells)
    ids = CellIds(frozenset(cell_id for cell_id in kept if cell_id is not None))
    for cell, kept_id in zip(shown_cells, kept, strict=True):
        yield cell, _own_id(cell, ids) if kept_id is None else kept_id


def _own_id(cell: ShownCell, ids: CellIds) -> str:
    name = cell.node_id or cell.anchor
    return ids.for_node(name) if name else ids.for_text(cell.raw)


def _kept_ids(cells: list[ShownCell], kept_cells: Sequence[CellIdentity]) -> list[str | None]:
    """Find for each cell the id under which the page shows it: by node id, then by text and place.

    A merge may have put a colleague's cell between them, so order alone would give ids to the wrong cells.
    """
    same = _same_in_order(cells, kept_cells)
    if same is not None:
        return same
    usable = [cell for cell in kept_cells if is_valid(cell.cell_id)]
    by_node: dict[str, deque[str]] = defaultdict(deque)
    for identity in usable:
        for name in {identity.node_id, identity.cell_id} - {None}:
            by_node[str(name)].append(identity.cell_id)
    used: set[str] = set()
    kept: list[str | None] = []
    for cell in cells:
        found = next((cell_id for cell_id in by_node.get(cell.node_id or "", ()) if cell_id not in used), None)
        if found is not None:
            used.add(found)
        kept.append(found)
    rest = [identity for identity in usable if identity.cell_id not in used]
    open_places = [place for place, cell_id in enumerate(kept) if cell_id is None]
    shown = [cell_piece(identity.cell_type, identity.source, None) for identity in rest]
    stored = [cell_piece(cells[place].cell_type, cells[place].source, None) for place in open_places]
    for place, number in zip(open_places, pair(shown, stored), strict=True):
        if number is not None:
            kept[place] = rest[number].cell_id
    return kept


def _same_in_order(cells: list[ShownCell], kept_cells: Sequence[CellIdentity]) -> list[str | None] | None:
    """Return the page's ids where it shows these very cells, as after most saves; cells without a text may be new."""
    kept = [cell for cell in kept_cells if cell.source or cell.node_id]
    if len(kept) != len(cells) or len({cell.cell_id for cell in kept}) != len(kept):
        return None
    for cell, identity in zip(cells, kept, strict=True):
        if cell.source != identity.source or cell.cell_type != identity.cell_type or cell.node_id != identity.node_id:
            return None
    return [cell.cell_id for cell in kept] if all(is_valid(cell.cell_id) for cell in kept) else None
