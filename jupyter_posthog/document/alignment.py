"""Which items of two sequences belong together: the longest runs of equal ones, in nearly linear time."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

Pair = tuple[int, int]
_SMALL = 4_096  # positions compared with each other, where nothing is unique


def aligned(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Return the positions of equal items, rising on both sides.

    Items that stand once on each side lead (as in a patience diff); between two of them the beginnings and ends that
    are equal join in.
    """
    pairs: list[Pair] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        old_start, old_end, new_start, new_end = waiting.pop()
        while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
            pairs.append((old_start, new_start))
            old_start, new_start = old_start + 1, new_start + 1
        while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
            old_end, new_end = old_end - 1, new_end - 1
            pairs.append((old_end, new_end))
        if old_start == old_end or new_start == new_end:
            continue
        leading = _unique(old, new, (old_start, old_end, new_start, new_end))
        if leading:
            pairs += leading
            borders = [(old_start - 1, new_start - 1), *leading, (old_end, new_end)]
            waiting += [(left[0] + 1, right[0], left[1] + 1, right[1]) for left, right in pairwise(borders)]
        elif (old_end - old_start) * (new_end - new_start) <= _SMALL:
            pairs += _longest(old[old_start:old_end], new[new_start:new_end], old_start, new_start)
    return sorted(pairs)


def rising(numbers: Sequence[int]) -> list[int]:
    """Return the positions of a longest strictly rising subsequence."""
    tails: list[int] = []
    tail_positions: list[int] = []
    before: list[int] = []
    for position, number in enumerate(numbers):
        place = bisect.bisect_left(tails, number)
        before.append(tail_positions[place - 1] if place else -1)
        if place == len(tails):
            tails.append(number)
            tail_positions.append(position)
        else:
            tails[place], tail_positions[place] = number, position
    found: list[int] = []
    position = tail_positions[-1] if tail_positions else -1
    while position >= 0:
        found.append(position)
        position = before[position]
    return found[::-1]


def _unique(old: Sequence[Hashable], new: Sequence[Hashable], place: tuple[int, int, int, int]) -> list[Pair]:
    old_start, old_end, new_start, new_end = place
    old_counts, new_counts = Counter(old[old_start:old_end]), Counter(new[new_start:new_end])
    position_in_new = {new[number]: number for number in range(new_start, new_end) if new_counts[new[number]] == 1}
    candidates = [
        (number, position_in_new[old[number]])
        for number in range(old_start, old_end)
        if old_counts[old[number]] == 1 and old[number] in position_in_new
    ]
    return [candidates[position] for position in rising([number for _, number in candidates])]


def _longest(old: Sequence[Hashable], new: Sequence[Hashable], old_start: int, new_start: int) -> list[Pair]:
    found = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(old_start + match.a + step, new_start + match.b + step) for match in found for step in range(match.size)]
