"""What a notebook holds that PostHog does not keep, cell by cell, said before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document.ledger import Ledger
from jupyter_posthog.document.matching import match_cells
from jupyter_posthog.document.notebook_reading import read_cells
from jupyter_posthog.document.values import JsonValue, canonical

if TYPE_CHECKING:
    from nbformat import NotebookNode

Cell = Mapping[str, JsonValue]
# What Jupyter itself puts there, or this package.
_OWN_METADATA = frozenset({"posthog", "format", "raw_mimetype", "jupyter", "collapsed", "trusted", "execution", "tags"})
_LAB_METADATA = frozenset({"outputs_hidden", "source_hidden"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryNote:
    """One thing that is not carried.

    Attributes:
        cell_number: Counts from 1; None where it is said of the whole notebook.
        what: A short phrase, such as ``tags a, b``.
    """

    cell_number: int | None
    what: str

    def __str__(self) -> str:
        where = "notebook" if self.cell_number is None else f"cell {self.cell_number}"
        return f"{where}: {self.what}"


def unkept_parts(notebook: NotebookNode, ledger: Ledger | None) -> tuple[CarryNote, ...]:
    """Name what a save to PostHog does not store: other tools' metadata, attachments, outputs that it does not hold.

    Args:
        ledger: What PostHog holds; None for a notebook that it does not have.
    """
    cells: Sequence[Cell] = list(notebook["cells"])
    stored = _stored_outputs(ledger)
    matched = match_cells(cells, ledger)
    notes: list[CarryNote] = []
    for number, (cell, match) in enumerate(zip(cells, matched, strict=True), start=1):
        phrases = [*metadata_phrases(cell), *attachment_phrases(cell)]
        if cell.get("outputs") and (match is None or stored.get(match) != _essence(cell.get("outputs"))):
            phrases.append("outputs that PostHog does not hold")
        notes += [CarryNote(cell_number=number, what=phrase) for phrase in phrases]
    return tuple(notes)


def metadata_phrases(cell: Cell) -> list[str]:
    """Return what is not kept of a cell's metadata."""
    metadata = cell.get("metadata")
    if not isinstance(metadata, dict):
        return []
    phrases = []
    tags = metadata.get("tags")
    if isinstance(tags, list) and tags:
        phrases.append(f"tags {', '.join(map(str, tags))}")
    lab = metadata.get("jupyter")
    foreign = set(metadata) - _OWN_METADATA | (set(lab) - _LAB_METADATA if isinstance(lab, dict) else set())
    if foreign:
        phrases.append(f"metadata {', '.join(sorted(foreign))}")
    return phrases


def attachment_phrases(cell: Cell) -> list[str]:
    """Return what is not kept of a cell's attachments."""
    attachments = cell.get("attachments")
    return [f"attachments {', '.join(sorted(attachments))}"] if isinstance(attachments, dict) and attachments else []


def language_of_notebook(notebook: NotebookNode) -> str:
    """Return the language that a notebook's kernel speaks, in lower case; Python where it does not say."""
    metadata = notebook["metadata"]
    info, kernel = (
        value if isinstance(value, Mapping) else {}
        for value in (metadata.get("language_info"), metadata.get("kernelspec"))
    )
    return str(info.get("name") or kernel.get("language") or "python").lower()


def _stored_outputs(ledger: Ledger | None) -> dict[int, str]:
    if ledger is None:
        return {}
    cells, _ = read_cells(ledger.stored.document)
    return {number: _essence(cell.get("outputs")) for number, cell in enumerate(cells)}


def _essence(outputs: JsonValue) -> str:
    """Return outputs as text in which nothing matters that a client may change by opening and saving."""
    kept: list[JsonValue] = []
    for output in outputs if isinstance(outputs, list) else []:
        if isinstance(output, Mapping):
            data = output.get("data")
            bundle = {name: _joined(value) for name, value in data.items()} if isinstance(data, Mapping) else None
            kept.append([output.get("output_type"), bundle, _joined(output.get("text")), output.get("evalue")])
    return canonical(kept)


def _joined(value: JsonValue) -> JsonValue:
    is_lines = isinstance(value, list) and all(isinstance(line, str) for line in value)
    return "".join(map(str, value)) if is_lines and isinstance(value, list) else value
