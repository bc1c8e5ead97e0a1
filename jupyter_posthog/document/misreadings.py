"""What PostHog's browser and server read differently, however it is written (posthog-document.md 4.6, 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jupyter_posthog.document.carrying import CarryNote
from jupyter_posthog.document.markdown.block import Block
from jupyter_posthog.document.markdown.blocks import parse_blocks
from jupyter_posthog.document.markdown.tag_ends import TAG_START
from jupyter_posthog.document.white_space import Lines

if TYPE_CHECKING:
    from nbformat import NotebookNode

_FENCE = "```"


def misread_parts(notebook: NotebookNode) -> tuple[CarryNote, ...]:
    """Name the cells of prose in which PostHog's server finds a cell to run where its page shows none."""
    notes = []
    for number, cell in enumerate(notebook["cells"], start=1):
        source = str(cell["source"])
        if cell["cell_type"] == "markdown" and "<" in source and (_FENCE in source or "<!--" in source):
            blocks = parse_blocks(source)
            notes += [CarryNote(cell_number=number, what=what) for block in blocks if (what := _misread(source, block))]
    return tuple(notes)


def _misread(source: str, block: Block) -> str:
    lines = Lines(source[block.body_start : block.end]).trimmed
    if block.kind == "comment" and _has_tag(lines[1:]):
        return "a note with a component in it, which PostHog's server takes as a live one"
    if block.kind == "fence":
        inner = next((place for place, line in enumerate(lines[1:-1], start=1) if line.startswith(_FENCE)), None)
        if inner is not None and _has_tag(lines[inner + 1 : -1]):
            return "a block of code that PostHog's server ends at its inner ```, with a live component behind"
    return ""


def _has_tag(lines: Sequence[str]) -> bool:
    return any(TAG_START.match(line) for line in lines)
