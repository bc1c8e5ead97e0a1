"""PostHog documents ↔ Jupyter notebooks. Pure: values in, values out."""

from jupyter_posthog.document.changes import CellChange
from jupyter_posthog.document.code_cells import node_id_of
from jupyter_posthog.document.fresh_results import FreshResult
from jupyter_posthog.document.kept_ids import CellIdentity
from jupyter_posthog.document.ledger import RENDERER, Ledger
from jupyter_posthog.document.notebook_reading import NotebookIdentity, ReadDocument, read_cells, read_document
from jupyter_posthog.document.notebook_writing import WrittenDocument, write_document
from jupyter_posthog.document.notebooks import (
    document_to_notebook,
    notebook_to_document,
    shows_same_cells,
    unkept_parts,
)
from jupyter_posthog.document.values import JsonObject, JsonValue

__all__ = [
    "RENDERER",
    "CellChange",
    "CellIdentity",
    "FreshResult",
    "JsonObject",
    "JsonValue",
    "Ledger",
    "NotebookIdentity",
    "ReadDocument",
    "WrittenDocument",
    "document_to_notebook",
    "node_id_of",
    "notebook_to_document",
    "read_cells",
    "read_document",
    "shows_same_cells",
    "unkept_parts",
    "write_document",
]
