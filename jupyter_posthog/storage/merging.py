"""What becomes of edits where PostHog holds another version than they were made on (design.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document import (
    Answer,
    Conflict,
    JsonValue,
    Ledger,
    OwnText,
    WrittenDocument,
    merge_answered,
    merge_file,
    shape_of,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["NO_ANSWERS", "Answers", "Combined", "OwnText", "combine", "combine_by_cell"]

Answers = Mapping[str, Answer]
NO_ANSWERS: Answers = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """Edits and what PostHog holds now, put together.

    Attributes:
        document: What to store; meaningless while there are conflicts.
        text_content: PostHog's search text; None where its own may stay.
        taken: How many changes of others it has.
        conflicts: Blocks that need a person.
        is_by_cell: Whether nothing but digests was known of the base, so that a conflict's sides are whole cells.
        is_of_other_renderer: Whether another version of this package made the file.
    """

    document: JsonValue
    text_content: str | None
    taken: int
    conflicts: tuple[Conflict, ...]
    shape: str
    is_by_cell: bool = False
    is_of_other_renderer: bool = False


def combine(ledger: Ledger, written: WrittenDocument, theirs: JsonValue, answers: Answers) -> Combined:
    """Merge edits of a version that is known here.

    Raises:
        CellNotWritableError: PostHog's format cannot hold an answer.
    """
    merged = merge_answered(ledger.stored.document, written.document, theirs, answers)
    return Combined(
        document=merged.document,
        text_content=merged.text,
        taken=merged.taken,
        conflicts=merged.conflicts,
        shape=shape_of(merged.document if merged.is_merged else theirs),
    )


def combine_by_cell(notebook: NotebookNode, theirs: JsonValue, answers: Answers) -> Combined:
    """Merge the cells of a file whose base is not known here, by the digests that it carries.

    Raises:
        CellNotWritableError: PostHog's format cannot hold one cell.
    """
    sides = {conflict_id: answer for conflict_id, answer in answers.items() if not isinstance(answer, OwnText)}
    merged = merge_file(notebook, theirs, answers=sides)
    written = merged.written
    return Combined(
        document=theirs if written is None else written.document,
        text_content=None if written is None else written.text_content,
        taken=merged.taken,
        conflicts=merged.conflicts,
        shape=shape_of(theirs),
        is_by_cell=True,
        is_of_other_renderer=merged.is_of_other_renderer,
    )
