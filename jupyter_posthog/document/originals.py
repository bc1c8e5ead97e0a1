"""Which stored cell a copied cell was copied from: the owner of the node id that it claims, or of its segments."""

from __future__ import annotations

from collections.abc import Mapping

from jupyter_posthog.document.code_cells import node_id_of
from jupyter_posthog.document.ledger import Ledger, LedgerCell, digests_of
from jupyter_posthog.document.values import JsonValue


class Originals:
    """Finds originals in one ledger; looks through it once, and only where something was copied."""

    def __init__(self, ledger: Ledger | None) -> None:
        self._ledger = ledger
        self._by_name: dict[tuple[str, str], LedgerCell] | None = None

    def of(self, cell: Mapping[str, JsonValue]) -> LedgerCell | None:
        """Return the original of a cell; None for one that was made, or comes from another notebook."""
        claim, (raw, _) = node_id_of(cell), digests_of(cell)
        if self._ledger is None or (claim is None and raw is None):
            return None
        if self._by_name is None:
            self._by_name = _names(self._ledger)
        found = self._by_name.get(("node", claim) if claim is not None else ("raw", str(raw)))
        return found if found is not None and found.cell_type == cell["cell_type"] else None


def _names(ledger: Ledger) -> dict[tuple[str, str], LedgerCell]:
    names: dict[tuple[str, str], LedgerCell] = {}
    for cell in ledger.cells:
        name = ("raw", ledger.raw_digest(cell)) if cell.node_id is None else ("node", cell.node_id)
        names.setdefault(name, cell)
    return names
