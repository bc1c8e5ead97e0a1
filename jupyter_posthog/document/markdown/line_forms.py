"""What one line can be by itself (posthog-document.md 3.2)."""

from __future__ import annotations

import re

from jupyter_posthog.document.markdown.tag_ends import TAG_START, find_tag_end
from jupyter_posthog.document.white_space import SPACE, SPACE_IN_LINE, WHITE_SPACE

IMAGE = re.compile(r"!\[(?:\\.|[^\]\\])*\]\((?:\\.|[^)\\])*\)")
DIVIDER = re.compile(r"-{3,}|\*{3,}|_{3,}")
# JavaScript's dot stops at U+2028 and U+2029 (7.2 N6).
HEADING = re.compile(rf"#{{1,6}}[{SPACE}]+[^\u2028\u2029]*")
LIST_START = re.compile(rf"[{SPACE}]*(?:[0-9]+[.)]|[-*+•])(?:[{SPACE}]|\Z)")
LIST_ITEM = re.compile(rf"[{SPACE}]*(?:[0-9]+[.)]|[-*+•])(?:[{SPACE}]+[^\u2028\u2029]*)?")
_QUOTE_MARKER = re.compile(rf"[{SPACE_IN_LINE}]*>[{SPACE_IN_LINE}]?")
FENCE_CLOSER = re.compile(r"`+")


def quoted_kind(line: str) -> str:
    """Return what a quoted line holds: ``list``, ``heading``, ``tag`` or ``text``; empty where it is not quoted."""
    marker = _QUOTE_MARKER.match(line)
    if marker is None:
        return ""
    inner = line[marker.end() :].rstrip(WHITE_SPACE)
    if LIST_START.match(inner):
        return "list"
    if HEADING.fullmatch(inner):
        return "heading"
    body = inner.lstrip(WHITE_SPACE)
    return "tag" if TAG_START.match(body) and find_tag_end(body, 0) == len(body) else "text"


def quoted_tag_start(line: str) -> int:
    """Return where the tag of a quoted line begins, behind the marker and white space."""
    marker = _QUOTE_MARKER.match(line)
    inner = line[marker.end() :] if marker is not None else line
    return len(line) - len(inner.lstrip(WHITE_SPACE))
