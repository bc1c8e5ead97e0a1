"""List lines as the browser reads them (posthog-document.md 3.2, N6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tests.document.readers.browser_lines import SPACES, is_blank, rest_after_space

_MARKER = re.compile(rf"([{re.escape(SPACES)}]*)(?:([0-9]+)[.)]|[-*+•])")
_TASK_BOXES = {"[ ]": False, "[x]": True, "[X]": True}
_TAB_COLUMNS = 4
_COLUMNS_PER_LEVEL = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class ListItem:
    """One line of a list; ``text`` is inline Markdown."""

    text: str
    depth: int
    number: int | None
    """Of an ordered item."""
    is_done: bool | None
    """Of a task."""


def is_list_line(line: str) -> bool:
    """Say whether a line opens a list: a marker, then white space or nothing."""
    marker = _MARKER.match(line)
    return marker is not None and (marker.end() == len(line) or line[marker.end()] in SPACES)


def read_items(lines: Iterable[str]) -> list[ListItem]:
    """Read items up to the first line that is none.

    A line separator in an item makes it none, though its line opened the list: the list may hold no items (N6).
    """
    items: list[ListItem] = []
    for line in lines:
        item = _read_item(line)
        if item is None:
            break
        deepest = items[-1].depth + 1 if items else 0
        items.append(replace(item, depth=min(item.depth, deepest)))
    return items


def _read_item(line: str) -> ListItem | None:
    marker = _MARKER.match(line)
    if marker is None:
        return None
    text = "" if marker.end() == len(line) else rest_after_space(line[marker.end() :])
    if text is None:
        return None
    number = None if marker[2] is None else int(marker[2])
    is_done, text = (None, text) if marker[2] else _read_task(text)
    return ListItem(text=text, depth=_depth(marker[1]), number=number, is_done=is_done)


def _read_task(text: str) -> tuple[bool | None, str]:
    is_done = _TASK_BOXES.get(text[:3])
    rest = "" if is_blank(text[3:]) else rest_after_space(text[3:])
    if is_done is None or rest is None:
        return None, text
    return is_done, rest


def _depth(indent: str) -> int:
    columns = sum(_TAB_COLUMNS if character == "\t" else 1 for character in indent)
    return columns // _COLUMNS_PER_LEVEL
