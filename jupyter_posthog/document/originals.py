"""Which stored cell a copied cell was copied from: the owner of the node id that it claims, or of its segments."""

from __future__ import annotations

from collections.abc import Mapping

from jupyter_posthog.document.code_cells import node_id_of
from jupyter_posthog.document.ledger import Ledger, LedgerCell, digests_of
from jupyter_posthog.document.values import JsonValue


class Originals:
    """Finds originals for one writing; looks through the ledger once, and only where something is new."""

    def __init__(self, ledger: Ledger | None) -> None:
        self._ledger = ledger
        self._by_name: dict[tuple[str, str], LedgerCell] | None = None
        self._taken: set[str] = set()

    def of(self, cell: Mapping[str, JsonValue]) -> LedgerCell | None:
        """Return the original of a cell; None for one that was made, or comes from another notebook."""
        claim, (raw, _) = node_id_of(cell), digests_of(cell)
        if claim is None and raw is None:
            return None
        found = self._names().get(("node", claim) if claim is not None else ("raw", str(raw)))
        return found if found is not None and found.cell_type == cell["cell_type"] else None

    def takes_anew(self, node_id: str) -> bool:
        """Take a node id for a component that did not have it; False where a stored or another new one has it."""
        is_free = ("node", node_id) not in self._names() and node_id not in self._taken
        self._taken.add(node_id)
        return is_free

    def _names(self) -> dict[tuple[str, str], LedgerCell]:
        if self._by_name is None:
            self._by_name = {} if self._ledger is None else _names(self._ledger)
        return self._by_name


def _names(ledger: Ledger) -> dict[tuple[str, str], LedgerCell]:
    names: dict[tuple[str, str], LedgerCell] = {}
    for cell in ledger.cells:
        name = ("raw", ledger.raw_digest(cell)) if cell.node_id is None else ("node", cell.node_id)
        names.setdefault(name, cell)
    return names
