"""Inline tags of prose: PostHog's own, and those for atoms and unknown marks (posthog-document.md 3.3, 4.7)."""

from __future__ import annotations

import re
from typing import NamedTuple

from jupyter_posthog.document.tags import Tag, parse_tag

_OPENING = re.compile(r"<(?P<name>u|ref|mention|ph-[a-z0-9-]+)(?=[\s/>])")
_MARK = "ph-mark"
_WRAPPING = frozenset({"u", "ref", "mention", _MARK})
_MARK_BORDER = re.compile(r"(?<!\\)<(/?)ph-mark(?=[\s/>])")
_IN_OPENING = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}>\n"]', re.DOTALL)


class InlineTag(NamedTuple):
    """One tag: where its text starts, and where its closing part stands; None for one that holds no text."""

    name: str
    tag: Tag
    inner_start: int
    close: int | None


class InlineTags:
    """Finds the tags of one text, asked from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next_close: dict[str, int] = {}
        self._mark_closes: dict[int, int] | None = None
        # A tag that never ends is read to the end of its line; text full of them is read as text in the end.
        self._left_to_waste = 4 * len(text) + 10_000

    def at(self, position: int, end: int) -> InlineTag | None:
        """Return the tag that starts here; None where it is literal text."""
        found = _OPENING.match(self._text, position, end)
        inner_start = self._opening_end(position, end) if found is not None else None
        if found is None or inner_start is None:
            return None
        name, opening = found["name"], self._text[position:inner_start]
        # Properties follow the grammar of component tags, whose names are capitalised.
        tag = parse_tag(f"<X{opening[len(name) + 1 :]}")
        if tag is None or not tag.is_clean or (name in _WRAPPING) == opening.endswith("/>"):
            return None
        if name not in _WRAPPING:
            return InlineTag(name, tag, inner_start, None)
        close = self._close_of_mark(position) if name == _MARK else self._first_close(name, inner_start)
        return InlineTag(name, tag, inner_start, close) if close is not None and close < end else None

    def _opening_end(self, position: int, end: int) -> int | None:
        """Return where an opening tag ends; quotes and braces may hold its closing bracket."""
        if self._left_to_waste <= 0:
            return None
        depth = 0
        for found in _IN_OPENING.finditer(self._text, position, end):
            if found[0] in "{}":
                depth += 1 if found[0] == "{" else -1
            elif found[0] == ">" and depth == 0:
                return found.end()
            elif found[0] in '\n"':
                break
        self._left_to_waste -= end - position
        return None

    def _first_close(self, name: str, position: int) -> int | None:
        found = self._next_close.get(name, -1)
        if found < position:
            found = self._text.find(f"</{name}>", position)
            self._next_close[name] = found = len(self._text) if found < 0 else found
        return found if found < len(self._text) else None

    def _close_of_mark(self, position: int) -> int | None:
        """Return the closing part of a mark of ours, which may stand in another one."""
        if self._mark_closes is None:
            self._mark_closes = {}
            opened: list[int] = []
            for found in _MARK_BORDER.finditer(self._text):
                if not found[1]:
                    opened.append(found.start())
                elif opened and self._text.startswith(">", found.end()):
                    self._mark_closes[opened.pop()] = found.start()
        return self._mark_closes.get(position)
