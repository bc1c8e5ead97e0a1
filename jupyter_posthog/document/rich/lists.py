"""Lists of PostHog's Markdown as nodes: one line per item, depth by indent (posthog-document.md 3.2)."""

from __future__ import annotations

import re
from typing import NamedTuple

from jupyter_posthog.document.rich.parsing import KnownInline, parse_inline
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import WHITE_SPACE

_ITEM = re.compile(r"(?P<indent>\s*)(?P<marker>[0-9]+[.)]|[-*+•])(?:\s+(?P<text>.*))?", re.DOTALL)
_TASK = re.compile(r"\[(?P<mark>[ xX])\](?:\s+|$)")


class _Item(NamedTuple):
    line: str
    depth: int
    marker: str
    text: str

    @property
    def list_type(self) -> str:
        if self.marker[0].isdigit():
            return "orderedList"
        return "taskList" if _TASK.match(self.text) else "bulletList"


def split_lists(text: str) -> list[str]:
    """Cut a block of list lines where another kind of list begins at its outermost level."""
    parts: list[list[str]] = []
    before = ""
    for item in _items(text):
        if item.depth == 0 and item.list_type != before:
            parts.append([])
            before = item.list_type
        parts[-1].append(item.line)
    return ["\n".join(part) for part in parts]


def parse_list(text: str, known: KnownInline) -> JsonObject:
    """Return the node of one list."""
    node, _ = _list_from(_items(text), 0, known)
    return node


def _items(text: str) -> list[_Item]:
    """Read the lines; each is at most one level deeper than the one before, the first stands outermost."""
    items: list[_Item] = []
    depth = -1
    for line in text.split("\n"):
        found = _ITEM.fullmatch(line)
        assert found is not None  # the grammar takes nothing else into a list
        depth = min(len(found["indent"].expandtabs(4)) // 2, depth + 1)
        items.append(_Item(line, depth, found["marker"], found["text"] or ""))
    return items


def _list_from(items: list[_Item], position: int, known: KnownInline) -> tuple[JsonObject, int]:
    """Return the list that begins at an item, and the position of the first item that is not in it."""
    first = items[position]
    content: list[JsonValue] = []
    while (
        position < len(items) and items[position].depth == first.depth and items[position].list_type == first.list_type
    ):
        children: list[JsonValue] = [_paragraph(items[position], known)]
        item = items[position]
        position += 1
        while position < len(items) and items[position].depth > first.depth:
            nested, position = _list_from(items, position, known)
            children.append(nested)
        content.append(_item(item, children))
    node: JsonObject = {"type": first.list_type}
    if first.list_type == "orderedList":
        node["attrs"] = {"start": int(first.marker[:-1])}
    return {**node, "content": content}, position


def _paragraph(item: _Item, known: KnownInline) -> JsonObject:
    task = _TASK.match(item.text) if item.list_type == "taskList" else None
    content = parse_inline(item.text[task.end() if task else 0 :].strip(WHITE_SPACE), known)
    return {"type": "paragraph", "content": content} if content else {"type": "paragraph"}


def _item(item: _Item, children: list[JsonValue]) -> JsonObject:
    if item.list_type != "taskList":
        return {"type": "listItem", "content": children}
    task = _TASK.match(item.text)
    return {"type": "taskItem", "attrs": {"checked": task is not None and task["mark"] != " "}, "content": children}
