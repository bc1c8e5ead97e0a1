"""PostHog documents ↔ Jupyter notebooks. Pure: values in, values out."""

from jupyter_posthog.document.carrying import CarryNote, unkept_parts
from jupyter_posthog.document.changes import CellChange
from jupyter_posthog.document.code_cells import node_id_of
from jupyter_posthog.document.differences import CellDifference, cell_differences
from jupyter_posthog.document.kept_ids import CellIdentity
from jupyter_posthog.document.ledger import RENDERER, Ledger
from jupyter_posthog.document.merging.answers import Answer, OwnText, merge_answered
from jupyter_posthog.document.merging.block_texts import BlockText, block_as_cell
from jupyter_posthog.document.merging.documents import Conflict, MergedDocument, merge
from jupyter_posthog.document.merging.files import MergedFile, merge_file
from jupyter_posthog.document.merging.reverts import count_reverted
from jupyter_posthog.document.misreadings import misread_parts
from jupyter_posthog.document.new_documents import NewDocument, new_document
from jupyter_posthog.document.notebook_nodes import as_notebook
from jupyter_posthog.document.notebook_reading import (
    NotebookIdentity,
    ReadDocument,
    read_cells,
    read_document,
    read_ledger,
)
from jupyter_posthog.document.notebook_writing import WrittenDocument, write_document
from jupyter_posthog.document.notebooks import (
    document_to_notebook,
    notebook_to_document,
    shows_cells_of,
)
from jupyter_posthog.document.outputs.fresh_results import FreshResult
from jupyter_posthog.document.outputs.results import run_outputs
from jupyter_posthog.document.outputs.stored_runs import StoredRun, stored_runs
from jupyter_posthog.document.rescue import RescuedDocument, rescue_legacy_cells
from jupyter_posthog.document.shapes import EMPTY, MARKDOWN, RICH, shape_of
from jupyter_posthog.document.upgrade.documents import UpgradedDocument, upgrade_to_markdown
from jupyter_posthog.document.upgrade.losses import Loss
from jupyter_posthog.document.values import JsonObject, JsonValue

__all__ = [
    "EMPTY",
    "MARKDOWN",
    "RENDERER",
    "RICH",
    "Answer",
    "BlockText",
    "CarryNote",
    "CellChange",
    "CellDifference",
    "CellIdentity",
    "Conflict",
    "FreshResult",
    "JsonObject",
    "JsonValue",
    "Ledger",
    "Loss",
    "MergedDocument",
    "MergedFile",
    "NewDocument",
    "NotebookIdentity",
    "OwnText",
    "ReadDocument",
    "RescuedDocument",
    "StoredRun",
    "UpgradedDocument",
    "WrittenDocument",
    "as_notebook",
    "block_as_cell",
    "cell_differences",
    "count_reverted",
    "document_to_notebook",
    "merge",
    "merge_answered",
    "merge_file",
    "misread_parts",
    "new_document",
    "node_id_of",
    "notebook_to_document",
    "read_cells",
    "read_document",
    "read_ledger",
    "rescue_legacy_cells",
    "run_outputs",
    "shape_of",
    "shows_cells_of",
    "stored_runs",
    "unkept_parts",
    "upgrade_to_markdown",
    "write_document",
]
