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
