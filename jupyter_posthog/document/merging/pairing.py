"""Which piece of a newer sequence was which piece of the base: by node id, equal text, then place and likeness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, Protocol

from jupyter_posthog.document.alignment import aligned
from jupyter_posthog.document.white_space import with_lf

#: The kind of a piece of which nothing is known but that it was there.
UNKNOWN = ""
_ALIKE = 0.5
_MOST_COMPARED = 40  # pieces of one gap; beyond, only place counts
_LONGEST_COMPARED = 4_000


class Piece(Protocol):
    """What can be paired."""

    @property
    def key(self) -> str:
        """Equal for equal pieces."""

    @property
    def text(self) -> str:
        """What likeness is measured by; empty where it is not known."""

    @property
    def kind(self) -> str:
        """Pieces of different kinds never belong together."""

    @property
    def node_id(self) -> str | None:
        """PostHog's identity of it."""


class CellPiece(NamedTuple):
    """A cell, as far as finding it again needs it."""

    key: str
    kind: str
    text: str
    node_id: str | None


def cell_piece(cell_type: str, source: str, node_id: str | None) -> CellPiece:
    """Return a cell to be paired: cells of one type and text are equal, whatever their line ends."""
    text = with_lf(source)
    return CellPiece(key=f"{cell_type}\n{text}", kind=cell_type, text=text, node_id=node_id)


def pair(base: Sequence[Piece], other: Sequence[Piece]) -> list[int | None]:
    """Return for each piece of the other sequence its position in the base; None for a new one; none twice."""
    origins: list[int | None] = [None] * len(other)
    _by_node_id(base, other, origins)
    _by_equal_text(base, other, origins)
    _by_place(base, other, origins)
    return origins


def _by_node_id(base: Sequence[Piece], other: Sequence[Piece], origins: list[int | None]) -> None:
    base_counts = Counter(piece.node_id for piece in base if piece.node_id)
    other_counts = Counter(piece.node_id for piece in other if piece.node_id)
    position_of = {
        piece.node_id: number for number, piece in enumerate(base) if piece.node_id and base_counts[piece.node_id] == 1
    }
    for number, piece in enumerate(other):
        if piece.node_id and other_counts[piece.node_id] == 1:
            origins[number] = position_of.get(piece.node_id)


def _by_equal_text(base: Sequence[Piece], other: Sequence[Piece], origins: list[int | None]) -> None:
    taken = {number for number in origins if number is not None}
    free_base = [number for number in range(len(base)) if number not in taken]
    free_other = [number for number, origin in enumerate(origins) if origin is None]
    pairs = aligned([base[number].key for number in free_base], [other[number].key for number in free_other])
    for left, right in pairs:
        origins[free_other[right]] = free_base[left]
    # What is left and stands once on each side was moved.
    left_base = set(free_base) - {free_base[left] for left, _ in pairs}
    base_counts = Counter(base[number].key for number in left_base)
    left_other = [number for number in free_other if origins[number] is None]
    other_counts = Counter(other[number].key for number in left_other)
    position_of = {base[number].key: number for number in left_base if base_counts[base[number].key] == 1}
    for number in left_other:
        if other_counts[other[number].key] == 1:
            origins[number] = position_of.get(other[number].key)


def _by_place(base: Sequence[Piece], other: Sequence[Piece], origins: list[int | None]) -> None:
    """Pair what was edited: in a gap between two neighbours that are known, the same kinds in the same order."""
    taken = {number for number in origins if number is not None}
    number = 0
    while number < len(other):
        if origins[number] is not None:
            number += 1
            continue
        end = number
        while end < len(other) and origins[end] is None:
            end += 1
        gap = _gap(origins, number, end, taken, len(base))
        for position, found in _pairs_of_gap(base, other, gap, range(number, end)):
            origins[position] = found
            taken.add(found)
        number = end


def _gap(origins: Sequence[int | None], start: int, end: int, taken: set[int], count: int) -> list[int]:
    """Return the free positions of the base that stand between the neighbours, behind the first or before the last."""
    before = origins[start - 1] if start else -1
    after = origins[end] if end < len(origins) else count
    found: list[int] = []
    if before is not None:
        position = before + 1
        while position < count and position not in taken:
            found.append(position)
            position += 1
    if not found and after is not None:
        position = after - 1
        while position >= 0 and position not in taken:
            found.insert(0, position)
            position -= 1
    return found


def _pairs_of_gap(
    base: Sequence[Piece], other: Sequence[Piece], gap: Sequence[int], places: Sequence[int]
) -> list[tuple[int, int]]:
    free = [number for number in gap if base[number].node_id is None]
    knows_all = all(base[number].kind != UNKNOWN for number in free)
    open_places = [place for place in places if other[place].node_id is None or not knows_all]
    if len(free) == len(open_places) and all(
        base[number].kind in {other[place].kind, UNKNOWN} for number, place in zip(free, open_places, strict=True)
    ):
        return list(zip(open_places, free, strict=True))
    pairs = []
    first = 0
    for place in open_places:
        for step, number in enumerate(free[first : first + _MOST_COMPARED]):
            if base[number].kind == other[place].kind and _are_alike(base[number].text, other[place].text):
                pairs.append((place, number))
                first += step + 1
                break
    return pairs or _only_ones_of_their_kind(base, other, free, open_places)


def _only_ones_of_their_kind(
    base: Sequence[Piece], other: Sequence[Piece], free: Sequence[int], places: Sequence[int]
) -> list[tuple[int, int]]:
    """Pair what was rewritten from scratch: the one heading of a gap is still its heading."""
    base_kinds = Counter(base[number].kind for number in free)
    other_kinds = Counter(other[place].kind for place in places)
    number_of = {base[number].kind: number for number in free if base_kinds[base[number].kind] == 1}
    pairs: list[tuple[int, int]] = []
    for place in places:
        kind = other[place].kind
        number = number_of.get(kind) if kind != UNKNOWN and other_kinds[kind] == 1 else None
        if number is not None and (not pairs or number > pairs[-1][1]):
            pairs.append((place, number))
    return pairs


def _are_alike(left: str, right: str) -> bool:
    left, right = left[:_LONGEST_COMPARED], right[:_LONGEST_COMPARED]
    if not left or not right:
        return False
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and (len(left) + len(right) > _LONGEST_COMPARED or matcher.ratio() >= _ALIKE)
