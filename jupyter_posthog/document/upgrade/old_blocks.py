"""Images, and blocks that only old or imported documents hold, as Markdown (posthog-document.md 2.2, 3.9)."""

from __future__ import annotations

import re
from collections.abc import Callable

from jupyter_posthog.document.markdown.block import Block
from jupyter_posthog.document.markdown.blocks import parse_blocks
from jupyter_posthog.document.markdown.prose import closing_fence, safe_prose
from jupyter_posthog.document.markdown.recovery import ends_on_its_line
from jupyter_posthog.document.not_writable import NotWritable
from jupyter_posthog.document.rich.text import attributes_of
from jupyter_posthog.document.upgrade.blocks import (
    TAG_LIKE,
    Piece,
    children_of,
    code_pieces,
    is_fence_for_server,
    paragraph_pieces,
)
from jupyter_posthog.document.upgrade.losses import Losses
from jupyter_posthog.document.upgrade.tags import insight_pieces, query_pieces, widget_pieces
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import WHITE_SPACE

_LINE_BREAK = re.compile("[\r\n\u2028\u2029]")


def image_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return an image as an image line; one without an address stays a tag (3.2 row 2)."""
    attributes = attributes_of(node)
    source, text = attributes.get("src"), attributes.get("alt")
    alternative = text if isinstance(text, str) else ""
    if not isinstance(source, str) or not source.strip(WHITE_SPACE) or _LINE_BREAK.search(source + alternative):
        return widget_pieces(node, losses)
    losses.add_keys(attributes, {"src", "alt"}, "an image")
    address = re.sub(r"[\\)]", lambda found: f"\\{found[0]}", source)
    label = re.sub(r"[\\\]]", lambda found: f"\\{found[0]}", alternative)
    return [Piece(f"![{label}]({address})")]


def text_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return the Markdown that a block of text held, made safe for its neighbours."""
    attributes = attributes_of(node)
    losses.add_keys(attributes, {"body"}, "a block of text")
    body = attributes.get("body")
    if not isinstance(body, str) or not body.strip(WHITE_SPACE):
        return []
    text = _safe_text(body)
    if text is None:
        losses.add("Markdown that PostHog's readers see in two ways, kept as a block of code")
        return code_pieces({"type": "codeBlock", "content": [{"type": "text", "text": body}]}, losses)
    if text != body:
        losses.add("some Markdown of a block of text, which was made safe")
    return [Piece(text)]


def _safe_text(body: str) -> str | None:
    try:
        text = safe_prose(body)
    except NotWritable:
        return None
    closer = closing_fence(text)
    text = f"{text}\n{closer}" if closer else text
    return None if any(_is_seen_in_two_ways(text, block) for block in parse_blocks(text)) else text


def _is_seen_in_two_ways(text: str, block: Block) -> bool:
    """Whether the server finds a cell in a block or ends it elsewhere, or an escaped tag may be taken for a live one.

    The server knows no notes and no long fences (3.2); both readers look for the end of an escaped tag in what follows.
    """
    lines = text[block.body_start : block.end].split("\n")
    if block.kind == "fence":
        return not is_fence_for_server("\n".join(lines[1:-1]))
    tags = [line for line in lines if TAG_LIKE.match(line)]
    return bool(tags) and (block.kind == "comment" or not all(ends_on_its_line(line.strip()) for line in tags))


def dashboard_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return the words that PostHog makes of a dashboard of the oldest kind."""
    number = attributes_of(node).get("id")
    losses.add_keys(attributes_of(node), {"id"}, "a dashboard")
    losses.add(f"the dashboard {number}, kept as words")
    return paragraph_pieces(_paragraph([{"type": "text", "text": f"Dashboard {number}"}]), losses)


def link_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return a link that was a block as a paragraph with that link."""
    attributes = attributes_of(node)
    losses.add_keys(attributes, {"href"}, "a link")
    href = attributes.get("href")
    mark: JsonObject = {"type": "link", "attrs": {"href": href}}
    children = children_of(node, losses) or [{"type": "text", "text": href if isinstance(href, str) else "link"}]
    return paragraph_pieces(_paragraph([_with_mark(child, mark) for child in children]), losses)


def _with_mark(node: JsonValue, mark: JsonObject) -> JsonValue:
    if not isinstance(node, dict) or node.get("type") != "text":
        return node
    marks = node.get("marks")
    return {**node, "marks": [*(marks if isinstance(marks, list) else []), mark]}


def _paragraph(content: list[JsonValue]) -> JsonObject:
    return {"type": "paragraph", "content": content}


OLD_WRITERS: dict[str, Callable[[JsonObject, Losses], list[Piece]]] = {
    "ph-image": image_pieces,
    "ph-text": text_pieces,
    "ph-insight": insight_pieces,
    "query": query_pieces,
    "ph-dashboard": dashboard_pieces,
    "ph-link": link_pieces,
}
