"""Text, marks and inline atoms as the server's conversion writes them (posthog-document.md 3.3, 3.9, 7)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Json = Any
_SPECIAL = re.compile(r"[\\`*\[\]|]|~{2,}|_|<(?=u>|/u>|/?ref|/?mention)")
_CODE_SPECIAL = re.compile(r"[\\`]")
_LINE_START = re.compile(r"([^\S\n]*)(#{1,6}(?=\s)|>|[-+•](?=\s|$)|-{3,}(?=\s*$)|<(?=[A-Z]|!--))")
_NUMBER_START = re.compile(r"(\s*\d+)([.)])(?=\s|$)")
_DELIMITERS = {
    "bold": ("**", "**"),
    "strong": ("**", "**"),
    "italic": ("*", "*"),
    "em": ("*", "*"),
    "underline": ("<u>", "</u>"),
    "strike": ("~~", "~~"),
    "code": ("`", "`"),
}


class UnconvertibleDocument(Exception):
    """A document that PostHog's conversion stumbles over: marks that are no list, nesting without end."""


def inline_text(node: dict[str, Json]) -> str:
    """Return the children of a node as inline Markdown; hard breaks are line ends."""
    return "".join(_inline(child) for child in children_of(node))


def escaped_lines(text: str) -> str:
    """Escape what would begin a block at the start of a line."""
    return "\n".join(_escaped_start(line) for line in text.split("\n"))


def link(label: str, href: Json) -> str:
    """Return a link, or its label alone where the address is no web address; the address stays as it is."""
    is_web = isinstance(href, str) and re.fullmatch(r"https?://\S+", href, re.IGNORECASE)
    return f"[{label}]({href})" if is_web else label


def comment_ids(node: dict[str, Json]) -> Iterator[str]:
    """Yield the ids of the discussions that are anchored in a node, in their order."""
    for mark in marks_of(node):
        if mark.get("type") == "comment" and (comment_id := _comment_id(mark)):
            yield comment_id
    for child in children_of(node):
        yield from comment_ids(child)


def children_of(node: dict[str, Json]) -> list[dict[str, Json]]:
    """Return the child nodes; what is no node is passed over."""
    children = node.get("content")
    return [child for child in children if isinstance(child, dict)] if isinstance(children, list) else []


def attrs_of(node: dict[str, Json]) -> dict[str, Json]:
    """Return the attributes of a node."""
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, dict) else {}


def marks_of(node: dict[str, Json]) -> list[dict[str, Json]]:
    """Return the marks of a text.

    Raises:
        UnconvertibleDocument: They are no list (N10).
    """
    marks = node.get("marks") or []
    if not isinstance(marks, list):
        raise UnconvertibleDocument("marks")
    return [mark for mark in marks if isinstance(mark, dict)]


def _inline(node: dict[str, Json]) -> str:
    kind = node.get("type")
    if kind == "text":
        return _marked(str(node.get("text") or ""), marks_of(node))
    if kind in {"hardBreak", "hard_break"}:
        return "\n"
    if kind == "ph-mention":
        return _mention(attrs_of(node))
    # Every other inline atom is lost with this conversion (3.9).
    return inline_text(node)


def _mention(attrs: dict[str, Json]) -> str:
    label = attrs.get("label")
    shown = f"@{label}" if isinstance(label, str) and label else "@member"
    number = attrs.get("id")
    return f'<mention id="{number}">{shown}</mention>' if isinstance(number, int) else shown


def _marked(text: str, marks: list[dict[str, Json]]) -> str:
    """Put marks around a text in the array's order, discussions outermost; white space stays where it is."""
    if not text:
        return ""
    is_code = any(mark.get("type") == "code" for mark in marks)
    written = _CODE_SPECIAL.sub(r"\\\g<0>", text) if is_code else _SPECIAL.sub(_escape, text)
    for mark in marks:
        if mark.get("type") == "link":
            written = link(written, attrs_of(mark).get("href"))
        elif (delimiters := _DELIMITERS.get(str(mark.get("type")))) is not None:
            written = f"{delimiters[0]}{written}{delimiters[1]}"
    for mark in marks:
        if mark.get("type") == "comment" and (comment_id := _comment_id(mark)):
            written = f"<ref id={json.dumps(comment_id)}>{written}</ref>"
    return written


def _comment_id(mark: dict[str, Json]) -> str | None:
    value = attrs_of(mark).get("id")
    return value if isinstance(value, str) and value else None


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    if sign == "_":
        neighbours = found.string[found.start() - 1 : found.start()] + found.string[found.end() : found.end() + 1]
        is_inside_word = len(neighbours) == 2 and neighbours.isascii() and neighbours.isalnum()
        return sign if is_inside_word else rf"\{sign}"
    return "".join(rf"\{character}" for character in sign)


def _escaped_start(line: str) -> str:
    if number := _NUMBER_START.match(line):
        return f"{number[1]}\\{number[2]}{line[number.end() :]}"
    found = _LINE_START.match(line)
    return f"{found[1]}\\{line[found.start(2) :]}" if found else line
