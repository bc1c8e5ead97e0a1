"""Prose nodes of a rich document as blocks of text (posthog-document.md 2.2, 4.7)."""

from __future__ import annotations

import re

from jupyter_posthog.document.rich.text import Inexpressible, attributes_of, inline_text, marks_of
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import WHITE_SPACE

EMPTY_LINE = " "
_LIST_TYPES = {"bulletList", "orderedList", "taskList"}
_BARE_PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")
_INFO = re.compile(r"[^\s`]+")


def block_text(node: JsonValue) -> str | None:
    """Return the text of a prose node; None where PostHog's Markdown cannot say it."""
    if not isinstance(node, dict) or set(node) - {"type", "attrs", "content"}:
        return None
    writer = _WRITERS.get(str(node.get("type")))
    if writer is None:
        return None
    try:
        return writer(node)
    except Inexpressible:
        return None


def is_empty_paragraph(node: JsonValue) -> bool:
    """Whether the node is a paragraph with nothing in it."""
    return isinstance(node, dict) and node.get("type") == "paragraph" and not node.get("content")


def children_of(node: JsonValue) -> list[JsonValue]:
    """Return a node's children; absent ones are an empty list.

    Raises:
        Inexpressible: They are not a list.
    """
    content = node.get("content") if isinstance(node, dict) else None
    if content is None:
        return []
    if not isinstance(content, list):
        raise Inexpressible
    return content


def _paragraph(node: JsonObject) -> str:
    text = inline_text(node.get("content"))
    if not text.strip(WHITE_SPACE):
        return EMPTY_LINE
    if not all(line.strip(WHITE_SPACE) for line in text.split("\n")):
        raise Inexpressible  # a line of white space would end the paragraph
    return text


def _heading(node: JsonObject) -> str:
    level = attributes_of(node).get("level", 1)
    if not isinstance(level, int) or isinstance(level, bool) or not 1 <= level <= 6:
        raise Inexpressible
    return f"{'#' * level} {_one_line(node)}".rstrip()


def _one_line(node: JsonObject) -> str:
    """Return text for a place where white space at the ends means nothing."""
    return inline_text(node.get("content"), is_block=False).strip(WHITE_SPACE)


def _rule(node: JsonObject) -> str:
    return "---"


def _code_block(node: JsonObject) -> str:
    language = attributes_of(node).get("language")
    if language is not None and (not isinstance(language, str) or not all(map(_INFO.fullmatch, language.split(" ")))):
        raise Inexpressible
    parts = []
    for child in children_of(node):
        if not isinstance(child, dict) or child.get("type") != "text" or marks_of(child):
            raise Inexpressible
        parts.append(str(child.get("text", "")))
    code = "".join(parts)
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language or ''}\n{code}\n{fence}" if code else f"{fence}{language or ''}\n{fence}"


def _list(node: JsonObject, depth: int = 0) -> str:
    lines: list[str] = []
    start = attributes_of(node).get("start", 1)
    number = start if isinstance(start, int) and not isinstance(start, bool) else 1
    for item in children_of(node):
        marker = _marker(str(node["type"]), item, number)
        number += 1
        children = children_of(item)
        first = children[0] if children else None
        if not isinstance(first, dict) or first.get("type") != "paragraph":
            raise Inexpressible
        lines.append(f"{'  ' * depth}{marker} {_one_line(first)}".rstrip())
        lines += _nested(children[1:], depth + 1)
    if not lines:
        raise Inexpressible
    return "\n".join(lines)


def _marker(list_type: str, item: JsonValue, number: int) -> str:
    item_type = item.get("type") if isinstance(item, dict) else None
    if list_type == "taskList" and item_type == "taskItem":
        return "- [x]" if attributes_of(item).get("checked") is True else "- [ ]"
    if item_type != "listItem":
        raise Inexpressible
    return f"{number}." if list_type == "orderedList" else "-"


def _nested(nodes: list[JsonValue], depth: int) -> list[str]:
    lines: list[str] = []
    before = ""
    for node in nodes:
        kind = str(node.get("type")) if isinstance(node, dict) else ""
        if kind not in _LIST_TYPES or kind == before or not isinstance(node, dict):
            raise Inexpressible
        before = kind
        lines += _list(node, depth).split("\n")
    return lines


def _quote(node: JsonObject) -> str:
    paragraphs = []
    for child in children_of(node):
        if not isinstance(child, dict) or child.get("type") != "paragraph" or not child.get("content"):
            raise Inexpressible
        paragraphs.append("\n".join(f"> {line}" for line in inline_text(child["content"]).split("\n")))
    if not paragraphs:
        raise Inexpressible
    return "\n>\n".join(paragraphs)


def _table(node: JsonObject) -> str:
    rows = [_row(row, "tableCell" if number else "tableHeader") for number, row in enumerate(children_of(node))]
    if not rows or len({len(row) for row in rows}) != 1 or not rows[0]:
        raise Inexpressible
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def _row(row: JsonValue, cell_type: str) -> list[str]:
    texts = []
    for cell in children_of(row):
        attributes = attributes_of(cell)
        is_plain = all(attributes.get(name, 1) == 1 for name in ("colspan", "rowspan")) and not attributes.get(
            "colwidth"
        )
        children = children_of(cell)
        if not isinstance(cell, dict) or cell.get("type") != cell_type or not is_plain or len(children) != 1:
            raise Inexpressible
        paragraph = children[0]
        if not isinstance(paragraph, dict) or paragraph.get("type") != "paragraph":
            raise Inexpressible
        text = _one_line(paragraph)
        if _BARE_PIPE.search(text):
            raise Inexpressible  # in code or an address, where a backslash would be shown (3.2)
        texts.append(text)
    return texts


_WRITERS = {
    "paragraph": _paragraph,
    "heading": _heading,
    "horizontalRule": _rule,
    "codeBlock": _code_block,
    "bulletList": _list,
    "orderedList": _list,
    "taskList": _list,
    "blockquote": _quote,
    "table": _table,
}
