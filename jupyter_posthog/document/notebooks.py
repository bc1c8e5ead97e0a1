"""Documents ↔ Jupyter notebooks: the two functions of the room, and what two notebooks have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_posthog.document.changes import is_unsaved_empty
from jupyter_posthog.document.code_cells import own_metadata
from jupyter_posthog.document.notebook_reading import read_document, read_notebook
from jupyter_posthog.document.notebook_writing import write_document
from jupyter_posthog.document.shapes import EMPTY
from jupyter_posthog.document.values import JsonValue
from jupyter_posthog.document.white_space import with_lf

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


def shows_same_cells(left: NotebookNode, right: NotebookNode) -> bool:
    """Whether two notebooks show the same: ids, types, sources, node ids, names and titles, in order.

    Outputs are outside, and so are cells that were added and are still empty.
    """
    return _shown_rows(left) == _shown_rows(right)


def _shown_rows(notebook: NotebookNode) -> list[object]:
    rows: list[object] = []
    for cell in notebook["cells"]:
        own = own_metadata(cell)
        if is_unsaved_empty(cell):
            continue
        names = [own.get("return_variable"), own.get("title")] if cell["cell_type"] == "code" else []
        rows.append([cell.get("id"), cell["cell_type"], with_lf(str(cell["source"])), own.get("node_id"), *names])
    return rows
