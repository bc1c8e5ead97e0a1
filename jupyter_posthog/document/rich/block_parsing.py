"""Blocks of text back into prose nodes of a rich document (posthog-document.md 4.7)."""

from __future__ import annotations

import re

from jupyter_posthog.document.markdown.block import Block
from jupyter_posthog.document.markdown.blocks import parse_blocks
from jupyter_posthog.document.rich.lists import parse_list, split_lists
from jupyter_posthog.document.rich.parsing import KnownInline, known_inline, parse_inline
from jupyter_posthog.document.rich.pieces import Piece
from jupyter_posthog.document.rich.text import attributes_of, inline_pieces, inline_text
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import WHITE_SPACE

_IMAGE = re.compile(r"!\[((?:\\.|[^\]\\])*)\]\(((?:\\.|[^)\\])*)\)", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})(?:\s+(.*))?", re.DOTALL)
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


def cut_blocks(text: str) -> list[tuple[str, str]]:
    """Return the kind and the text of each block of a rich cell: each one becomes one node."""
    blocks: list[tuple[str, str]] = []
    for block in parse_blocks(text):
        if block.anchor is not None:
            # Rich notebooks know no anchors: what looks like one was typed.
            blocks.append(("paragraph", text[block.start : block.body_start].strip(WHITE_SPACE)))
        kind, body = _kind(text, block), text[block.body_start if block.anchor is not None else block.start : block.end]
        blocks += [(kind, part) for part in (split_lists(body) if kind == "list" else [body])]
    return blocks


def _kind(text: str, block: Block) -> str:
    body = text[block.start : block.end]
    if block.kind in {"tag", "comment"}:
        return "paragraph"  # in a rich document these are text; components are cells of their own
    return "heading" if block.kind == "paragraph" and re.fullmatch(r"#{1,6}", body) else block.kind


def parse_block(kind: str, text: str, old: JsonValue) -> JsonValue:
    """Return the node of one changed or new block.

    Args:
        old: The stored node that this block replaces, or None. What the text cannot say is taken from it.
    """
    node = _PARSERS[kind](text, old)
    old_attributes = attributes_of(old)
    if isinstance(old, dict) and old.get("type") == node["type"] and old_attributes:
        node = {"type": node["type"], "attrs": {**old_attributes, **attributes_of(node)}, **_content_of(node)}
    return node


def _content_of(node: JsonObject) -> JsonObject:
    return {"content": node["content"]} if "content" in node else {}


def _paragraph(text: str, old: JsonValue) -> JsonObject:
    return _with_inline({"type": "paragraph"}, text, old)


def _empty(text: str, old: JsonValue) -> JsonObject:
    return {"type": "paragraph"}


def _heading(text: str, old: JsonValue) -> JsonObject:
    found = _HEADING.fullmatch(text)
    if found is None:
        return _paragraph(text, old)
    node: JsonObject = {"type": "heading", "attrs": {"level": len(found[1])}}
    return _with_inline(node, (found[2] or "").strip(WHITE_SPACE), old, is_block=False)


def _rule(text: str, old: JsonValue) -> JsonObject:
    return {"type": "horizontalRule"}


def _fence(text: str, old: JsonValue) -> JsonObject:
    first, *lines = text.split("\n")
    opener = first.strip(WHITE_SPACE)
    if lines and re.fullmatch(r"`+", lines[-1].strip(WHITE_SPACE)):
        lines.pop()
    language = opener.lstrip("`").strip(WHITE_SPACE)
    node: JsonObject = {"type": "codeBlock", "attrs": {"language": language or None}}
    code = "\n".join(lines)
    return {**node, "content": [{"type": "text", "text": code}]} if code else node


def _image(text: str, old: JsonValue) -> JsonObject:
    """Return the node of an image line; rich notebooks have no images inside of text (2.2)."""
    found = _IMAGE.fullmatch(text.strip(WHITE_SPACE))
    assert found is not None  # the grammar takes nothing else for an image
    alt, source = (re.sub(r"\\([\\\])])", r"\1", part) for part in found.groups())
    return {"type": "ph-image", "attrs": {"src": source, **({"alt": alt} if alt else {})}}


