"""New PostHog documents from any .ipynb, with a list of what cannot be carried (posthog-document.md 4.5, 5.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document.carrying import (
    CarryNote,
    attachment_phrases,
    language_of_notebook,
    metadata_phrases,
)
from jupyter_posthog.document.cell_ids import with_valid_ids
from jupyter_posthog.document.markdown.blocks import parse_blocks
from jupyter_posthog.document.notebook_writing import write_document
from jupyter_posthog.document.outputs.fresh_results import FreshResult
from jupyter_posthog.document.outputs.rendered_outputs import envelope_of_outputs
from jupyter_posthog.document.shapes import MARKDOWN
from jupyter_posthog.document.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: PostHog refuses a notebook that grows beyond this many runnable cells (posthog-api.md 6.5).
MOST_RUNNABLE_CELLS = 50
_ATTACHED = re.compile(r"\((?:<)?attachment:([^)>\s]+)>?\)")
_IMAGE_LINE = re.compile(r"\s*!\[[^\]]*\]\([^)]*\)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document that PostHog does not have yet, and what it leaves out."""

    document: JsonValue
    text_content: str | None
    notes: tuple[CarryNote, ...]


def new_document(notebook: NotebookNode, *, shape: str = MARKDOWN) -> NewDocument:
    """Turn the cells of any notebook into a new document with identities of its own.

    Args:
        shape: ``markdown`` or ``rich``: what the server gives to an empty notebook.

    Raises:
        CellNotWritableError: PostHog's format cannot hold one cell.
    """
    from nbformat import from_dict

    notes: list[CarryNote] = []
    cells: list[JsonObject] = []
    fresh: dict[str, FreshResult] = {}
    for number, cell in enumerate(with_valid_ids(list(notebook["cells"])), start=1):
        carried = _Carried(number, cell)
        cells.append(carried.cell)
        notes += carried.notes
        if carried.result is not None:
            fresh[str(cell["id"])] = carried.result
    whole = from_dict({**notebook, "metadata": {"posthog": {"shape": shape}}, "cells": cells})
    written = write_document(whole, None, fresh=fresh)
    notes = [*_notes_on_the_whole(notebook), *notes]
    return NewDocument(document=written.document, text_content=written.text_content, notes=tuple(notes))


def _notes_on_the_whole(notebook: NotebookNode) -> list[CarryNote]:
    phrases = []
    language = language_of_notebook(notebook)
    if language not in {"python", "ipython"}:
        phrases.append(f"its cells are written in {language}; PostHog runs Python and SQL")
    runnable = sum(cell["cell_type"] == "code" and bool(str(cell["source"]).strip()) for cell in notebook["cells"])
    if runnable > MOST_RUNNABLE_CELLS:
        phrases.append(f"{runnable} code cells; PostHog takes at most {MOST_RUNNABLE_CELLS} in a new notebook")
    return [CarryNote(cell_number=None, what=phrase) for phrase in phrases]


class _Carried:
    """One cell on its way into a new document."""

    def __init__(self, number: int, cell: Mapping[str, JsonValue]) -> None:
        self._number = number
        self.notes: list[CarryNote] = []
        self.result: FreshResult | None = None
        self.cell: JsonObject = dict(cell)
        self._note(*metadata_phrases(cell))
        match cell["cell_type"]:
            case "markdown":
                self._carry_attachments()
            case "code":
                self._carry_outputs()
            case _:
                self._carry_raw()

    def _note(self, *phrases: str) -> None:
        self.notes += [CarryNote(cell_number=self._number, what=phrase) for phrase in phrases]

    def _carry_attachments(self) -> None:
        """Write attached images as data addresses; PostHog shows an image only on a line of its own (7.2 N20)."""
        attachments = self.cell.pop("attachments", None)
        if not isinstance(attachments, dict) or not attachments:
            return
        left = dict(attachments)
        lines = []
        for line in str(self.cell["source"]).split("\n"):
            if _ATTACHED.search(line) and not _IMAGE_LINE.fullmatch(line):
                self._note("an attached image inside a line, which PostHog shows only on a line of its own")
            lines.append(_ATTACHED.sub(lambda found: _data_address(attachments, left, found), line))
        self.cell["source"] = "\n".join(lines)
        self._note(*attachment_phrases({"attachments": left}))

    def _carry_outputs(self) -> None:
        self._note(*attachment_phrases(self.cell))
        outputs = self.cell.get("outputs")
        if not isinstance(outputs, list) or not outputs:
            return
        envelope, lost = envelope_of_outputs(outputs)
        if envelope:
            self.result = FreshResult(run_id=None, status="done", envelope=envelope)
        self._note(*lost)

    def _carry_raw(self) -> None:
        source = str(self.cell["source"])
        blocks = parse_blocks(source.strip())
        if [block.kind for block in blocks] == ["tag"]:
            return
        self._note("a raw cell, kept as a block of code")
        longest = max((len(run) for run in re.findall(r"`+", source)), default=0)
        fence = "`" * max(3, longest + 1)
        self.cell |= {"cell_type": "markdown", "source": f"{fence}\n{source}\n{fence}"}


def _data_address(attachments: JsonObject, left: JsonObject, found: re.Match[str]) -> str:
    bundle = attachments.get(found[1])
    images = bundle.items() if isinstance(bundle, dict) else []
    for mime_type, data in images:
        if mime_type.startswith("image/") and isinstance(data, str):
            left.pop(found[1], None)
            return f"(data:{mime_type};base64,{data.replace(chr(10), '')})"
    return found[0]
