"""Three-way merge of documents: the base, what a person made of it, and what PostHog holds now (design.md §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jupyter_posthog.document.markdown.prose import closing_fence
from jupyter_posthog.document.merging.pairing import pair
from jupyter_posthog.document.merging.segments import Segment, segments_of, tail_of
from jupyter_posthog.document.merging.three_way import MINE, THEIRS, Clash, Place, Side, ThreeWay, merge_sequences
from jupyter_posthog.document.shapes import EMPTY, MARKDOWN, StoredDocument, read_stored
from jupyter_posthog.document.values import JsonValue, canonical
from jupyter_posthog.document.white_space import line_end_of, shown

#: A segment of the base by its number, or a new one by its side and place there.
Name = int | Place
SHAPE_CHANGED = "shape_changed"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One block that both sides changed differently; a text is None where that side does not have the block.

    Attributes:
        conflict_id: Stays the same for the same three texts.
        kind: ``edited_by_both``, ``deleted_here``, ``deleted_there``, ``moved_by_both``, ``added_by_both``;
            for whole documents ``shape_changed`` (one is Markdown now, the other is not) or ``unreadable`` (put
            together, the blocks would read as other blocks).
        node_id: PostHog's identity of the block; None for prose.
    """

    conflict_id: str
    kind: str
    base: str | None
    mine: str | None
    theirs: str | None
    node_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedDocument:
    """The outcome of a merge.

    Attributes:
        document: What to store; None while there are conflicts without an answer.
        text: The Markdown, for a Markdown notebook.
        taken: How many changes of theirs it has.
        answered: By conflict id, the number of the segment that an answer chose.
    """

    document: JsonValue
    text: str | None
    conflicts: tuple[Conflict, ...] = ()
    taken: int = 0
    answered: Mapping[str, int] = field(default_factory=dict)
    is_merged: bool = field(default=True)


def merge(
    base: JsonValue, mine: JsonValue, theirs: JsonValue, *, answers: Mapping[str, str] | None = None
) -> MergedDocument:
    """Merge two documents that were made from one.

    Disjoint changes merge. Where both sides changed one segment differently there is a conflict; equal changes are
    none. White space between segments never is: theirs wins. Documents of two shapes are never merged.

    Args:
        answers: ``mine`` or ``theirs`` by conflict id.

    Raises:
        DocumentTooDeepError: One of them is nested deeper than 500 levels.
    """
    stored = [read_stored(document) for document in (base, mine, theirs)]
    unchanged = _where_one_side_changed(base, mine, theirs)
    if unchanged is not None:
        return unchanged
    shapes = {document.shape for document in stored} - {EMPTY}
    if len(shapes) > 1:
        return _refused(SHAPE_CHANGED)
    parts = [segments_of(document) for document in stored]
    of_base, of_mine, of_theirs = parts
    here, there = Side(of_mine, pair(of_base, of_mine)), Side(of_theirs, pair(of_base, of_theirs))
    outcome = merge_sequences(of_base, here, there, answers)
    conflicts = tuple(_conflict(clash, of_base, of_mine, of_theirs) for clash in outcome.clashes)
    if conflicts:
        return MergedDocument(document=None, text=None, conflicts=conflicts, taken=outcome.taken, is_merged=False)
    if shapes != {MARKDOWN}:
        nodes = [_segment(place, of_mine, of_theirs).node for place in outcome.places]
        target = stored[2] if stored[2].shape != EMPTY else stored[1]
        return MergedDocument(
            document=target.with_nodes(nodes), text=None, taken=outcome.taken, answered=_answered(outcome)
        )
    names: list[list[Name]] = [[*range(len(of_base))], _names(here, MINE), _names(there, THEIRS)]
    return _merged_markdown(stored, _Separators(stored, parts, names), outcome, of_mine, of_theirs)


def _where_one_side_changed(base: JsonValue, mine: JsonValue, theirs: JsonValue) -> MergedDocument | None:
    """Return the changed side as it is, where the other one changed nothing, or the same."""
    texts = [canonical(document) for document in (base, mine, theirs)]
    if texts[1] == texts[2] or texts[0] == texts[2]:
        return _whole(mine, taken=0)
    return _whole(theirs, taken=1) if texts[0] == texts[1] else None


def _whole(document: JsonValue, *, taken: int) -> MergedDocument:
    stored = read_stored(document)
    return MergedDocument(document=document, text=stored.text if stored.shape == MARKDOWN else None, taken=taken)