def _quote(text: str, old: JsonValue) -> JsonObject:
    lines = [re.sub(r"^\s*> ?", "", line) for line in text.split("\n")]
    known = _known_below(old)
    paragraphs = [part.strip("\n") for part in re.split(r"\n\s*\n", "\n".join(lines).strip("\n"))]
    return {
        "type": "blockquote",
        "content": [_inline_node({"type": "paragraph"}, part, known) for part in paragraphs],
    }


def _table(text: str, old: JsonValue) -> JsonObject:
    known = _known_below(old)
    lines = [line for number, line in enumerate(text.split("\n")) if number != 1]
    rows = [_cells(line) for line in lines]
    width = max(map(len, rows))
    content: list[JsonValue] = []
    for number, row in enumerate(rows):
        kind = "tableCell" if number else "tableHeader"
        texts = (row + [""] * width)[:width]
        cells: list[JsonValue] = [
            {"type": kind, "content": [_inline_node({"type": "paragraph"}, cell, known)]} for cell in texts
        ]
        content.append({"type": "tableRow", "content": cells})
    return {"type": "table", "content": content}


def _cells(line: str) -> list[str]:
    body = line.strip(WHITE_SPACE).removeprefix("|")
    parts = _UNESCAPED_PIPE.split(body)
    if parts and not parts[-1].strip(WHITE_SPACE):
        parts.pop()
    return [part.strip(WHITE_SPACE) for part in parts] or [""]


def _list(text: str, old: JsonValue) -> JsonObject:
    return parse_list(text, _known_below(old))


def _with_inline(node: JsonObject, text: str, old: JsonValue, *, is_block: bool = True) -> JsonObject:
    old_content = old.get("content") if isinstance(old, dict) else None
    content = _aligned(text, old_content, is_block=is_block)
    return {**node, "content": content} if content else node


def _aligned(text: str, old_content: JsonValue, *, is_block: bool) -> list[JsonValue]:
    """Parse a text, but keep the stored nodes of its unchanged beginning and end (4.7, edits, 4)."""
    known = known_inline(old_content)
    whole = parse_inline(text, known)
    if not isinstance(old_content, list):
        return whole
    pieces = inline_pieces(old_content, is_block=is_block)
    before = _unchanged_count(pieces, text)
    rest = text[sum(len(piece.text) for piece in pieces[:before]) :]
    after = _unchanged_count([Piece(piece.text[::-1], piece.nodes) for piece in reversed(pieces[before:])], rest[::-1])
    behind = pieces[len(pieces) - after :] if after else []
    middle_text = rest[: len(rest) - sum(len(piece.text) for piece in behind)]
    kept = [
        *(node for piece in pieces[:before] for node in piece.nodes),
        *parse_inline(middle_text, known),
        *(node for piece in behind for node in piece.nodes),
    ]
    # Only where the kept pieces mean the same beside their new neighbours.
    return kept if inline_text(kept, is_block=is_block) == text else whole


def _unchanged_count(pieces: list[Piece], text: str) -> int:
    position = 0
    for number, piece in enumerate(pieces):
        if not text.startswith(piece.text, position):
            return number
        position += len(piece.text)
    return len(pieces)


def _inline_node(node: JsonObject, text: str, known: KnownInline) -> JsonObject:
    content = parse_inline(text, known)
    return {**node, "content": content} if content else node


def _known_below(node: JsonValue) -> KnownInline:
    """Collect what is known of all inline content below a node."""
    known = KnownInline()
    waiting = [node]
    while waiting:
        value = waiting.pop()
        content = value.get("content") if isinstance(value, dict) else None
        if isinstance(content, list):
            found = known_inline(content)
            known.links.update(found.links)
            known.comments.update(found.comments)
            known.mentions.update(found.mentions)
            waiting.extend(content)
    return known


_PARSERS = {
    "paragraph": _paragraph,
    "empty": _empty,
    "heading": _heading,
    "divider": _rule,
    "fence": _fence,
    "image": _image,
    "quote": _quote,
    "table": _table,
    "list": _list,
}
