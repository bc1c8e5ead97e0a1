"""Markdown of a rich cell back into inline nodes (posthog-document.md 3.3, 4.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jupyter_posthog.document.rich_text import attributes_of, comment_id, mark_kind, marks_of
from jupyter_posthog.document.tags import Tag, parse_tag
from jupyter_posthog.document.values import JsonObject, JsonValue

_ESCAPABLE = set("\\`*_~[]()<>#+-.|!•")
_OPENING = re.compile(r"<(?P<name>u|ref|mention|ph-[a-z0-9-]+)(?=[\s/>])")
_PLAIN = re.compile(r"[^\\\n`<\[*_~]+")
_DELIMITERS = {"**": "bold", "__": "bold", "~~": "strike", "*": "italic", "_": "italic"}


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
    """Return the inline nodes of a text; an opener without a closer is literal text."""
    nodes: list[JsonValue] = []
    _Reader(text, known).read(0, len(text), (), nodes)
    return _merged(nodes)


class _Reader:
    def __init__(self, text: str, known: KnownInline) -> None:
        self._text = text
        self._known = known

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
        close = position + 1
        while close < end and self._text[close] != "`":
            close += 2 if self._text[close] == "\\" else 1
        if close >= end or close == position + 1:
            return self._literal(position, marks, nodes)
        inner = re.sub(r"\\([\\`])", r"\1", self._text[position + 1 : close])
        _add_text(nodes, inner, (*marks, {"type": "code"}))
        return close + 1

    def _emphasis(self, position: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> int:
        pair = self._text[position : position + 2]
        delimiter = pair if pair in _DELIMITERS else self._text[position]
        inner_start = position + len(delimiter)
        if delimiter not in _DELIMITERS or inner_start >= end or self._text[inner_start].isspace():
            return self._literal(position, marks, nodes, len(delimiter))
        if "_" in delimiter and position > 0 and _is_word(self._text[position - 1]):
            return self._literal(position, marks, nodes, len(delimiter))
        close = self._closer(delimiter, inner_start, end)
        if close is None:
            return self._literal(position, marks, nodes, len(delimiter))
        self.read(inner_start, close, (*marks, {"type": _DELIMITERS[delimiter]}), nodes)
        return close + len(delimiter)

    def _closer(self, delimiter: str, start: int, end: int) -> int | None:
        position = start
        while position < end:
            character = self._text[position]
            if character == "\\":
                position += 2
            elif character == "`":
                position = self._behind_code(position, end)
            elif self._text.startswith(delimiter, position) and position + len(delimiter) <= end:
                if self._closes(delimiter, position, start, end):
                    return position
                position += self._run_length(position, end)
            else:
                position += 1
        return None

    def _closes(self, delimiter: str, position: int, start: int, end: int) -> bool:
        if position == start or self._text[position - 1].isspace():
            return False
        behind = position + len(delimiter)
        if "_" in delimiter and behind < len(self._text) and _is_word(self._text[behind]):
            return False
        return len(delimiter) == 2 or self._run_length(position, end) != 2

    def _run_length(self, position: int, end: int) -> int:
        character, length = self._text[position], 0
        while position + length < end and self._text[position + length] == character:
            length += 1
        return length

    def _behind_code(self, position: int, end: int) -> int:
        close = position + 1
        while close < end and self._text[close] != "`":
            close += 2 if self._text[close] == "\\" else 1
        return close + 1 if close < end else position + 1

    def _link(self, position: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> int:
        label_end = self._balanced(position, end, "[", "]")
        if label_end is None or not self._text.startswith("(", label_end + 1):
            return self._literal(position, marks, nodes)
        target_end = self._balanced(label_end + 1, end, "(", ")")
        if target_end is None:
            return self._literal(position, marks, nodes)
        href = re.sub(r"\\([\\()])", r"\1", self._text[label_end + 2 : target_end])
        mark = self._known.links.get(href) or {"type": "link", "attrs": {"href": href}}
        self.read(position + 1, label_end, (*marks, mark), nodes)
        return target_end + 1

    def _balanced(self, position: int, end: int, opening: str, closing: str) -> int | None:
        depth = 0
        while position < end:
            character = self._text[position]
            if character == "\\":
                position += 1
            elif character == opening:
                depth += 1
            elif character == closing:
                depth -= 1
                if depth == 0:
                    return position
            position += 1
        return None

    def _tag(self, position: int, end: int, marks: tuple[JsonObject, ...], nodes: list[JsonValue]) -> int:
        found = _OPENING.match(self._text, position, end)
        opening_end = _opening_end(self._text, position, end) if found else None
        if found is None or opening_end is None:
            return self._literal(position, marks, nodes)
        name, opening = found["name"], self._text[position:opening_end]
        tag = _inline_tag(opening, name)
        if opening.endswith("/>") and name not in {"u", "ref", "mention", "ph-mark"} and tag is not None:
            nodes.append(_with_marks(_atom(name, tag), marks))
            return opening_end
        close = self._text.find(f"</{name}>", opening_end, end)
        if close < 0 or tag is None or opening.endswith("/>"):
            return self._literal(position, marks, nodes)
        self._wrapped(name, tag, (opening_end, close), marks, nodes)
        return close + len(name) + 3

    def _wrapped(
        self, name: str, tag: Tag, inner: tuple[int, int], marks: tuple[JsonObject, ...], nodes: list[JsonValue]
    ) -> None:
        if name == "mention":
            nodes.append(_with_marks(self._mention(tag, self._text[inner[0] : inner[1]]), marks))
            return
        mark = self._mark(name, tag)
        self.read(inner[0], inner[1], marks if mark is None else (*marks, mark), nodes)

    def _mention(self, tag: Tag, label: str) -> JsonObject:
        mention_id = tag.text("id") or ""
        attributes: JsonObject = self._known.mentions.get(mention_id) or {
            "id": int(mention_id) if mention_id.isascii() and mention_id.isdigit() else mention_id
        }
        return {"type": "ph-mention", "attrs": attributes}

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


def _opening_end(text: str, position: int, end: int) -> int | None:
    """Return where an inline opening tag ends; quotes and braces may hold its closing bracket."""
    depth = 0
    while position < end:
        character = text[position]
        if character == '"':
            close = position + 1
            while close < end and text[close] != '"':
                close += 2 if text[close] == "\\" else 1
            position = close
        elif character in "{}":
            depth += 1 if character == "{" else -1
        elif character == ">" and depth == 0:
            return position + 1
        elif character == "\n":
            return None
        position += 1
    return None


def _inline_tag(opening: str, name: str) -> Tag | None:
    """Read an inline tag's properties with the grammar of component tags, whose names are capitalised."""
    tag = parse_tag(f"<X{opening[len(name) + 1 :]}")
    return tag if tag is not None and tag.is_clean else None


def _atom(name: str, tag: Tag) -> JsonObject:
    props: JsonObject = {prop.name: prop.value for prop in tag.props}
    return {"type": name, "attrs": props} if props else {"type": name}


def _with_marks(node: JsonObject, marks: Sequence[JsonObject]) -> JsonObject:
    return {**node, "marks": list(marks)} if marks else node


def _add_text(nodes: list[JsonValue], text: str, marks: Sequence[JsonObject]) -> None:
    if text:
        nodes.append(_with_marks({"type": "text", "text": text}, marks))


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


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
