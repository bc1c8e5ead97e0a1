"""Rich inline content as PostHog's Markdown (posthog-document.md 3.3, 4.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from jupyter_posthog.document.markdown.tags import written_value
from jupyter_posthog.document.rich.pieces import Piece, with_escaped_tildes, with_visible_empty_lines
from jupyter_posthog.document.values import JsonObject, JsonValue, canonical

_INLINE_TYPE = re.compile(r"ph-[a-z0-9-]+")
_PROP_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SPECIAL = re.compile(r"[\\`*\[\]|]|~{2,}|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|<(?=/?(?:u>|ref\b|mention\b|ph-))")
_LINE_START = re.compile(r"#{1,6}(?=\s|$)|>|[-+•](?=\s|$)|-(?=--+$)|<(?=[A-Z]|!--)|\d+(?=[.)](?:\s|$))")
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)

# Inside to outside (3.3); marks that are not named here stand outside of these, the first one of a node outermost.
_NESTING = ("code", "italic", "bold", "underline", "strike", "link", "comment")
_DELIMITERS = {"bold": "**", "italic": "*", "strike": "~~"}
_ALIASES = {"strong": "bold", "em": "italic"}


class Inexpressible(Exception):
    """A node has something that PostHog's Markdown cannot say."""


def inline_pieces(content: JsonValue, *, is_block: bool = True) -> list[Piece]:
    """Return the text of inline content, piece by piece.

    Args:
        is_block: Whether it stands in a block of its own, where hard breaks are lines and line starts need
            escapes; not so in headings, list items and table cells.

    Raises:
        Inexpressible: Some node cannot be said.
    """
    if content is None:
        return []
    if not isinstance(content, list):
        raise Inexpressible
    pieces: list[Piece] = []
    is_line_start = is_block
    for group in _groups(content):
        text = _group_text(group, is_line_start=is_line_start, can_break=is_block)
        pieces.append(Piece(text, tuple(group)))
        is_line_start = text.endswith("\n") or (is_line_start and not text)
    return with_visible_empty_lines(with_escaped_tildes(_with_joined_italics(pieces)))


def inline_text(content: JsonValue, *, is_block: bool = True) -> str:
    """Return the text of inline content, as ``inline_pieces`` does."""
    return "".join(piece.text for piece in inline_pieces(content, is_block=is_block))


def marks_of(node: JsonValue) -> list[JsonObject]:
    """Return the marks of an inline node.

    Raises:
        Inexpressible: They are not marks.
    """
    marks = node.get("marks") if isinstance(node, dict) else None
    if marks is None:
        return []
    if not isinstance(marks, list) or not all(
        isinstance(mark, dict) and isinstance(mark.get("type"), str) for mark in marks
    ):
        raise Inexpressible
    return [mark for mark in marks if isinstance(mark, dict)]


def attributes_of(node: JsonValue) -> JsonObject:
    """Return a node's or a mark's attributes; absent ones are an empty object."""
    attributes = node.get("attrs") if isinstance(node, dict) else None
    return attributes if isinstance(attributes, dict) else {}


def mark_kind(mark: JsonObject) -> str:
    """Return a mark's type under PostHog's own name."""
    kind = str(mark["type"])
    return _ALIASES.get(kind, kind)


def comment_id(mark: JsonObject) -> str | None:
    """Return the discussion that a comment mark anchors; older documents name it ``commentId`` (2.3)."""
    attributes = attributes_of(mark)
    found = attributes.get("id") or attributes.get("commentId")
    return found if isinstance(found, str) and found else None


def _groups(content: list[JsonValue]) -> list[list[JsonValue]]:
    groups: list[list[JsonValue]] = []
    for node in content:
        if groups and _is_text(node) and _is_text(groups[-1][0]) and _have_equal_marks(node, groups[-1][0]):
            groups[-1].append(node)
        else:
            groups.append([node])
    return groups


def _is_text(node: JsonValue) -> bool:
    return isinstance(node, dict) and node.get("type") == "text" and isinstance(node.get("text"), str)


def _have_equal_marks(left: JsonValue, right: JsonValue) -> bool:
    left_marks, right_marks = marks_of(left), marks_of(right)
    if len(left_marks) != len(right_marks):
        return False
    return not left_marks or sorted(map(canonical, left_marks)) == sorted(map(canonical, right_marks))


def _group_text(group: Sequence[JsonValue], *, is_line_start: bool, can_break: bool) -> str:
    node = group[0]
    if not isinstance(node, dict):
        raise Inexpressible
    marks = marks_of(node)
    if _is_text(node):
        text = "".join([str(part["text"]) for part in group if isinstance(part, dict)])
        if "\n" in text or "\r" in text:
            raise Inexpressible
        return _marked(text, marks, is_line_start=is_line_start)
    if node.get("type") == "hardBreak":
        if marks or not can_break or set(node) - {"type"}:
            raise Inexpressible
        return "\n"
    return _wrapped(_atom(node), marks)


