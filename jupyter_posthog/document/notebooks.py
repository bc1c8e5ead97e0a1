"""Documents ↔ Jupyter notebooks: the room's functions for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document.changes import CellChange, find_changes
from jupyter_posthog.document.code_cells import node_id_of, own_metadata
from jupyter_posthog.document.fresh_results import CLEARED, NOTHING_FRESH, FreshResult
from jupyter_posthog.document.kept_ids import CellIdentity, give_ids
from jupyter_posthog.document.ledger import RENDERER, Ledger, LedgerCell, seen_digest
from jupyter_posthog.document.markdown_reading import markdown_cells
from jupyter_posthog.document.markdown_writing import write_markdown
from jupyter_posthog.document.matching import match_cells
from jupyter_posthog.document.reading_back import check_reads_back
from jupyter_posthog.document.rich_reading import rich_cells
from jupyter_posthog.document.rich_writing import write_rich
from jupyter_posthog.document.shapes import EMPTY, MARKDOWN, RICH, StoredDocument, read_stored, wrap_markdown
from jupyter_posthog.document.shown_cells import ShownCell
from jupyter_posthog.document.values import JsonObject, JsonValue, canonical, digest
from jupyter_posthog.document.white_space import with_lf
from jupyter_posthog.errors import CellNotWritableError

if TYPE_CHECKING:
    from nbformat import NotebookNode

_METADATA: JsonObject = {
    "kernelspec": {"name": "posthog", "display_name": "PostHog (remote)", "language": "python"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookIdentity:
    """Which remote notebook a document belongs to; ``version`` is the one it was read at."""

    host: str
    project_id: int
    short_id: str
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDocument:
    """A document as cells, and the ledger that leads back."""

    notebook: NotebookNode
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDocument:
    """What to store.

    Attributes:
        text_content: PostHog's search text; None where its own may stay.
        is_changed: False where the document is the base itself, so that nothing has to be sent.
    """

    document: JsonValue
    text_content: str | None
    changes: tuple[CellChange, ...]
    is_changed: bool


def document_to_notebook(document: JsonValue) -> NotebookNode:
    """Turn the ``content`` of a record into a notebook of nbformat 4.5.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    return read_document(document).notebook


def notebook_to_document(notebook: NotebookNode, base: JsonValue | None) -> JsonValue:
    """Turn a notebook into a document.

    Args:
        base: The document as it was loaded; with None the shape comes from the notebook's metadata, else Markdown.

    Raises:
        CellNotWritableError: PostHog's format cannot hold one cell.
    """
    is_own = base is not None or own_metadata(notebook).get("shape") == EMPTY
    return write_document(notebook, read_document(base).ledger if is_own else None).document


def read_document(
    document: JsonValue, *, identity: NotebookIdentity | None = None, kept_cells: Sequence[CellIdentity] = ()
) -> ReadDocument:
    """Turn a document into cells and a ledger.

    Args:
        kept_cells: The cells a page shows in order; their ids are used again, so that they survive a save.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    # nbformat takes seconds to load where jsonschema checks formats, and a kernel needs only the cells.
    from nbformat import from_dict

    cells, ledger = read_cells(document, kept_cells)
    metadata = {**_METADATA, "posthog": _notebook_metadata(ledger, identity)}
    notebook = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells or [_placeholder()]})
    return ReadDocument(notebook=notebook, ledger=ledger)


def read_cells(document: JsonValue, kept_cells: Sequence[CellIdentity] = ()) -> tuple[list[JsonObject], Ledger]:
    """Turn a document into plain cells and a ledger; ``read_document`` makes a notebook of them.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    stored = read_stored(document)
    shown_cells = _cells_of(stored)
    cell_ids = give_ids(shown_cells, kept_cells)
    cells = [_notebook_cell(cell, cell_id) for cell, cell_id in zip(shown_cells, cell_ids, strict=True)]
    ledger_cells = tuple(_ledger_cell(shown, cell) for shown, cell in zip(shown_cells, cells, strict=True))
    ledger = Ledger(stored=stored, cells=ledger_cells)
    for ledger_cell, cell in zip(ledger.cells, cells, strict=True):
        metadata = cell["metadata"]
        assert isinstance(metadata, dict)
        own = metadata["posthog"]
        assert isinstance(own, dict)
        own["digests"] = [ledger.raw_digest(ledger_cell), ledger_cell.seen]
    return cells, ledger


def write_document(
    notebook: NotebookNode, ledger: Ledger | None, *, fresh: Mapping[str, FreshResult] = NOTHING_FRESH
) -> WrittenDocument:
    """Turn cells back into a document, writing anew only what differs from what the ledger says was shown.

    Args:
        fresh: Results of runs by cell id; they replace the stored results of these cells.

    Raises:
        CellNotWritableError: PostHog's format cannot hold one cell; nothing is written.
    """
    every_cell: list[Mapping[str, JsonValue]] = list(notebook["cells"])
    matched_all = match_cells(every_cell, ledger)
    kept = [
        (number, cell, match)
        for number, (cell, match) in enumerate(zip(every_cell, matched_all, strict=True), start=1)
        if match is not None or not is_unsaved_empty(cell)
    ]
    results = _with_cleared(every_cell, fresh)
    changes = tuple(find_changes(kept, ledger, results))
    if ledger is not None and not changes:
        return WrittenDocument(document=ledger.stored.document, text_content=None, changes=(), is_changed=False)
    shape = ledger.shape if ledger is not None else own_metadata(notebook).get("shape")
    try:
        document, text = _written(kept, ledger, shape == RICH, results)
    except CellNotWritableError as error:
        number = kept[error.cell_number - 1][0]
        raise CellNotWritableError(cell_number=number, cell_id=error.cell_id, problem=error.problem) from error
    is_changed = ledger is None or canonical(document) != canonical(ledger.stored.document)
    return WrittenDocument(document=document, text_content=text, changes=changes, is_changed=is_changed)


