"""Finds for each cell of a notebook the cell it was shown as: by node id, then cell id, then order (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from jupyter_posthog.document.code_cells import node_id_of
from jupyter_posthog.document.ledger import Ledger, seen_digest_of
from jupyter_posthog.document.values import JsonValue

Cell = Mapping[str, JsonValue]


def match_cells(cells: Sequence[Cell], ledger: Ledger | None) -> list[int | None]:
    """Return for each cell the number of its ledger cell, or None for a new one; no number twice.

    The owner of a node id is the cell whose cell id maps to it; where that cell is gone, the first claimant.
    """
    matched: list[int | None] = [None] * len(cells)
    if ledger is None:
        return matched
    if [cell.get("id") for cell in cells] == [cell.cell_id for cell in ledger.cells]:
        return list(range(len(cells)))  # as after most edits
    free = set(range(len(ledger.cells)))
    by_cell_id = {cell.cell_id: number for number, cell in enumerate(ledger.cells)}
    by_node_id: dict[str, int] = {}
    for number, ledger_cell in enumerate(ledger.cells):
        if ledger_cell.node_id is not None:
            by_node_id.setdefault(ledger_cell.node_id, number)

    def take(position: int, number: int | None) -> None:
        if number is not None and number in free and matched[position] is None:
            free.discard(number)
            matched[position] = number

    for position, cell in enumerate(cells):
        take(position, by_cell_id.get(str(cell.get("id"))))
    has_own_ids = any(number is not None for number in matched)
    for position, cell in enumerate(cells):
        claim = node_id_of(cell)
        take(position, by_node_id.get(claim) if claim is not None else None)
    _match_by_order(cells, ledger, matched, free, has_own_ids=has_own_ids)
    return matched


def _match_by_order(
    cells: Sequence[Cell], ledger: Ledger, matched: list[int | None], free: set[int], *, has_own_ids: bool
) -> None:
    """Pair what is left between two matched neighbours, where both sides have as many cells of the same types.

    Some clients give every cell a new id when they save a file. Where ids were kept, a cell with another one is new,
    and must not take over the identity and the result of the one that it replaces, unless it shows the same.
    """
    borders = [(-1, -1), *((position, number) for position, number in enumerate(matched) if number is not None)]
    borders.append((len(cells), len(ledger.cells)))
    for (position, number), (next_position, next_number) in pairwise(borders):
        positions = [place for place in range(position + 1, next_position) if node_id_of(cells[place]) is None]
        numbers = [place for place in range(number + 1, next_number) if place in free]
        types = [cells[place]["cell_type"] for place in positions]
        if len(positions) == next_position - position - 1 and types == [
            ledger.cells[place].cell_type for place in numbers
        ]:
            for place, found in zip(positions, numbers, strict=True):
                if not has_own_ids or seen_digest_of(cells[place]) == ledger.cells[found].seen:
                    matched[place] = found
                    free.discard(found)
