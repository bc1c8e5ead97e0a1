"""Whether a newer document takes back what a save brought: the mark of a tab that never saw it (design.md §6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from jupyter_posthog.document.merging.pairing import pair
from jupyter_posthog.document.merging.segments import Segment, segments_of
from jupyter_posthog.document.shapes import EMPTY, read_stored
from jupyter_posthog.document.values import JsonValue


def count_reverted(before: JsonValue, ours: JsonValue, now: JsonValue) -> int:
    """Return how many blocks that a save changed stand again as they stood before it, or are gone if it added them.

    Args:
        before: The document that the save was made on; ``ours`` what it stored, ``now`` what PostHog holds.
    """
    stored = [read_stored(document) for document in (before, ours, now)]
    if len({document.shape for document in stored} - {EMPTY}) > 1:
        return 0
    of_before, of_ours, of_now = (segments_of(document) for document in stored)
    changed = _changed(of_before, of_ours)
    back = _changed(of_before, of_now)
    kept = Counter(segment.essence for segment in of_now)
    added = [segment for segment, origin in zip(of_ours, pair(of_before, of_ours), strict=True) if origin is None]
    gone = sum(not kept[segment.essence] for segment in added)
    return len(changed - back) + gone


def _changed(before: Sequence[Segment], after: Sequence[Segment]) -> set[int]:
    """Return the numbers of the blocks that were edited or removed."""
    origins = pair(before, after)
    same = {
        origin
        for segment, origin in zip(after, origins, strict=True)
        if origin is not None and segment.essence == before[origin].essence
    }
    return set(range(len(before))) - same
