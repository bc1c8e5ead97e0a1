"""The segments of a document: browser blocks of Markdown, top-level nodes of a rich one (design.md §4)."""

from __future__ import annotations

from typing import NamedTuple

from jupyter_posthog.document.markdown.block import Block
from jupyter_posthog.document.markdown.blocks import parse_blocks
from jupyter_posthog.document.markdown.code_writing import without_run_props
from jupyter_posthog.document.markdown.reading import stored_tag
from jupyter_posthog.document.rich.blocks import block_text
from jupyter_posthog.document.rich.code_writing import without_run
from jupyter_posthog.document.shapes import MARKDOWN, StoredDocument
from jupyter_posthog.document.values import JsonValue, canonical


class Segment(NamedTuple):
    """One stored piece.

    Attributes:
        key: What makes two of them equal: the text, or the node as canonical JSON.
        kind: Segments of different kinds are never one that was edited into the other.
        node_id: PostHog's identity of it; None for prose.
        separator: White space before it (Markdown).
        starts_card: Whether a new card begins with it (Markdown).
        node: The JSON value (rich).
    """

    key: str
    kind: str
    node_id: str | None
    separator: str = ""
    starts_card: bool = False
    is_closed: bool = True
    node: JsonValue = None

    @property
    def text(self) -> str:
        """What likeness is measured by."""
        return self.key if self.node is None else block_text(self.node) or self.key

    @property
    def essence(self) -> str:
        """The key without what a run left in it."""
        if isinstance(self.node, dict):
            return canonical(without_run(self.node))
        return without_run_props(self.key) if self.kind.startswith("tag ") else self.key


def segments_of(stored: StoredDocument) -> list[Segment]:
    """Cut a document."""
    if stored.shape == MARKDOWN:
        return _blocks(stored.text)
    return [_node(node) for node in stored.nodes]


def tail_of(stored: StoredDocument, segments: list[Segment]) -> str:
    """Return what stands behind the last segment of a Markdown notebook."""
    length = sum(len(segment.separator) + len(segment.key) for segment in segments)
    return stored.text[length:]


def _blocks(text: str) -> list[Segment]:
    segments: list[Segment] = []
    position = 0
    for block in parse_blocks(text):
        key = text[block.start : block.end]
        kind, node_id = _identity(text, block)
        segments.append(Segment(key, kind, node_id, text[position : block.start], block.starts_card, block.is_closed))
        position = block.end
    return segments


def _identity(text: str, block: Block) -> tuple[str, str | None]:
    if block.kind != "tag":
        return block.kind, None
    tag = block.tag or stored_tag(text[block.body_start : block.end])
    if tag is None:
        return block.kind, None
    return f"tag {tag.name}", tag.text("nodeId") or None


def _node(node: JsonValue) -> Segment:
    attributes = node.get("attrs") if isinstance(node, dict) else None
    node_id = attributes.get("nodeId") if isinstance(attributes, dict) else None
    kind = str(node.get("type")) if isinstance(node, dict) else "value"
    return Segment(canonical(node), kind, node_id if isinstance(node_id, str) and node_id else None, node=node)
