"""Inline tags of prose: PostHog's own, and those for atoms and unknown marks (posthog-document.md 3.3, 4.7)."""

from __future__ import annotations

import bisect
import re
from typing import NamedTuple

from jupyter_posthog.document.markdown.tags import Tag, parse_tag

MARK = "ph-mark"
_WRAPPING = frozenset({"u", "ref", "mention", MARK})
_OPENING = re.compile(r"<(?P<name>u|ref|mention|ph-[a-z0-9-]+)(?=[\s/>])")
_CLOSING = re.compile(r"</(?P<name>u|ref|mention|ph-mark)>")
_IN_OPENING = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}>\n"]', re.DOTALL)


class InlineTag(NamedTuple):
    """One tag: where its text starts, and where its closing part stands; None for one that holds no text."""

    name: str
    tag: Tag
    inner_start: int
    close: int | None


class InlineTags:
    """Finds the tags of one text, of which each place is told once, from left to right, before it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._opening_ends: dict[int, int] = {}
        self._closes: dict[str, list[int]] = {name: [] for name in _WRAPPING}
        self._open_marks: list[int] = []
        self._mark_closes: dict[int, int] = {}
        # A tag that never ends is read to the end of its line; text full of them is read as text in the end.
        self._left_to_waste = 4 * len(text) + 10_000

    def note(self, position: int) -> int:
        """Take note of one ``<`` that is neither escaped nor code, and return where to go on."""
        closing = _CLOSING.match(self._text, position)
        if closing is not None:
            self._closes[closing["name"]].append(position)
            if closing["name"] == MARK and self._open_marks:
                self._mark_closes[self._open_marks.pop()] = position
            return closing.end()
        opening = _OPENING.match(self._text, position)
        end = self._opening_end(position) if opening is not None else None
        if opening is None or end is None:
            return position + 1
        self._opening_ends[position] = end
        if opening["name"] == MARK:
            self._open_marks.append(position)
        return end

    def at(self, position: int, end: int) -> InlineTag | None:
        """Return the tag that starts here; None where it is literal text."""
        found = _OPENING.match(self._text, position, end)
        inner_start = self._opening_ends.get(position)
        if found is None or inner_start is None or inner_start > end:
            return None
        name, opening = found["name"], self._text[position:inner_start]
        # Properties follow the grammar of component tags, whose names are capitalised.
        tag = parse_tag(f"<X{opening[len(name) + 1 :]}")
        if tag is None or not tag.is_clean or (name in _WRAPPING) == opening.endswith("/>"):
            return None
        if name not in _WRAPPING:
            return InlineTag(name, tag, inner_start, None)
        close = self._mark_closes.get(position) if name == MARK else self._first_close(name, inner_start)
        return InlineTag(name, tag, inner_start, close) if close is not None and close < end else None

    def _opening_end(self, position: int) -> int | None:
        """Return where an opening tag ends; quotes and braces may hold its closing bracket."""
        if self._left_to_waste <= 0:
            return None
        depth = 0
        for found in _IN_OPENING.finditer(self._text, position):
            if found[0] in "{}":
                depth += 1 if found[0] == "{" else -1
            elif found[0] == ">" and depth == 0:
                return found.end()
            elif found[0] in '\n"':
                break
        self._left_to_waste -= len(self._text) - position
        return None

    def _first_close(self, name: str, position: int) -> int | None:
        places = self._closes[name]
        number = bisect.bisect_left(places, position)
        return places[number] if number < len(places) else None
