"""Cuts PostHog's Markdown into blocks by its browser's own rules (posthog-document.md 3.1, 3.2, 7).

Not CommonMark. Every character belongs to exactly one block or to the white space between two, so joining the
pieces gives the text back.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from jupyter_posthog.document.markdown.block import ANCHOR, EMPTY_PARAGRAPH, Block
from jupyter_posthog.document.markdown.line_forms import (
    DIVIDER,
    FENCE_CLOSER,
    HEADING,
    IMAGE,
    LIST_ITEM,
    LIST_START,
    quoted_kind,
    quoted_tag_start,
)
from jupyter_posthog.document.markdown.recovery import ends_on_its_line, find_recovered_end
from jupyter_posthog.document.markdown.tables import is_separator_row
from jupyter_posthog.document.markdown.tag_ends import MOST_LINES, TAG_START, TagEnds
from jupyter_posthog.document.markdown.tags import Tag, read_one_line_tag
from jupyter_posthog.document.white_space import WHITE_SPACE, Lines

#: Each one looks at up to a thousand lines; a text with more of them is not one that PostHog damaged.
MOST_RECOVERIES = 100
#: What a line must begin with to be anything but a line of a paragraph.
_SPECIAL = frozenset("`!-*_<#|>+•\\0123456789")


def parse_blocks(text: str) -> list[Block]:
    """Cut a text into blocks, in time linear in its length."""
    return list(each_block(text))


def each_block(text: str) -> Iterator[Block]:
    """Yield the blocks of a text one by one, so that a long document is not held twice."""
    return _Cutter(text).blocks()


class _Cutter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = Lines(text)
        self._trimmed = self._lines.trimmed
        self._count = len(self._trimmed)
        self._number = 0
        self._read_tag: Tag | None = None
        self._tag_ends = TagEnds(text)
        self._recoveries_left = MOST_RECOVERIES
        self._note_end = (-1, -1)  # from where it was looked for, and where the next --> stands

    def blocks(self) -> Iterator[Block]:
        is_first = True
        blank_lines = 0
        anchor: tuple[int, str] | None = None
        lines, trimmed_lines = self._lines, self._trimmed
        while self._number < self._count:
            first = self._number
            trimmed = trimmed_lines[first]
            is_closed = True
            if not trimmed:
                self._number += 1
                if lines.texts[first] != EMPTY_PARAGRAPH:
                    blank_lines += 1
                    continue
                kind, body_start, end = "empty", lines.starts[first], lines.ends[first]
            elif trimmed[0] == "<" and (anchored := ANCHOR.fullmatch(trimmed)) is not None:
                anchor = (lines.starts[first] if anchor is None else anchor[0], anchored[1])
                self._number += 1
                continue
            elif trimmed[0] not in _SPECIAL:
                kind, body_start, end = self._paragraph()
            else:
                kind, body_start, end, is_closed = self._cut(trimmed)
            start = lines.starts[first] if anchor is None else anchor[0]
            name = None if anchor is None else anchor[1]
            starts_card = not is_first and blank_lines >= 2
            tag, self._read_tag = self._read_tag, None
            lines.forget(first, self._number)
            yield Block(kind, start, end, starts_card, body_start, is_closed, name, tag)
            is_first, blank_lines, anchor = False, 0, None

    def _cut(self, trimmed: str) -> tuple[str, int, int, bool]:
        if trimmed.startswith("```"):
            return self._fence(trimmed)
        return (*self._closed_block(trimmed), True)

    def _closed_block(self, trimmed: str) -> tuple[str, int, int]:
        number, first = self._number, trimmed[0]
        if first == "#":
            is_heading = HEADING.fullmatch(self._lines.texts[number]) is not None
            return self._lines_as("heading", number + 1) if is_heading else self._paragraph()
        if first in "<\\":
            return self._note_or_tag(trimmed) or self._paragraph()
        if first == ">":
            return self._quote()
        if first == "|":
            return self._table() if self._is_table(number) else self._paragraph()
        if first == "!":
            return self._lines_as("image", number + 1) if IMAGE.fullmatch(trimmed) else self._paragraph()
        if DIVIDER.fullmatch(trimmed):
            return self._lines_as("divider", number + 1)
        return self._list() if LIST_START.match(self._lines.texts[number]) else self._paragraph()

    def _lines_as(self, kind: str, after: int) -> tuple[str, int, int]:
        """Take the lines up to, not including, this one."""
        start = self._lines.starts[self._number]
        self._number = after
        return kind, start, self._lines.ends[after - 1]

    def _up_to(self, kind: str, end: int) -> tuple[str, int, int]:
        """Take the text up to a place in some line."""
        start = self._lines.starts[self._number]
        self._number = bisect.bisect_right(self._lines.starts, end - 1)
        return kind, start, end

    def _fence(self, trimmed: str) -> tuple[str, int, int, bool]:
        length = len(trimmed) - len(trimmed.lstrip("`"))
        for number in range(self._number + 1, self._count):
            line = self._trimmed[number]
            if line.startswith("```") and len(line) >= length and FENCE_CLOSER.fullmatch(line):
                return (*self._lines_as("fence", number + 1), True)
        start = self._lines.starts[self._number]
        self._number = self._count
        return "fence", start, len(self._text), False

    def _note_or_tag(self, trimmed: str) -> tuple[str, int, int] | None:
        if trimmed.startswith("<!--"):
            end = self._note_end_from(self._number)
            return None if end is None else self._up_to("comment", end)
        if TAG_START.match(trimmed):
            return self._tag(trimmed)
        if trimmed[0] == "\\" and TAG_START.match(trimmed, 1) and not ends_on_its_line(trimmed):
            return self._recovered_tag()
        return None

    def _recovered_tag(self) -> tuple[str, int, int] | None:
        if self._recoveries_left == 0:
            return None
        self._recoveries_left -= 1
        end = find_recovered_end(self._text, self._body_start(self._number))
        return None if end is None else self._up_to("tag", end)

    def _body_start(self, number: int) -> int:
        line = self._lines.texts[number]
        return self._lines.starts[number] + len(line) - len(line.lstrip(WHITE_SPACE))

    def _note_end_from(self, number: int) -> int | None:
        """Return where the note that starts on this line ends: the first ``-->`` behind must end its line."""
        start = self._body_start(number) + 4
        looked_from, position = self._note_end
        if not looked_from <= start <= position:
            position = self._text.find("-->", start)
            position = len(self._text) if position < 0 else position
            self._note_end = (start, position)
        if position == len(self._text):
            return None
        line = bisect.bisect_right(self._lines.starts, position) - 1
        return position + 3 if not self._text[position + 3 : self._lines.ends[line]].strip(WHITE_SPACE) else None

    def _tag(self, trimmed: str) -> tuple[str, int, int]:
        start = self._body_start(self._number)
        read = read_one_line_tag(trimmed)
        if read is not None:
            self._read_tag = read
            return self._up_to("tag", start + len(read.raw))
        last = min(self._number + MOST_LINES, self._count) - 1
        end = self._tag_ends.end_of(start, self._lines.ends[last])
        if end is None:
            found = TAG_START.match(trimmed)
            if trimmed.endswith("/>") or (found is not None and trimmed.endswith(f"</{found['name']}>")):
                end = self._lines.ends[self._number]  # a tag whose properties cannot be read keeps its line (3.4)
        if end is not None:
            return self._up_to("tag", end)
        # A tag that never ends: its lines up to a blank one are a paragraph of literal text.
        after = self._number + 1
        while after < self._count and self._trimmed[after]:
            after += 1
        return self._lines_as("paragraph", after)

    def _is_table(self, number: int) -> bool:
        return (
            self._trimmed[number].startswith("|")
            and number + 1 < self._count
            and is_separator_row(self._trimmed[number + 1])
        )

    def _table(self) -> tuple[str, int, int]:
        after = self._number + 2
        while after < self._count and self._trimmed[after].startswith("|"):
            after += 1
        return self._lines_as("table", after)

    def _list(self) -> tuple[str, int, int]:
        after = self._number
        while after < self._count and self._trimmed[after] and LIST_ITEM.fullmatch(self._lines.texts[after]):
            after += 1
        return self._lines_as("list", max(after, self._number + 1))

    def _quote(self) -> tuple[str, int, int]:
        """Take quoted lines of one kind: a list, one heading, one tag out of the quote, or text."""
        first = self._number
        kind = quoted_kind(self._lines.texts[first])
        if kind == "tag":
            start = self._lines.starts[first] + quoted_tag_start(self._lines.texts[first])
            _, _, end = self._lines_as("tag", first + 1)
            return "tag", start, end
        after = first + 1
        while kind != "heading" and after < self._count and quoted_kind(self._lines.texts[after]) == kind:
            after += 1
        return self._lines_as("quote", after)

    def _paragraph(self) -> tuple[str, int, int]:
        after = self._number + 1
        while after < self._count:
            trimmed = self._trimmed[after]
            if not trimmed or (trimmed[0] in _SPECIAL and self._ends_paragraph(after, trimmed)):
                break
            after += 1
        return self._lines_as("paragraph", after)

    def _ends_paragraph(self, number: int, trimmed: str) -> bool:
        if trimmed[0] == "<":
            return (
                TAG_START.match(trimmed) is not None
                or ANCHOR.fullmatch(trimmed) is not None
                or (trimmed.startswith("<!--") and self._note_end_from(number) is not None)
            )
        return (
            trimmed.startswith(("```", ">"))
            or (trimmed[0] == "!" and IMAGE.fullmatch(trimmed) is not None)
            or DIVIDER.fullmatch(trimmed) is not None
            or HEADING.fullmatch(self._lines.texts[number]) is not None
            or LIST_START.match(self._lines.texts[number]) is not None
            or self._is_table(number)
        )