def _marked(text: str, marks: list[JsonObject], *, is_line_start: bool) -> str:
    if not marks:
        return escape_text(text, is_line_start=is_line_start)
    kinds = {mark_kind(mark) for mark in marks}
    if "code" in kinds:
        if not text:
            raise Inexpressible
        escaped = "`" + text.replace("\\", "\\\\").replace("`", "\\`") + "`"
        return _wrapped(escaped, [mark for mark in marks if mark_kind(mark) != "code"])
    found = _EDGES.fullmatch(text)
    if kinds & set(_DELIMITERS) and found:
        # Delimiters may not touch white space inside; it stands outside of the emphasis (3.3).
        before, core, after = found.groups()
        inner = [mark for mark in marks if mark_kind(mark) in _DELIMITERS]
        outer = [mark for mark in marks if mark_kind(mark) not in _DELIMITERS]
        escaped = escape_text(core)
        if "strike" in kinds:
            escaped = re.sub(
                r"(?<!\\)((?:\\\\)*)~", r"\1\\~", escaped
            )  # one beside the delimiter would be read with it
        # Nor does it stand in other marks: they would be three of each when this is read again.
        return f"{before}{_wrapped(_wrapped(escaped, inner), outer)}{after}" if core else _wrapped(before, outer)
    return _wrapped(escape_text(text), marks)


def escape_text(text: str, *, is_line_start: bool = False) -> str:
    """Put a backslash before what would be read as Markdown (3.3, escapes)."""
    escaped = _SPECIAL.sub(lambda found: "".join(f"\\{character}" for character in found[0]), text)
    if not is_line_start or escaped[:1].isalpha():
        return escaped
    body = escaped.lstrip()
    found = _LINE_START.match(body)
    if found is None:
        return escaped
    # Of a number the dot is escaped, of everything else its first character.
    place = len(escaped) - len(body) + (found.end() if found[0].isdigit() else 0)
    return f"{escaped[:place]}\\{escaped[place:]}"


def _wrapped(text: str, marks: list[JsonObject]) -> str:
    if not marks:
        return text
    inner_first = marks[::-1]  # a text that is read again has its outermost mark first
    known = [mark for kind in _NESTING for mark in inner_first if mark_kind(mark) == kind]
    ordered = [*known, *(mark for mark in inner_first if mark_kind(mark) not in _NESTING)]
    kinds = [mark_kind(mark) for mark in ordered]
    for number, (kind, mark) in enumerate(zip(kinds, ordered, strict=True), start=1):
        if kind in kinds[number:]:
            text = _own_mark(text, mark)  # PostHog's own forms hold one of each type (3.3, mark model)
        elif kind == "italic" and "bold" in kinds:
            text = f"_{text}_"  # **_x_**: three stars would be read as something else (3.3; 7.1 D8)
        else:
            text = _wrap_one(text, mark)
    return text


def _wrap_one(text: str, mark: JsonObject) -> str:
    kind = mark_kind(mark)
    if kind in _DELIMITERS:
        return f"{_DELIMITERS[kind]}{text}{_DELIMITERS[kind]}"
    if kind == "underline":
        return f"<u>{text}</u>"
    if kind == "link":
        return f"[{text}]({_link_target(mark)})"
    if kind == "comment" and comment_id(mark) is not None:
        return f"<ref id={written_value(comment_id(mark))}>{text}</ref>"
    return _own_mark(text, mark)


def _own_mark(text: str, mark: JsonObject) -> str:
    return f"<ph-mark {_props({'type': mark_kind(mark), **attributes_of(mark)})}>{text}</ph-mark>"


def _link_target(mark: JsonObject) -> str:
    href = attributes_of(mark).get("href")
    if href is None:
        return ""
    if not isinstance(href, str) or "\n" in href or "\r" in href:
        raise Inexpressible
    return re.sub(r"[\\()`]", lambda found: f"\\{found[0]}", href)


def _atom(node: JsonObject) -> str:
    kind, attributes = node.get("type"), attributes_of(node)
    if set(node) - {"type", "attrs", "marks"}:
        raise Inexpressible
    if kind == "ph-mention":
        label = attributes.get("label")
        name = escape_text(" ".join(label.split())) if isinstance(label, str) and label.strip() else "member"
        return f"<mention id={written_value(str(attributes.get('id')))}>@{name.removeprefix('@')}</mention>"
    if not isinstance(kind, str) or not _INLINE_TYPE.fullmatch(kind) or kind == "ph-mark":
        raise Inexpressible
    return f"<{' '.join(part for part in (kind, _props(attributes)) if part)} />"


def _props(attributes: JsonObject) -> str:
    if not all(_PROP_NAME.fullmatch(name) for name in attributes):
        raise Inexpressible
    return " ".join(f"{name}={written_value(value)}" for name, value in attributes.items())


def _with_joined_italics(pieces: list[Piece]) -> list[Piece]:
    """Let neighbours share their stars: two in a row are no end of italics and no beginning (3.3)."""
    joined = list(pieces)
    for number, (left, right) in enumerate(pairwise(pieces)):
        if left.text.endswith("*") and right.text.startswith("*") and _is_italic(left) and _is_italic(right):
            joined[number] = Piece(joined[number].text[:-1], left.nodes)
            joined[number + 1] = Piece(right.text[1:], right.nodes)
    return joined


def _is_italic(piece: Piece) -> bool:
    kinds = set(map(mark_kind, marks_of(piece.nodes[0])))
    return "italic" in kinds and "bold" not in kinds
