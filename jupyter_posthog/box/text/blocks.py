"""Blocks of Markdown notebooks as PostHog's server cuts them: fences, tags, prose (posthog-document.md 3.2, 7.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jupyter_posthog.box.text.tags import Tag, read_tag

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ANCHOR = re.compile(r"<!--ph:([A-Za-z0-9._-]{1,128})-->")
_FENCE = "```"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block, where it stands in the text, and its tag or the id of the anchor above it."""

    start: int
    end: int
    tag: Tag | None = None
    is_fence: bool = False
    anchor: str | None = None


def blocks_of(markdown: str) -> Iterator[Block]:
    """Yield the blocks; like the server's, the last one lacks its last character where no line end follows (D1)."""
    return _Walk(markdown).blocks()


class _Walk:
    """One way through the lines of a text."""

    def __init__(self, markdown: str) -> None:
        self._markdown = markdown
        self._lines = [(found.start(), found.end(), found[0].strip()) for found in _LINE.finditer(markdown)]
        # A line is asked for its tag as the end of what stands above, and again as a block.
        self._tags: dict[int, Tag | None] = {}

    def blocks(self) -> Iterator[Block]:
        number, anchor = 0, None
        while number < len(self._lines):
            start, _, text = self._lines[number]
            if not text:
                number += 1
                continue
            if found := _ANCHOR.fullmatch(text):
                anchor, number = found[1], number + 1
                continue
            after, tag, is_fence = self._block_end(number)
            yield Block(start=start, end=self._lines[after - 1][1] - 1, tag=tag, is_fence=is_fence, anchor=anchor)
            number, anchor = after, None

    def _block_end(self, number: int) -> tuple[int, Tag | None, bool]:
        """Return the number of the line after a block, and its tag."""
        if self._lines[number][2].startswith(_FENCE):
            return self._after_fence(number), None, True
        tag = self._tag(number)
        if tag is not None:
            return self._after(number, tag.end), tag, False
        number += 1
        while number < len(self._lines) and not self._ends_prose(number):
            number += 1
        return number, None, False

    def _after_fence(self, number: int) -> int:
        for after in range(number + 1, len(self._lines)):
            if self._lines[after][2].startswith(_FENCE):
                return after + 1
        return len(self._lines)

    def _after(self, number: int, place: int) -> int:
        while number < len(self._lines) and self._lines[number][1] < place:
            number += 1
        return number + 1

    def _ends_prose(self, number: int) -> bool:
        text = self._lines[number][2]
        is_border = not text or text.startswith(_FENCE) or _ANCHOR.fullmatch(text) is not None
        return is_border or self._tag(number) is not None

    def _tag(self, number: int) -> Tag | None:
        start, _, text = self._lines[number]
        if not text.startswith("<"):
            return None
        if number not in self._tags:
            self._tags[number] = read_tag(self._markdown, self._markdown.index("<", start))
        return self._tags[number]
