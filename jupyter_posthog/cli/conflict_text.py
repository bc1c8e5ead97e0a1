"""A conflict as a terminal shows it: each block as a diff between what PostHog holds and what the file has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from typing import Any

_WORDS = {
    "edited_by_both": "changed here and there",
    "deleted_here": "deleted here, changed there",
    "deleted_there": "changed here, deleted there",
    "moved_by_both": "moved here and there",
    "added_by_both": "added here and there",
    "shape_changed": "PostHog turned the notebook into another format meanwhile; it cannot be merged",
    "unreadable": "put together, the blocks would read as other blocks; it cannot be merged",
}


def conflict_lines(conflict: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines for a person: who, which blocks, and what to do."""
    blocks = conflict["blocks"]
    who = conflict["editor"] or "Somebody else"
    yield f"{who} changed this notebook after you pulled it. Nothing was saved; your edits are kept here."
    for number, block in enumerate(blocks, start=1):
        yield ""
        yield f"Block {number} of {len(blocks)}: {_WORDS.get(block['kind'], block['kind'])}"
        yield from _diff(block)
    yield ""
    others = conflict["merged"] - len(blocks)  # each block that needs a person is a change of theirs too
    if others > 0:
        yield f"{others} other changes would merge by themselves." if others > 1 else "One other change would merge."
    yield "Choose --merge (yours in these blocks), --copy (yours as a new notebook) or --theirs."


def _diff(block: Mapping[str, Any]) -> Iterator[str]:
    theirs, mine = (str(block[side] or "").splitlines() for side in ("theirs", "mine"))
    yield from unified_diff(theirs, mine, "in PostHog", "in the file", lineterm="", n=2)
