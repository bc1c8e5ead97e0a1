"""What differs between the cells of a notebook and what was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jupyter_posthog.document.code_cells import node_id_of
from jupyter_posthog.document.ledger import Ledger, digests_of, seen_digest_of
from jupyter_posthog.document.outputs.fresh_results import NOTHING_FRESH, FreshResult
from jupyter_posthog.document.values import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """One difference to what was shown; ``cell_number`` counts from 1 and is None for a deleted cell."""

    cell_number: int | None
    cell_id: str
    kind: str


def find_changes(
    kept: Sequence[tuple[int, Mapping[str, JsonValue], int | None]],
    ledger: Ledger | None,
    fresh: Mapping[str, FreshResult] = NOTHING_FRESH,
) -> list[CellChange]:
    """Return every difference, in the order of the cells; deleted ones last.

    Args:
        kept: Number, cell and the number of its ledger cell, for each cell that counts.
        fresh: Results of runs by cell id.
    """
    changes = []
    last = -1
    for number, cell, match in kept:
        cell_id = str(cell.get("id"))
        if match is None or ledger is None:
            changes.append(CellChange(cell_number=number, cell_id=cell_id, kind="added"))
            continue
        if seen_digest_of(cell) != ledger.cells[match].seen:
            changes.append(CellChange(cell_number=number, cell_id=cell_id, kind="edited"))
        elif cell_id in fresh:
            changes.append(CellChange(cell_number=number, cell_id=cell_id, kind="result"))
        elif match < last:
            changes.append(CellChange(cell_number=number, cell_id=cell_id, kind="moved"))
        last = max(last, match)
    left = {match for _, _, match in kept}
    for number, ledger_cell in enumerate(ledger.cells if ledger is not None else ()):
        if number not in left:
            changes.append(CellChange(cell_number=None, cell_id=ledger_cell.cell_id, kind="deleted"))
    return changes


def is_unsaved_empty(cell: Mapping[str, JsonValue]) -> bool:
    """Whether a cell that PostHog does not have holds nothing yet: Lab adds one below each cell it runs.

    An empty cell that stands in some document exactly so is meant.
    """
    if str(cell["source"]).strip() or node_id_of(cell) is not None:
        return False
    return digests_of(cell)[1] != seen_digest_of(cell)
