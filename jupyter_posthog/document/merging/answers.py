"""A merge whose conflicts were answered: by one side, or by a text of the person's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jupyter_posthog.document.merging.block_texts import with_block_text
from jupyter_posthog.document.merging.documents import MergedDocument, merge
from jupyter_posthog.document.merging.three_way import MINE, THEIRS
from jupyter_posthog.document.shapes import MARKDOWN, read_stored
from jupyter_posthog.document.values import JsonValue


@dataclass(frozen=True, slots=True)
class OwnText:
    """An answer that is neither side: what the block's cell shall show."""

    text: str


#: ``mine``, ``theirs``, or a text of one's own.
Answer = str | OwnText


def merge_answered(
    base: JsonValue, mine: JsonValue, theirs: JsonValue, answers: Mapping[str, Answer]
) -> MergedDocument:
    """Merge as ``merge`` does, with answers that may be texts.

    Raises:
        DocumentTooDeepError: One of them is nested deeper than 500 levels.
        CellNotWritableError: PostHog's format cannot hold an answer.
    """
    texts = {conflict_id: answer.text for conflict_id, answer in answers.items() if isinstance(answer, OwnText)}
    sides = {conflict_id: answer for conflict_id, answer in answers.items() if isinstance(answer, str)}
    if texts:
        has_mine = {
            conflict.conflict_id for conflict in merge(base, mine, theirs).conflicts if conflict.mine is not None
        }
        sides |= {conflict_id: MINE if conflict_id in has_mine else THEIRS for conflict_id in texts}
    merged = merge(base, mine, theirs, answers=sides)
    if not merged.is_merged:
        return merged
    document = merged.document
    numbers = {conflict_id: merged.answered[conflict_id] for conflict_id in texts if conflict_id in merged.answered}
    for conflict_id in sorted(numbers, key=lambda each: numbers[each], reverse=True):
        document = with_block_text(document, numbers[conflict_id], texts[conflict_id])
    stored = read_stored(document)
    return replace(merged, document=document, text=stored.text if stored.shape == MARKDOWN else None)
