"""Cells back into the nodes of a rich document: untouched nodes as they were stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jupyter_posthog.document.ledger import Ledger, seen_digest_of
from jupyter_posthog.document.markdown.code_writing import Cell, component_tag
from jupyter_posthog.document.not_writable import NotWritable, write_each
from jupyter_posthog.document.originals import Originals
from jupyter_posthog.document.outputs.fresh_results import NOTHING_FRESH, FreshResult
from jupyter_posthog.document.rich.code_writing import edited_code_node, new_code_node, without_run
from jupyter_posthog.document.rich.nodes import is_said_by_its_tag, node_of_tag
from jupyter_posthog.document.rich.prose_writing import prose_nodes
from jupyter_posthog.document.rich.text import attributes_of
from jupyter_posthog.document.values import JsonValue


def write_rich(
    cells: Sequence[Cell],
    matched: Sequence[int | None],
    ledger: Ledger | None,
    fresh: Mapping[str, FreshResult] = NOTHING_FRESH,
) -> list[JsonValue]:
    """Return the top-level nodes of the cells.

    Args:
        matched: For each cell the number of its ledger cell.
        fresh: Results of runs by cell id.

    Raises:
        CellNotWritableError: One cell cannot be written; nothing is. Its number counts the given cells from 1.
    """
    writer = _Writer(ledger, Originals(ledger), fresh)
    return [node for nodes in write_each(cells, matched, writer.nodes_of) for node in nodes]


@dataclass(frozen=True, slots=True)
class _Writer:
    ledger: Ledger | None
    originals: Originals
    fresh: Mapping[str, FreshResult]

    def nodes_of(self, cell: Cell, number: int | None) -> list[JsonValue]:
        fresh = self.fresh.get(str(cell.get("id")))
        if self.ledger is None or number is None:
            return self._copied_nodes(cell, fresh) or self._new_nodes(cell, fresh)
        known = self.ledger.cells[number]
        raw = self.ledger.raw_nodes(known)
        if fresh is None and seen_digest_of(cell) == known.seen:
            return raw
        if cell["cell_type"] != known.cell_type:
            return self._new_nodes(cell, fresh)
        first, last = known.shown_start - known.start, known.shown_end - known.start
        return [*raw[:first], *self._edited_nodes(cell, raw[first:last], fresh), *raw[last:]]

    def _copied_nodes(self, cell: Cell, fresh: FreshResult | None) -> list[JsonValue]:
        """Return the nodes of a copied cell: the original's with all that the text cannot say, without its identity."""
        original = self.originals.of(cell)
        if self.ledger is None or original is None:
            return []
        nodes = [
            _with_fresh_id(node, str(cell["id"]))
            for node in self.ledger.stored.nodes[original.shown_start : original.shown_end]
        ]
        is_changed = fresh is not None or seen_digest_of(cell) != original.seen
        return self._edited_nodes(cell, nodes, fresh) if is_changed else nodes

    def _new_nodes(self, cell: Cell, fresh: FreshResult | None) -> list[JsonValue]:
        match cell["cell_type"]:
            case "markdown":
                return prose_nodes(str(cell["source"]), [])
            case "code":
                return [new_code_node(cell, fresh)]
            case _:
                return [self._component(cell, None)]

    def _component(self, cell: Cell, own_node_id: JsonValue) -> JsonValue:
        """Return the node of a raw cell; a node id that belongs to another cell is replaced."""
        node = node_of_tag(component_tag(cell))
        if node is None:
            raise NotWritable("this notebook is of PostHog's older kind, which has no such component")
        typed = attributes_of(node).get("nodeId")
        if not isinstance(typed, str) or typed == own_node_id or self.originals.takes_anew(typed):
            return node
        return _with_fresh_id(node, str(cell["id"]))

    def _edited_nodes(self, cell: Cell, raw: list[JsonValue], fresh: FreshResult | None) -> list[JsonValue]:
        match cell["cell_type"]:
            case "markdown":
                return prose_nodes(str(cell["source"]), raw)
            case "code":
                return [edited_code_node(cell, raw[0], fresh)]
        if not is_said_by_its_tag(raw[0]):
            raise NotWritable("this block holds more than its text can say, so it can only be edited in PostHog")
        return [self._component(cell, attributes_of(raw[0]).get("nodeId"))]


def _with_fresh_id(node: JsonValue, node_id: str) -> JsonValue:
    attributes = attributes_of(node)
    if not isinstance(node, dict) or "nodeId" not in attributes:
        return node
    return without_run({**node, "attrs": {**attributes, "nodeId": node_id}})
