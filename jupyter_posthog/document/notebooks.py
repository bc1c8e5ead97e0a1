"""Documents ↔ Jupyter notebooks: the two functions of the room, and what two notebooks have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_posthog.document.changes import is_unsaved_empty
from jupyter_posthog.document.code_cells import node_id_of, own_metadata
from jupyter_posthog.document.ledger import Ledger, seen_digest_of
from jupyter_posthog.document.notebook_reading import read_document, read_notebook
from jupyter_posthog.document.notebook_writing import write_document
from jupyter_posthog.document.shapes import EMPTY
from jupyter_posthog.document.values import JsonValue

if TYPE_CHECKING:
    from nbformat import NotebookNode


def document_to_notebook(document: JsonValue) -> NotebookNode:
    """Turn the ``content`` of a record into a notebook of nbformat 4.5.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    return read_notebook(document)


def notebook_to_document(notebook: NotebookNode, base: JsonValue | None) -> JsonValue:
    """Turn a notebook into a document.

    Args:
        base: The document as it was loaded; with None the shape comes from the notebook's metadata, else Markdown.

    Raises:
        CellNotWritableError: PostHog's format cannot hold one cell.
    """
    is_own = base is not None or own_metadata(notebook).get("shape") == EMPTY
    return write_document(notebook, read_document(base).ledger if is_own else None).document


def shows_cells_of(notebook: NotebookNode, ledger: Ledger) -> bool:
    """Whether a notebook shows what a document was read as: ids, types, sources, node ids, names and titles, in order.

    Outputs are outside, and so are cells that were added and are still empty.
    """
    shown = [
        (cell.get("id"), node_id_of(cell), seen_digest_of(cell))
        for cell in notebook["cells"]
        if not is_unsaved_empty(cell)
    ]
    return shown == [(cell.cell_id, cell.node_id, cell.seen) for cell in ledger.cells]
