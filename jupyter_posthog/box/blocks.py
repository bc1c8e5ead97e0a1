"""Blocks of Markdown notebooks as PostHog's server cuts them: fences, tags, prose (posthog-document.md 3.2, 7.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jupyter_posthog.box.tags import Tag, read_tag

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
    lines = [(found.start(), found.end(), found[0].strip()) for found in _LINE.finditer(markdown)]
    number, anchor = 0, None
    while number < len(lines):
        start, _, text = lines[number]
        if not text:
            number += 1
            continue
        if found := _ANCHOR.fullmatch(text):
            anchor, number = found[1], number + 1
            continue
        number, tag, is_fence = _block_end(markdown, lines, number)
        yield Block(start=start, end=lines[number - 1][1] - 1, tag=tag, is_fence=is_fence, anchor=anchor)
        anchor = None


_Line = tuple[int, int, str]


def _block_end(markdown: str, lines: list[_Line], number: int) -> tuple[int, Tag | None, bool]:
    """Return the number of the line after a block, and its tag."""
    if lines[number][2].startswith(_FENCE):
        return _after_fence(lines, number), None, True
    tag = _tag_at(markdown, lines[number])
    if tag is not None:
        return _line_after(lines, number, tag.end), tag, False
    number += 1
    while number < len(lines) and not _ends_prose(markdown, lines[number]):
        number += 1
    return number, None, False


def _after_fence(lines: list[_Line], number: int) -> int:
    for after in range(number + 1, len(lines)):
        if lines[after][2].startswith(_FENCE):
            return after + 1
    return len(lines)


def _tag_at(markdown: str, line: _Line) -> Tag | None:
    start, _, text = line
    return read_tag(markdown, markdown.index("<", start)) if text.startswith("<") else None


def _line_after(lines: list[_Line], number: int, place: int) -> int:
    while number < len(lines) and lines[number][1] < place:
        number += 1
    return number + 1


def _ends_prose(markdown: str, line: _Line) -> bool:
    text = line[2]
    if not text or text.startswith(_FENCE) or _ANCHOR.fullmatch(text):
        return True
    return _tag_at(markdown, line) is not None