def _names(side: Side, name: str) -> list[Name]:
    """Name each segment by the one of the base that it was, else by itself."""
    return [Place(name, place) if origin is None else origin for place, origin in enumerate(side.origins)]


def _merged_markdown(
    stored: Sequence[StoredDocument],
    separators: _Separators,
    outcome: ThreeWay,
    mine: Sequence[Segment],
    theirs: Sequence[Segment],
) -> MergedDocument:
    segments = [_segment(place, mine, theirs) for place in outcome.places]
    names = [separators.name_of(place) for place in outcome.places]
    pieces: list[str] = []
    for number, segment in enumerate(segments):
        before = (names[number - 1], segments[number - 1]) if number else None
        pieces += [separators.between(before, (names[number], segment)), segment.key]
    pieces.append(separators.behind(names[-1] if names else None))
    text = "".join(pieces)
    target = stored[2] if stored[2].shape == MARKDOWN else stored[1]
    document = target.with_text(text)
    if [segment.key for segment in segments_of(read_stored(document))] != [segment.key for segment in segments]:
        return _refused(UNREADABLE)
    return MergedDocument(document=document, text=text, taken=outcome.taken, answered=_answered(outcome))


def _answered(outcome: ThreeWay) -> dict[str, int]:
    number_of = {place: number for number, place in enumerate(outcome.places)}
    return {clash_id: number_of[place] for clash_id, place in outcome.answered.items() if place in number_of}


def whole_conflict(kind: str) -> Conflict:
    """Return a conflict of the documents as wholes."""
    return Conflict(conflict_id=kind, kind=kind, base=None, mine=None, theirs=None)


def _refused(kind: str) -> MergedDocument:
    return MergedDocument(document=None, text=None, conflicts=(whole_conflict(kind),), is_merged=False)


def _segment(place: Place, mine: Sequence[Segment], theirs: Sequence[Segment]) -> Segment:
    return (mine if place.side == MINE else theirs)[place.number]


def _conflict(clash: Clash, base: Sequence[Segment], mine: Sequence[Segment], theirs: Sequence[Segment]) -> Conflict:
    versions = [
        None if number is None else side[number]
        for number, side in ((clash.base, base), (clash.mine, mine), (clash.theirs, theirs))
    ]
    texts = [None if version is None else shown(version.key) for version in versions]
    node_id = next((version.node_id for version in versions if version is not None), None)
    return Conflict(
        conflict_id=clash.clash_id,
        kind=clash.kind,
        base=texts[0],
        mine=texts[1],
        theirs=texts[2],
        node_id=node_id,
    )


class _Separators:
    """White space between two segments: three-way as well, but without conflicts; theirs wins."""

    def __init__(
        self, stored: Sequence[StoredDocument], parts: Sequence[list[Segment]], names: Sequence[Sequence[Name]]
    ) -> None:
        self._names = {MINE: names[1], THEIRS: names[2]}
        self._sides = [
            dict(zip(zip([None, *own], own, strict=False), (segment.separator for segment in segments), strict=True))
            for segments, own in zip(parts, names, strict=True)
        ]
        self._tails = [
            (own[-1], tail_of(document, segments)) if own else None
            for document, segments, own in zip(stored, parts, names, strict=True)
        ]
        texts = [document.text for document in stored if document.text]
        self._line_end = line_end_of(texts[-1]) if texts else "\n"

    def name_of(self, place: Place) -> Name:
        """Return the name of a segment of the outcome."""
        return self._names[place.side][place.number]

    def between(self, before: tuple[Name, Segment] | None, after: tuple[Name, Segment]) -> str:
        """Return what stands before a segment."""
        pair_of_names = (None if before is None else before[0], after[0])
        chosen = _chosen([side.get(pair_of_names) for side in self._sides])
        if before is None:
            return chosen or ""
        closer = "" if before[1].is_closed else closing_fence(before[1].key)
        if chosen is not None and not closer:
            return chosen
        end = f"{self._line_end}{closer}" if closer else ""
        return end + self._line_end * (3 if after[1].starts_card else 2)

    def behind(self, last: Name | None) -> str:
        """Return what stands at the end."""
        if last is None:
            return ""
        return _chosen([tail[1] if tail is not None and tail[0] == last else None for tail in self._tails]) or ""


def _chosen(versions: Sequence[str | None]) -> str | None:
    base, mine, theirs = versions
    if theirs is None or (mine is not None and theirs == base):
        return mine
    return theirs
