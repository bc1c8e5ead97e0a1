"""Cuts PostHog's Markdown into blocks by its browser's own rules (posthog-document.md 3.1, 3.2).

Not CommonMark. Every character belongs to exactly one block or to the white space between two, so joining the
pieces gives the text back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_posthog.document.tag_ends import TAG_START, find_tag_end
from jupyter_posthog.document.white_space import Line, split_lines

EMPTY_PARAGRAPH = " "
_ANCHOR = re.compile(r"<!--ph:[A-Za-z0-9._-]{1,128}-->")
_IMAGE = re.compile(r"!\[(?:\\.|[^\]\\])*\]\((?:\\.|[^)\\])*\)")
_DIVIDER = re.compile(r"-{3,}|\*{3,}|_{3,}")
_HEADING = re.compile(r"#{1,6}\s+\S")
_LIST_ITEM = re.compile(r"\s*(?:\d+[.)]|[-*+•])(?:\s|$)")
_SEPARATOR_ROW = re.compile(r"\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?")
_FENCE_CLOSER = re.compile(r"`+")


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    Attributes:
        kind: ``fence``, ``image``, ``divider``, ``comment``, ``tag``, ``heading``, ``table``, ``list``, ``quote``,
            ``paragraph`` or ``empty`` (a line of exactly one space).
        start: Where its text begins, its anchor line included.
        starts_card: Whether two or more blank lines stand before it.
        is_closed: False for a fence that reaches the end of the text without its closing line.
    """

    kind: str
    start: int
    end: int
    starts_card: bool
    body_start: int
    is_closed: bool = True


def parse_blocks(text: str) -> list[Block]:
    """Cut a text into blocks, in time linear in its length."""
    return list(_Cutter(text).blocks())


class _Cutter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = split_lines(text)
        self._number = 0
        self._line_at = {line.start: number for number, line in enumerate(self._lines)}

    def blocks(self) -> list[Block]:
        found: list[Block] = []
        blank_lines = 0
        anchor_start: int | None = None
        while self._number < len(self._lines):
            line = self._lines[self._number]
            if line.text == EMPTY_PARAGRAPH:
                self._number += 1
                kind, end, is_closed = "empty", line.end, True
            elif not line.trimmed:
                blank_lines += 1
                self._number += 1
                continue
            elif _ANCHOR.fullmatch(line.trimmed):
                anchor_start = line.start if anchor_start is None else anchor_start
                self._number += 1
                continue
            else:
                kind, end, is_closed = self._cut(line)
            start = line.start if anchor_start is None else anchor_start
            found.append(Block(kind, start, end, bool(found) and blank_lines >= 2, line.start, is_closed))
            blank_lines, anchor_start = 0, None
        return found

    def _cut(self, line: Line) -> tuple[str, int, bool]:
        trimmed = line.trimmed
        if trimmed.startswith("```"):
            return self._fence(trimmed)
        if _IMAGE.fullmatch(trimmed):
            return self._single("image", line)
        if _DIVIDER.fullmatch(trimmed):
            return self._single("divider", line)
        comment_end = self._comment_end(line)
        if comment_end is not None:
            self._go_behind(comment_end)
            return "comment", comment_end, True
        if trimmed.startswith("<") and TAG_START.match(self._text, self._tag_start(line)):
            return self._tag(line)
        if _HEADING.match(line.text):
            return self._single("heading", line)
        if self._is_table(self._number):
            return self._while("table", lambda other: other.trimmed.startswith("|"))
        if _LIST_ITEM.match(line.text):
            return self._while("list", lambda other: _LIST_ITEM.match(other.text) is not None and other.trimmed != "")
        if trimmed.startswith(">"):
            return self._while("quote", lambda other: other.trimmed.startswith(">"))
        return self._paragraph()

    def _single(self, kind: str, line: Line) -> tuple[str, int, bool]:
        self._number += 1
        return kind, line.end, True

    def _while(self, kind: str, belongs) -> tuple[str, int, bool]:  # type: ignore[no-untyped-def]
        end = self._lines[self._number].end
        self._number += 1
        while self._number < len(self._lines) and belongs(self._lines[self._number]):
            if kind == "list" and _DIVIDER.fullmatch(self._lines[self._number].trimmed):
                break
            end = self._lines[self._number].end
            self._number += 1
        return kind, end, True

    def _fence(self, trimmed: str) -> tuple[str, int, bool]:
        length = len(trimmed) - len(trimmed.lstrip("`"))
        self._number += 1
        while self._number < len(self._lines):
            line = self._lines[self._number]
            self._number += 1
            if len(line.trimmed) >= length and _FENCE_CLOSER.fullmatch(line.trimmed):
                return "fence", line.end, True
        return "fence", len(self._text), False

    def _comment_end(self, line: Line) -> int | None:
        """Return where the note that starts on this line ends: the first ``-->`` must end its line."""
        if not line.trimmed.startswith("<!--"):
            return None
        position = self._text.find("-->", line.start)
        if position < 0:
            return None
        end = position + 3
        line_end = self._line_of(end).end
        return end if not self._text[end:line_end].strip() else None

    def _line_of(self, position: int) -> Line:
        low, high = self._number, len(self._lines) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self._lines[middle].start <= position:
                low = middle
            else:
                high = middle - 1
        return self._lines[low]

    def _go_behind(self, position: int) -> None:
        self._number = self._line_at[self._line_of(position).start] + 1

    def _tag_start(self, line: Line) -> int:
        return line.start + line.text.index("<")

    def _tag(self, line: Line) -> tuple[str, int, bool]:
        end = find_tag_end(self._text, self._tag_start(line))
        if end is None and line.trimmed.endswith("/>"):
            end = line.end  # a tag whose properties cannot be read keeps its line (3.4)
        if end is None:
            return self._literal()
        self._go_behind(end)
        return "tag", end, True

    def _literal(self) -> tuple[str, int, bool]:
        """A tag that never ends: its lines up to a blank one are a paragraph of literal text."""
        return self._while("paragraph", lambda other: other.trimmed != "")

    def _is_table(self, number: int) -> bool:
        if not self._lines[number].trimmed.startswith("|") or number + 1 >= len(self._lines):
            return False
        below = self._lines[number + 1].trimmed
        return "|" in below and _SEPARATOR_ROW.fullmatch(below) is not None

    def _paragraph(self) -> tuple[str, int, bool]:
        end = self._lines[self._number].end
        self._number += 1
        while self._number < len(self._lines) and not self._ends_paragraph(self._lines[self._number]):
            end = self._lines[self._number].end
            self._number += 1
        return "paragraph", end, True

    def _ends_paragraph(self, line: Line) -> bool:
        trimmed = line.trimmed
        return (
            not trimmed
            or trimmed.startswith(("```", ">"))
            or _ANCHOR.fullmatch(trimmed) is not None
            or _IMAGE.fullmatch(trimmed) is not None
            or _DIVIDER.fullmatch(trimmed) is not None
            or (trimmed.startswith("<") and TAG_START.match(self._text, self._tag_start(line)) is not None)
            or _HEADING.match(line.text) is not None
            or _LIST_ITEM.match(line.text) is not None
            or (trimmed.startswith("|") and self._is_table(self._number))
            or (trimmed.startswith("<!--") and self._comment_end(line) is not None)
        )
