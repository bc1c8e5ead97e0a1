"""Documents as notebooks: identity, cells, and the ledger that leads back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jupyter_posthog.document.kept_ids import CellIdentity, with_ids
from jupyter_posthog.document.ledger import RENDERER, Ledger, LedgerCell, seen_digest
from jupyter_posthog.document.markdown.reading import markdown_cells
from jupyter_posthog.document.notebook_nodes import MakeObject, made, node_maker
from jupyter_posthog.document.rich.reading import rich_cells
from jupyter_posthog.document.shapes import MARKDOWN, RICH, StoredDocument, read_stored
from jupyter_posthog.document.shown_cells import ShownCell
from jupyter_posthog.document.values import JsonObject, JsonValue, digest, text_digest

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


class _ReadCell(NamedTuple):
    """A cell, its row of the ledger, and the digest of its segments."""

    cell: JsonObject
    row: LedgerCell
    raw_digest: str


def read_document(
    document: JsonValue, *, identity: NotebookIdentity | None = None, kept_cells: Sequence[CellIdentity] = ()
) -> ReadDocument:
    """Turn a document into cells and a ledger.

    Args:
        kept_cells: The cells a page shows in order; their ids are used again, so that they survive a save.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    stored = read_stored(document)
    rows: list[LedgerCell] = []
    notebook = _notebook(stored, _each_cell(stored, kept_cells, node_maker()), identity, rows)
    return ReadDocument(notebook=notebook, ledger=Ledger(stored=stored, cells=tuple(rows)))


def read_notebook(document: JsonValue) -> NotebookNode:
    """Turn a document into cells alone.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    stored = read_stored(document)
    return _notebook(stored, _each_cell(stored, (), node_maker()), None)


def read_cells(document: JsonValue, kept_cells: Sequence[CellIdentity] = ()) -> tuple[list[JsonObject], Ledger]:
    """Turn a document into plain cells and a ledger; ``read_document`` makes a notebook of them.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    stored = read_stored(document)
    read = list(_each_cell(stored, kept_cells, dict))
    return [each.cell for each in read], Ledger(stored=stored, cells=tuple(each.row for each in read))


def read_ledger(document: JsonValue, kept_cells: Sequence[CellIdentity] = ()) -> Ledger:
    """Return what leads back from the cells of a document, without making them.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    stored = read_stored(document)
    rows = [_ledger_row(shown, cell_id) for shown, cell_id in with_ids(_cells_of(stored), kept_cells)]
    return Ledger(stored=stored, cells=tuple(rows))


def _each_cell(stored: StoredDocument, kept_cells: Sequence[CellIdentity], make: MakeObject) -> Iterator[_ReadCell]:
    """Yield each cell and its row of the ledger, one by one: a document has thousands of them."""
    for shown, cell_id in with_ids(_cells_of(stored), kept_cells):
        row = _ledger_row(shown, cell_id)
        raw = _raw_digest(stored, shown)
        yield _ReadCell(_notebook_cell(shown, cell_id, [raw, row.seen], make), row, raw)


def _ledger_row(shown: ShownCell, cell_id: str) -> LedgerCell:
    return LedgerCell(
        cell_id,
        shown.node_id,
        shown.cell_type,
        shown.start,
        shown.end,
        shown.shown_start,
        shown.shown_end,
        shown.origin,
        seen_digest(shown.cell_type, shown.source, shown.metadata),
    )


def _raw_digest(stored: StoredDocument, shown: ShownCell) -> str:
    if stored.shape == MARKDOWN:
        return digest(stored.text[shown.start : shown.end])
    if (shown.start, shown.end) == (shown.shown_start, shown.shown_end):
        return text_digest(shown.raw)
    return digest(list(stored.nodes[shown.start : shown.end]))


def _cells_of(stored: StoredDocument) -> Iterable[ShownCell]:
    if stored.shape == MARKDOWN:
        return markdown_cells(stored.text)
    return rich_cells(stored.nodes) if stored.shape == RICH else ()


def _notebook_cell(shown: ShownCell, cell_id: str, digests: list[JsonValue], make: MakeObject) -> JsonObject:
    own = {**shown.metadata, "digests": digests}
    metadata: JsonObject = {}
    if "format" in own:
        metadata["format"] = own.pop("format")
    if shown.node_id is not None:
        own["node_id"] = shown.node_id
    if shown.origin:
        own["node_type" if shown.origin.startswith("ph-") else "tag"] = shown.origin
    if shown.has_hidden_outputs:
        metadata["jupyter"] = make({"outputs_hidden": True})
    metadata["posthog"] = make(own)
    cell: JsonObject = {"cell_type": shown.cell_type, "id": cell_id, "metadata": make(metadata), "source": shown.source}
    if shown.cell_type == "code":
        counts = [output.get("execution_count") for output in shown.outputs]
        cell["outputs"] = [made(output, make) for output in shown.outputs]
        cell["execution_count"] = next((count for count in counts if count is not None), None)
    node: JsonObject = make(cell)
    return node


def _notebook(
    stored: StoredDocument,
    read: Iterable[_ReadCell],
    identity: NotebookIdentity | None,
    rows: list[LedgerCell] | None = None,
) -> NotebookNode:
    """Make a notebook of the cells; their rows of the ledger are put into the list, where there is one."""
    from nbformat import NotebookNode, from_dict

    cells: list[JsonObject] = []
    segments: list[JsonValue] = []
    for cell, row, raw_digest in read:
        cells.append(cell)
        segments.append(raw_digest)
        if rows is not None:
            rows.append(row)
    notebook = NotebookNode(nbformat=4, nbformat_minor=5)
    notebook["metadata"] = from_dict({**_METADATA, "posthog": _notebook_metadata(stored.shape, segments, identity)})
    dict.__setitem__(notebook, "cells", cells or [from_dict(_placeholder())])  # they are nodes already
    return notebook


def _notebook_metadata(shape: str, segments: list[JsonValue], identity: NotebookIdentity | None) -> JsonObject:
    base: JsonObject = {"segments": segments}
    own: JsonObject = {"shape": shape, "renderer": RENDERER, "base": base}
    if identity is None:
        return own
    base["version"] = identity.version
    return {"host": identity.host, "project_id": identity.project_id, "short_id": identity.short_id, **own}


def _placeholder() -> JsonObject:
    """Return the one empty cell of an empty notebook; it is not saved while it is empty."""
    cell_id = f"phm-{digest('')}"
    return {"cell_type": "markdown", "id": cell_id, "metadata": {"posthog": {"placeholder": True}}, "source": ""}
