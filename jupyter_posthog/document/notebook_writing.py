"""Notebooks as documents: only what differs from what was shown is written anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document.cell_ids import with_valid_ids
from jupyter_posthog.document.changes import CellChange, find_changes, is_unsaved_empty
from jupyter_posthog.document.code_cells import own_metadata
from jupyter_posthog.document.ledger import Ledger
from jupyter_posthog.document.markdown.writing import write_markdown
from jupyter_posthog.document.matching import match_cells
from jupyter_posthog.document.notebook_reading import read_cells
from jupyter_posthog.document.outputs.fresh_results import CLEARED, NOTHING_FRESH, FreshResult
from jupyter_posthog.document.rich.writing import write_rich
from jupyter_posthog.document.shapes import EMPTY, MARKDOWN, RICH, StoredDocument, wrap_markdown
from jupyter_posthog.document.values import JsonValue, canonical
from jupyter_posthog.document.white_space import with_lf
from jupyter_posthog.errors import CellNotWritableError

if TYPE_CHECKING:
    from nbformat import NotebookNode


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


def write_document(
    notebook: NotebookNode,
    ledger: Ledger | None,
    *,
    fresh: Mapping[str, FreshResult] = NOTHING_FRESH,
    empty_shape: str = MARKDOWN,
) -> WrittenDocument:
    """Turn cells back into a document, writing anew only what differs from what the ledger says was shown.

    Args:
        fresh: Results of runs by cell id; they replace the stored results of these cells.
        empty_shape: What becomes of a notebook whose stored value says nothing of its shape, such as null.

    Raises:
        CellNotWritableError: PostHog's format cannot hold one cell; nothing is written.
    """
    every_cell = with_valid_ids(list(notebook["cells"]))
    matched_all = match_cells(every_cell, ledger)
    every_cell = _with_stripped_metadata(every_cell, matched_all, ledger)
    kept = [
        (number, cell, match)
        for number, (cell, match) in enumerate(zip(every_cell, matched_all, strict=True), start=1)
        if match is not None or not is_unsaved_empty(cell)
    ]
    results = _with_cleared(every_cell, fresh)
    changes = tuple(find_changes(kept, ledger, results))
    if ledger is not None and not changes:
        return WrittenDocument(document=ledger.stored.document, text_content=None, changes=(), is_changed=False)
    shape = _shape(notebook, ledger, empty_shape)
    try:
        document, text = _written(kept, ledger, shape == RICH, results)
    except CellNotWritableError as error:
        number = kept[error.cell_number - 1][0]
        raise CellNotWritableError(cell_number=number, cell_id=error.cell_id, problem=error.problem) from error
    is_changed = ledger is None or not _says_the_same(document, text, ledger.stored)
    return WrittenDocument(document=document, text_content=text, changes=changes, is_changed=is_changed)


def _with_stripped_metadata(
    cells: list[Mapping[str, JsonValue]], matched: Sequence[int | None], ledger: Ledger | None
) -> list[Mapping[str, JsonValue]]:
    """Give code cells back what a tool that strips metadata took: frame names and titles would be read as removed."""
    stripped = [
        place
        for place, (cell, number) in enumerate(zip(cells, matched, strict=True))
        if number is not None and cell["cell_type"] == "code" and not own_metadata(cell)
    ]
    if ledger is None or not stripped:
        return cells
    stored, _ = read_cells(ledger.stored.document)
    whole = list(cells)
    for place in stripped:
        cell, known = cells[place], stored[matched[place] or 0]
        is_same = cell.get("id") == known["id"] or with_lf(str(cell["source"])) == with_lf(str(known["source"]))
        if is_same and known["cell_type"] == "code":
            whole[place] = {**cell, "metadata": {**_object(cell.get("metadata")), "posthog": {**own_metadata(known)}}}
    return whole


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _shape(notebook: NotebookNode, ledger: Ledger | None, empty_shape: str) -> JsonValue:
    if ledger is None:
        return own_metadata(notebook).get("shape")
    if ledger.shape != EMPTY:
        return ledger.shape
    # A rich document without nodes is one still; Markdown notebooks are never stored so (1.2).
    return RICH if isinstance(ledger.stored.inner, (dict, list)) else empty_shape


def _says_the_same(document: JsonValue, text: str | None, stored: StoredDocument) -> bool:
    if text is not None and stored.shape == MARKDOWN:
        return text == stored.text
    return canonical(document) == canonical(stored.document)


def _written(
    kept: list[tuple[int, Mapping[str, JsonValue], int | None]],
    ledger: Ledger | None,
    is_rich: bool,
    results: Mapping[str, FreshResult],
) -> tuple[JsonValue, str | None]:
    cells, matched = [cell for _, cell, _ in kept], [match for _, _, match in kept]
    if is_rich:
        nodes = write_rich(cells, matched, ledger, results)
        return (ledger.stored.with_nodes(nodes) if ledger is not None else {"type": "doc", "content": nodes}), None
    base = ledger if ledger is not None and ledger.shape == MARKDOWN else None
    text = write_markdown(cells, matched, base, results)
    return (base.stored.with_text(text) if base is not None else wrap_markdown(text)), text


def _with_cleared(cells: Sequence[Mapping[str, JsonValue]], fresh: Mapping[str, FreshResult]) -> dict[str, FreshResult]:
    """Add the cells whose output a person cleared; the page says so, for a cell that just runs has none either."""
    cleared = {
        str(cell["id"]): CLEARED
        for cell in cells
        if cell["cell_type"] == "code" and own_metadata(cell).get("cleared") is True and not cell.get("outputs")
    }
    return {**cleared, **fresh}
