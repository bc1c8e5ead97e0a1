"""Merges three sequences: what two sides made of one base, told apart by the base's order (design.md §6).

Works on anything with a key, a kind and a node id: segments of documents, or cells of a file that knows only digests.
It never guesses: where both sides changed one piece differently, the caller gets a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from jupyter_posthog.document.alignment import rising
from jupyter_posthog.document.merging.pairing import Piece
from jupyter_posthog.document.values import digest

MINE, THEIRS = "mine", "theirs"
EDITED_BY_BOTH = "edited_by_both"
DELETED_HERE = "deleted_here"
DELETED_THERE = "deleted_there"
MOVED_BY_BOTH = "moved_by_both"
ADDED_BY_BOTH = "added_by_both"


class MergedPiece(Piece, Protocol):
    """What can be merged."""

    @property
    def essence(self) -> str:
        """The key without what a run left in it: a newer result stands in nobody's way."""


class Place(NamedTuple):
    """A piece of the outcome: which side it comes from, and where it stands there."""

    side: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """One piece that both sides changed differently; a number is None where that side does not have it.

    Attributes:
        clash_id: The same for the same three versions, so that an answer can be given later.
    """

    clash_id: str
    kind: str
    base: int | None
    mine: int | None
    theirs: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeWay:
    """The outcome; ``places`` holds theirs, where a clash has no answer yet.

    Attributes:
        taken: How many changes came from them.
        answered: By clash id, the piece that an answer chose; not where it chose that the piece is gone.
    """

    places: tuple[Place, ...]
    clashes: tuple[Clash, ...]
    taken: int
    answered: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its pieces, and which piece of the base each one was."""

    pieces: Sequence[MergedPiece]
    origins: Sequence[int | None]

    def place_of(self) -> dict[int, int]:
        """Return for each piece of the base that is still there its place."""
        return {origin: place for place, origin in enumerate(self.origins) if origin is not None}


def merge_sequences(
    base: Sequence[MergedPiece], mine: Side, theirs: Side, answers: Mapping[str, str] | None = None
) -> ThreeWay:
    """Merge.

    Args:
        answers: ``mine`` or ``theirs`` by clash id.
    """
    return _Merger(base, mine, theirs, answers or {}).merged()


class _Merger:
    def __init__(self, base: Sequence[MergedPiece], mine: Side, theirs: Side, answers: Mapping[str, str]) -> None:
        self._base, self._mine, self._theirs, self._answers = base, mine, theirs, answers
        self._mine_at, self._theirs_at = mine.place_of(), theirs.place_of()
        self._clashes: list[Clash] = []
        self._answered: dict[str, Place] = {}
        self._taken = 0

    def merged(self) -> ThreeWay:
        kept = {number: place for number in range(len(self._base)) if (place := self._content(number)) is not None}
        order = self._order(list(kept))
        places = self._with_insertions(order, kept)
        open_clashes = tuple(clash for clash in self._clashes if clash.clash_id not in self._answers)
        return ThreeWay(places=tuple(places), clashes=open_clashes, taken=self._taken, answered=self._answered)

    def _content(self, number: int) -> Place | None:
        """Return which side's version of one piece stays; None where it is gone."""
        mine, theirs = self._mine_at.get(number), self._theirs_at.get(number)
        key = self._base[number].key
        has_mine_changed = mine is None or self._mine.pieces[mine].key != key
        has_theirs_changed = theirs is None or self._theirs.pieces[theirs].key != key
        self._taken += has_theirs_changed
        if not has_mine_changed:
            return None if theirs is None else Place(THEIRS, theirs)
        if not has_theirs_changed or self._is_same(mine, theirs):
            return None if mine is None else Place(MINE, mine)
        if not self._is_more_than_a_result(number, self._mine, mine):
            return None if theirs is None else Place(THEIRS, theirs)
        if not self._is_more_than_a_result(number, self._theirs, theirs):
            return None if mine is None else Place(MINE, mine)
        kind = DELETED_HERE if mine is None else DELETED_THERE if theirs is None else EDITED_BY_BOTH
        return self._clash(kind, number, mine, theirs)

    def _is_more_than_a_result(self, number: int, side: Side, place: int | None) -> bool:
        return place is None or side.pieces[place].essence != self._base[number].essence

    def _is_same(self, mine: int | None, theirs: int | None) -> bool:
        if mine is None or theirs is None:
            return mine is theirs
        return self._mine.pieces[mine].key == self._theirs.pieces[theirs].key

    def _clash(self, kind: str, number: int | None, mine: int | None, theirs: int | None) -> Place | None:
        keys = [
            None if number is None else self._base[number].key,
            None if mine is None else self._mine.pieces[mine].key,
            None if theirs is None else self._theirs.pieces[theirs].key,
        ]
        clash_id = digest([kind, number, *keys])
        self._clashes.append(Clash(clash_id=clash_id, kind=kind, base=number, mine=mine, theirs=theirs))
        is_mine = self._answers.get(clash_id) == MINE
        side, place = (MINE, mine) if is_mine else (THEIRS, theirs)
        if place is None:
            return None
        chosen = Place(side, place)
        if clash_id in self._answers:
            self._answered[clash_id] = chosen
        return chosen

    def _order(self, kept: list[int]) -> list[int]:
        """Return the kept pieces of the base in their new order."""
        of_mine, of_theirs = self._sorted_like(kept, self._mine_at), self._sorted_like(kept, self._theirs_at)
        if of_theirs == kept or of_mine == of_theirs:
            return of_mine
        if of_mine == kept:
            self._taken += 1
            return of_theirs
        moved_here, moved_there = _moved(of_mine), _moved(of_theirs)
        self._taken += 1
        for number in sorted(moved_here & moved_there):
            self._clash(MOVED_BY_BOTH, number, self._mine_at.get(number), self._theirs_at.get(number))
        order = [number for number in of_theirs if number not in moved_here - moved_there]
        for number in (number for number in of_mine if number in moved_here - moved_there):
            before = of_mine[: of_mine.index(number)]
            place = next((order.index(other) + 1 for other in reversed(before) if other in order), 0)
            order.insert(place, number)
        return order

    def _sorted_like(self, kept: list[int], place_of: Mapping[int, int]) -> list[int]:
        """Sort by one side's order; a piece that this side deleted stays behind the one before it in the base."""
        found: list[int] = sorted(
            (number for number in kept if number in place_of), key=lambda number: place_of[number]
        )
        if len(found) == len(kept):
            return found
        for number in (number for number in kept if number not in place_of):
            before = next((other for other in range(number - 1, -1, -1) if other in found), None)
            found.insert(0 if before is None else found.index(before) + 1, number)
        return found

    def _with_insertions(self, order: Sequence[int], kept: Mapping[int, Place]) -> list[Place]:
        """Put each side's new pieces behind the piece they follow there; at one place theirs stand first."""
        theirs, mine = self._insertions(self._theirs, THEIRS, kept), self._insertions(self._mine, MINE, kept)
        chosen = self._added_by_both(theirs, mine)
        places: list[Place] = []
        for number in (-1, *order):
            if number >= 0:
                places.append(kept[number])
            there, here = theirs.get(number, []), mine.get(number, [])
            self._taken += len(there)
            keys = {self._theirs.pieces[place.number].key for place in there}
            rest = self._rest_of_split(number, here)
            own = [place for place in here if place not in chosen and self._mine.pieces[place.number].key not in keys]
            places += [place for place in own if place in here[:rest]]
            places += [chosen.get(place, place) for place in there]
            places += [place for place in own if place not in here[:rest]]
        return places

    def _rest_of_split(self, number: int, here: Sequence[Place]) -> int:
        """Return how many of my new pieces are the rest of one that I split: they stay behind its beginning."""
        whole = self._base[number].text if number >= 0 else ""
        texts = [self._mine.pieces[place.number].text for place in here]
        return next((place for place, text in enumerate(texts) if not text or text not in whole), len(texts))

    def _added_by_both(self, theirs: Mapping[int, list[Place]], mine: Mapping[int, list[Place]]) -> dict[Place, Place]:
        """Choose between two new pieces of one node id; an answer that got lost on its way leaves such a pair."""
        node_ids = {self._theirs.pieces[place.number].node_id: place for places in theirs.values() for place in places}
        chosen: dict[Place, Place] = {}
        for place in (place for places in mine.values() for place in places):
            node_id = self._mine.pieces[place.number].node_id
            other = node_ids.get(node_id) if node_id else None
            if other is None:
                continue
            is_same = self._mine.pieces[place.number].key == self._theirs.pieces[other.number].key
            kept = other if is_same else self._clash(ADDED_BY_BOTH, None, place.number, other.number) or other
            chosen[place] = chosen[other] = kept
        return chosen

    def _insertions(self, side: Side, name: str, kept: Mapping[int, Place]) -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = {}
        before = -1
        for place, origin in enumerate(side.origins):
            if origin is None:
                found.setdefault(before, []).append(Place(name, place))
            elif origin in kept:
                before = origin
        return found


def _moved(order: Sequence[int]) -> set[int]:
    """Return the pieces that do not stand in the base's order: the fewest that explain it."""
    return set(order) - {order[position] for position in rising(order)}