def _written(
    kept: list[tuple[int, Mapping[str, JsonValue], int | None]],
    ledger: Ledger | None,
    is_rich: bool,
    results: Mapping[str, FreshResult],
) -> tuple[JsonValue, str | None]:
    cells, matched = [cell for _, cell, _ in kept], [match for _, _, match in kept]
    if is_rich:
        nodes = write_rich(cells, matched, ledger)
        return (ledger.stored.with_nodes(nodes) if ledger is not None else {"type": "doc", "content": nodes}), None
    base = ledger if ledger is not None and ledger.shape == MARKDOWN else None
    text = write_markdown(cells, matched, base, results)
    check_reads_back(text, cells)
    return (base.stored.with_text(text) if base is not None else wrap_markdown(text)), text


def _with_cleared(cells: Sequence[Mapping[str, JsonValue]], fresh: Mapping[str, FreshResult]) -> dict[str, FreshResult]:
    """Add the cells whose output a person cleared; the page says so, for a cell that just runs has none either."""
    cleared = {
        str(cell["id"]): CLEARED
        for cell in cells
        if cell["cell_type"] == "code" and own_metadata(cell).get("cleared") is True and not cell.get("outputs")
    }
    return {**cleared, **fresh}


def shows_same_cells(left: NotebookNode, right: NotebookNode) -> bool:
    """Whether two notebooks show the same: ids, types, sources, node ids, names and titles, in order.

    Outputs are outside, and so are cells that were added and are still empty.
    """
    return _shown_rows(left) == _shown_rows(right)


def is_unsaved_empty(cell: Mapping[str, JsonValue]) -> bool:
    """Whether a cell that PostHog does not have holds nothing yet: Lab adds one below each cell it runs."""
    return not str(cell["source"]).strip() and node_id_of(cell) is None


def unkept_parts(notebook: NotebookNode) -> tuple[str, ...]:
    """Name, for people, what a save to PostHog does not store."""
    tagged = sum(bool(cell["metadata"].get("tags")) for cell in notebook["cells"])
    attached = sum(bool(cell.get("attachments")) for cell in notebook["cells"])
    named = [
        (tagged, "cell with tags", "cells with tags"),
        (attached, "cell with attachments", "cells with attachments"),
    ]
    return tuple(f"{count} {one if count == 1 else many}" for count, one, many in named if count)


def _shown_rows(notebook: NotebookNode) -> list[object]:
    rows: list[object] = []
    for cell in notebook["cells"]:
        own = own_metadata(cell)
        if is_unsaved_empty(cell):
            continue
        names = [own.get("return_variable"), own.get("title")] if cell["cell_type"] == "code" else []
        rows.append([cell.get("id"), cell["cell_type"], with_lf(str(cell["source"])), own.get("node_id"), *names])
    return rows


def _cells_of(stored: StoredDocument) -> list[ShownCell]:
    if stored.shape == MARKDOWN:
        return markdown_cells(stored.text)
    return rich_cells(stored.nodes) if stored.shape == RICH else []


def _notebook_cell(shown: ShownCell, cell_id: str) -> JsonObject:
    own: JsonObject = {name: value for name, value in shown.metadata.items() if name != "format"}
    if shown.node_id is not None:
        own["node_id"] = shown.node_id
    if shown.origin:
        own["node_type" if shown.origin.startswith("ph-") else "tag"] = shown.origin
    metadata: JsonObject = {"posthog": own}
    if "format" in shown.metadata:
        metadata["format"] = shown.metadata["format"]
    if shown.has_hidden_outputs:
        metadata["jupyter"] = {"outputs_hidden": True}
    cell: JsonObject = {"cell_type": shown.cell_type, "id": cell_id, "metadata": metadata, "source": shown.source}
    if shown.cell_type == "code":
        counts = [output.get("execution_count") for output in shown.outputs]
        cell["outputs"] = list(shown.outputs)
        cell["execution_count"] = next((count for count in counts if count is not None), None)
    return cell


def _ledger_cell(shown: ShownCell, cell: JsonObject) -> LedgerCell:
    return LedgerCell(
        cell_id=str(cell["id"]),
        node_id=shown.node_id,
        cell_type=shown.cell_type,
        start=shown.start,
        end=shown.end,
        shown_start=shown.shown_start,
        shown_end=shown.shown_end,
        origin=shown.origin,
        seen=seen_digest(cell),
    )


def _notebook_metadata(ledger: Ledger, identity: NotebookIdentity | None) -> JsonObject:
    base: JsonObject = {"segments": list(ledger.segment_digests)}
    own: JsonObject = {"shape": ledger.shape, "renderer": RENDERER, "base": base}
    if identity is None:
        return own
    base["version"] = identity.version
    return {"host": identity.host, "project_id": identity.project_id, "short_id": identity.short_id, **own}


def _placeholder() -> JsonObject:
    """Return the one empty cell of an empty notebook; it is not saved while it is empty."""
    cell_id = f"phm-{digest('')}"
    return {"cell_type": "markdown", "id": cell_id, "metadata": {"posthog": {"placeholder": True}}, "source": ""}
