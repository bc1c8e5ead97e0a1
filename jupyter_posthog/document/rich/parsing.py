"""Markdown of a rich cell back into inline nodes (posthog-document.md 3.3, 4.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jupyter_posthog.document.markdown.recovery import unescaped
from jupyter_posthog.document.markdown.tags import Tag
from jupyter_posthog.document.rich.inline_ends import DELIMITERS, InlineEnds, is_word
from jupyter_posthog.document.rich.inline_tags import MARK, InlineTag
from jupyter_posthog.document.rich.text import attributes_of, comment_id, mark_kind, marks_of
from jupyter_posthog.document.values import JsonObject, JsonValue

_ESCAPABLE = set("\\`*_~[]()<>#+-.|!•")
_PLAIN = re.compile(r"[^\\\n`<\[*_~]+")
#: Marks inside each other; deeper ones are literal text.
MOST_NESTED = 50


@dataclass(frozen=True, slots=True)
class KnownInline:
    """Marks and atoms of the stored content, so that what the text cannot say is taken from there."""

    links: dict[str, JsonObject] = field(default_factory=dict)
    comments: dict[str, JsonObject] = field(default_factory=dict)
    mentions: dict[str, JsonObject] = field(default_factory=dict)


def known_inline(content: JsonValue) -> KnownInline:
    """Collect the marks and mentions of stored inline content."""
    known = KnownInline()
    for node in content if isinstance(content, list) else []:
        if not isinstance(node, dict):
            continue
        if node.get("type") == "ph-mention":
            known.mentions[str(attributes_of(node).get("id"))] = attributes_of(node)
        for mark in marks_of(node):
            anchor = comment_id(mark)
            if mark_kind(mark) == "link":
                known.links[str(attributes_of(mark).get("href") or "")] = mark
            elif mark_kind(mark) == "comment" and anchor is not None:
                known.comments[anchor] = mark
    return known


def parse_inline(text: str, known: KnownInline) -> list[JsonValue]:
    """Return the inline nodes of a text, in time linear in its length; an opener without a closer is literal text."""
    nodes: list[JsonValue] = []
    _Reader(text, known).read(0, len(text), (), nodes)
    return _merged(nodes)


class _Reader:
    def __init__(self, text: str, known: KnownInline) -> None:
        self._text = text
        self._known = known
        self._ends = InlineEnds(text)

    def read(self, start: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> None:
        position = start
        while position < end:
            position = self._read_one(position, end, marks, nodes)

    def _read_one(self, position: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> int:
        character = self._text[position]
        if character == "\\":
            return self._escape(position, end, marks, nodes)
        if character == "\n":
            nodes.append({"type": "hardBreak"})
            return position + 1
        if len(marks) < MOST_NESTED:
            if character == "`":
                return self._code(position, end, marks, nodes)
            if character == "<":
                return self._tag(position, end, marks, nodes)
            if character == "[":
                return self._link(position, end, marks, nodes)
            if character in "*_~":
                return self._emphasis(position, end, marks, nodes)
        plain = _PLAIN.match(self._text, position, end)
        return self._literal(position, marks, nodes, len(plain[0]) if plain else 1)

    def _literal(self, position: int, marks: Sequence[JsonObject], nodes: list[JsonValue], length: int = 1) -> int:
        _add_text(nodes, self._text[position : position + length], marks)
        return position + length

    def _escape(self, position: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> int:
        following = self._text[position + 1] if position + 1 < end else ""
        is_line_start = position == 0 or self._text[position - 1] == "\n"
        if is_line_start and following in {"", "\n"}:
            return position + 1  # an empty line of a paragraph
        if following and following in _ESCAPABLE:
            _add_text(nodes, following, marks)
            return position + 2
        return self._literal(position, marks, nodes)

    def _code(self, position: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> int:
        close = self._ends.code_end(position, end)
        if close is None:
            return self._literal(position, marks, nodes)
        inner = re.sub(r"\\([\\`])", r"\1", self._text[position + 1 : close])
        for number, line in enumerate(inner.split("\n")):
            if number:
                nodes.append({"type": "hardBreak"})  # a text node holds no line ends
            _add_text(nodes, line, _with_mark(marks, {"type": "code"}))
        return close + 1

    def _emphasis(self, position: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> int:
        pair = self._text[position : position + 2]
        delimiter = pair if pair in DELIMITERS else self._text[position]
        inner_start = position + len(delimiter)
        close = self._ends.closer(delimiter, inner_start, end) if self._opens(delimiter, position, end) else None
        if close is None:
            return self._literal(position, marks, nodes, len(delimiter))
        self.read(inner_start, close, _with_mark(marks, {"type": DELIMITERS[delimiter]}), nodes)
        return close + len(delimiter)

    def _opens(self, delimiter: str, position: int, end: int) -> bool:
        inner_start = position + len(delimiter)
        if delimiter not in DELIMITERS or inner_start >= end or self._text[inner_start].isspace():
            return False
        return "_" not in delimiter or position == 0 or not is_word(self._text[position - 1])

    def _link(self, position: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> int:
        label_end = self._ends.partner(position, end)
        if label_end is None or label_end == position + 1 or not self._text.startswith("(", label_end + 1):
            return self._literal(position, marks, nodes)
        target_end = self._ends.partner(label_end + 1, end)
        if target_end is None:
            return self._literal(position, marks, nodes)
        href = re.sub(r"\\([\\()`])", r"\1", self._text[label_end + 2 : target_end])
        mark = self._known.links.get(href) or {"type": "link", "attrs": {"href": href}}
        self.read(position + 1, label_end, _with_mark(marks, mark), nodes)
        return target_end + 1

    def _tag(self, position: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> int:
        found = self._ends.tags.at(position, end)
        if found is None or found.inner_start == found.close:  # what holds nothing would vanish (7.1 D6)
            return self._literal(position, marks, nodes)
        if found.close is None:
            nodes.append(_with_marks(_atom(found.name, found.tag), marks))
            return found.inner_start
        self._wrapped(found, marks, nodes)
        return found.close + len(found.name) + 3

    def _wrapped(self, found: InlineTag, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> None:
        assert found.close is not None
        if found.name == "mention":
            nodes.append(_with_marks(self._mention(found.tag, self._text[found.inner_start : found.close]), marks))
            return
        mark = self._mark(found.name, found.tag)
        is_second = found.name == MARK and mark is not None and mark not in marks  # of its type, and meant
        inner_marks = (*marks, mark) if is_second and mark is not None else _with_mark(marks, mark)
        self.read(found.inner_start, found.close, inner_marks, nodes)

    def _mention(self, tag: Tag, label: str) -> JsonObject:
        mention_id = tag.text("id") or ""
        known = self._known.mentions.get(mention_id)
        if known is not None:
            return {"type": "ph-mention", "attrs": known}
        is_number = mention_id.isascii() and mention_id.isdigit()
        attributes: JsonObject = {"id": int(mention_id) if is_number else mention_id}
        name = unescaped(label).removeprefix("@")
        return {"type": "ph-mention", "attrs": {**attributes, "label": name} if name != "member" else attributes}

    def _mark(self, name: str, tag: Tag) -> JsonObject | None:
        if name == "u":
            return {"type": "underline"}
        if name == "ref":
            anchor = tag.text("id") or ""
            return self._known.comments.get(anchor) or {"type": "comment", "attrs": {"id": anchor}}
        props = {prop.name: prop.value for prop in tag.props}
        kind = props.pop("type", None)
        if not isinstance(kind, str):
            return None
        return {"type": kind, "attrs": props} if props else {"type": kind}


def _with_mark(marks: tuple[JsonObject, ...], mark: JsonObject | None) -> tuple[JsonObject, ...]:
    """Add a mark inside of others; of two of one type the outer one stays (3.3, mark model)."""
    if mark is None or mark_kind(mark) in map(mark_kind, marks):
        return marks
    return (*marks, mark)


def _atom(name: str, tag: Tag) -> JsonObject:
    props: JsonObject = {prop.name: prop.value for prop in tag.props}
    return {"type": name, "attrs": props} if props else {"type": name}


def _with_marks(node: JsonObject, marks: Sequence[JsonObject]) -> JsonObject:
    return {**node, "marks": list(marks)} if marks else node


def _add_text(nodes: list[JsonValue], text: str, marks: Sequence[JsonObject]) -> None:
    if text:
        nodes.append(_with_marks({"type": "text", "text": text}, marks))


def _merged(nodes: list[JsonValue]) -> list[JsonValue]:
    """Join neighbouring text nodes with equal marks."""
    merged: list[JsonValue] = []
    for node in nodes:
        last = merged[-1] if merged else None
        if (
            isinstance(node, dict)
            and isinstance(last, dict)
            and node["type"] == last["type"] == "text"
            and node.get("marks") == last.get("marks")
        ):
            merged[-1] = {**last, "text": f"{last['text']}{node['text']}"}
        else:
            merged.append(node)
    return merged
