"""Lists as the server's conversion writes them: one line an item (posthog-document.md 3.9, N8, N10, N11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jupyter_posthog.box.text.rich_inlines import attrs_of, children_of, inline_text

Json = Any
LISTS = frozenset({"bulletList", "orderedList", "taskList", "bullet_list", "ordered_list", "task_list"})
_ITEMS = frozenset({"listItem", "taskItem", "list_item", "task_item"})
_ORDERED = frozenset({"orderedList", "ordered_list"})
_TASKS = frozenset({"taskItem", "task_item"})
ToBlocks = Callable[[dict[str, Json]], list[str]]


@dataclass(slots=True)
class _Pieces:
    """The blocks that a list comes apart into, and the lines of the one that is being written."""

    blocks: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def spill(self, blocks: list[str]) -> None:
        """Put blocks behind the lines so far; what follows begins another list."""
        self.flush()
        self.blocks += blocks

    def flush(self) -> None:
        """End the list that is being written."""
        if self.lines:
            self.blocks.append("\n".join(self.lines))
            self.lines = []


def list_blocks(node: dict[str, Json], to_blocks: ToBlocks) -> list[str]:
    """Return a list as blocks: itself, cut wherever an item holds more than one line of text."""
    pieces = _Pieces()
    _write(node, 0, pieces, to_blocks)
    pieces.flush()
    return pieces.blocks


def _write(node: dict[str, Json], depth: int, pieces: _Pieces, to_blocks: ToBlocks) -> None:
    items = [child for child in children_of(node) if child.get("type") in _ITEMS]
    is_ordered = node.get("type") in _ORDERED
    for number, item in enumerate(items, 1):
        marker = f"{number}." if is_ordered else _bullet(item)
        children = children_of(item)
        first = next((child for child in children if child.get("type") == "paragraph"), None)
        text = inline_text(first).replace("\n", " ") if first is not None else ""
        pieces.lines.append(f"{'  ' * depth}{marker} {text}".rstrip())
        rest = [child for child in children if child is not first]
        # A nested list stands at once below its item, whatever stood between them (N11).
        for nested in rest:
            if nested.get("type") in LISTS:
                _write(nested, depth + 1, pieces, to_blocks)
        spilled = [block for child in rest if child.get("type") not in LISTS for block in to_blocks(child)]
        if spilled:
            pieces.spill(spilled)


def _bullet(item: dict[str, Json]) -> str:
    if item.get("type") not in _TASKS:
        return "-"
    return "- [x]" if attrs_of(item).get("checked") else "- [ ]"
