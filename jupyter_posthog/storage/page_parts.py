"""What only a page has of a notebook, put beside what PostHog stores."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


def with_page_parts(stored: NotebookNode, shown: NotebookNode) -> NotebookNode:
    """Return the stored notebook with what only the page has: outputs and other tools' metadata, by cell id."""
    merged = deepcopy(stored)
    by_id = {cell.get("id"): cell for cell in shown.cells}
    for cell in merged.cells:
        page_cell = by_id.get(cell["id"])
        if page_cell is None or page_cell["cell_type"] != cell["cell_type"]:
            continue
        cell["metadata"] = {**page_cell["metadata"], **cell["metadata"]}
        if cell["cell_type"] == "code" and cell["source"] == page_cell["source"]:
            cell["outputs"], cell["execution_count"] = page_cell["outputs"], page_cell["execution_count"]
    return merged


def with_outputs_of(stored: NotebookNode, own: NotebookNode) -> NotebookNode:
    """Return the notebook that PostHog made of a person's own, with the outputs of cells that have the same source."""
    merged = deepcopy(stored)
    by_source: dict[str, list[NotebookNode]] = {}
    for cell in own.cells:
        if cell["cell_type"] == "code":
            by_source.setdefault(str(cell["source"]), []).append(cell)
    for cell in merged.cells:
        same = by_source.get(str(cell["source"])) if cell["cell_type"] == "code" else None
        if same:
            own_cell = same.pop(0)
            cell["outputs"], cell["execution_count"] = own_cell["outputs"], own_cell["execution_count"]
    return merged
