"""Rich lists as Markdown that PostHog itself reads: one line an item (posthog-document.md 3.2, 3.9; 7.2 N8, N11)."""

from __future__ import annotations

from jupyter_posthog.document.rich.blocks import is_empty_paragraph
from jupyter_posthog.document.rich.text import attributes_of
from jupyter_posthog.document.upgrade.blocks import Piece, WriteNode, as_piece, children_of, name_of, plain_type
from jupyter_posthog.document.upgrade.inline import one_line
from jupyter_posthog.document.upgrade.losses import Losses
from jupyter_posthog.document.values import JsonObject, JsonValue

LISTS = frozenset({"bulletList", "orderedList", "taskList"})


def list_pieces(node: JsonObject, losses: Losses, write: WriteNode) -> list[Piece]:
    """Return a list, one line an item; other blocks of an item stand behind it and part the list (3.9)."""
    pieces: list[Piece] = []
    lines: list[str] = []
    for number, item in enumerate(children_of(node, losses), start=_start_of(node, losses)):
        others: list[Piece] = []
        lines += _item_lines(node, item, number, 0, others, losses, write)
        if others:
            losses.add("blocks inside a list item, put behind it")
            pieces += [*as_piece(lines), *others]
            lines = []
    return [*pieces, *as_piece(lines)]


def _item_lines(
    parent: JsonObject,
    item: JsonValue,
    number: int,
    depth: int,
    others: list[Piece],
    losses: Losses,
    write: WriteNode,
) -> list[str]:
    children = children_of(item, losses) if isinstance(item, dict) else []
    if not isinstance(item, dict) or plain_type(item) not in {"listItem", "taskItem"}:
        losses.add(f"{name_of(item)} in place of a list item")
        children = [item] if isinstance(item, dict) else []
    first = children[0] if children else None
    is_paragraph = isinstance(first, dict) and first.get("type") == "paragraph"
    text = ""
    if is_paragraph and isinstance(first, dict):
        losses.add_keys(attributes_of(first), (), "a paragraph")
        text = one_line(first.get("content"), losses, "list item")
    lines = [f"{'  ' * depth}{_marker(parent, item, number, losses)} {text}".rstrip(" ")]
    for child in children[1:] if is_paragraph else children:
        if isinstance(child, dict) and plain_type(child) in LISTS:
            lines += _nested_lines(child, depth + 1, others, losses, write)
        elif is_empty_paragraph(child):
            losses.add("an empty paragraph in a list item")
        else:
            others += write(child, losses)
    return lines


def _nested_lines(node: JsonObject, depth: int, others: list[Piece], losses: Losses, write: WriteNode) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(children_of(node, losses), start=_start_of(node, losses)):
        lines += _item_lines(node, item, number, depth, others, losses, write)
    return lines


def _start_of(node: JsonObject, losses: Losses) -> int:
    attributes = attributes_of(node)
    is_ordered = plain_type(node) == "orderedList"
    losses.add_keys(attributes, {"start"} if is_ordered else (), "a list")
    if not is_ordered:
        return 1
    start = attributes.get("start", 1)
    if isinstance(start, int) and not isinstance(start, bool) and 0 <= start < 10**9:
        return start
    if start is not None:
        losses.add(f"the first number {start} of a list")
    return 1


def _marker(parent: JsonObject, item: JsonValue, number: int, losses: Losses) -> str:
    attributes = attributes_of(item)
    is_task = isinstance(item, dict) and plain_type(item) == "taskItem"
    losses.add_keys(attributes, {"checked"} if is_task else (), "a list item")
    if is_task:
        if plain_type(parent) == "orderedList":
            losses.add("the number of a task")
        return "- [x]" if attributes.get("checked") is True else "- [ ]"
    return f"{number}." if plain_type(parent) == "orderedList" else "-"
