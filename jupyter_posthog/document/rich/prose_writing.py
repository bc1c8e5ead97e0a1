"""Prose cells back into nodes of a rich document (posthog-document.md 4.7, edits back to nodes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jupyter_posthog.document.alignment import aligned
from jupyter_posthog.document.markdown.code_writing import refuse_surrogates
from jupyter_posthog.document.markdown.prose import safe_prose
from jupyter_posthog.document.rich.block_parsing import cut_blocks, parse_block
from jupyter_posthog.document.rich.blocks import block_text
from jupyter_posthog.document.values import JsonValue
from jupyter_posthog.document.white_space import shown

_NODE_OF_KIND = {
    "heading": {"heading"},
    "paragraph": {"paragraph"},
    "empty": {"paragraph"},
    "divider": {"horizontalRule"},
    "fence": {"codeBlock"},
    "quote": {"blockquote"},
    "table": {"table"},
    "list": {"bulletList", "orderedList", "taskList"},
}
_Block = tuple[str, str]


def prose_nodes(source: str, raw: Sequence[JsonValue]) -> list[JsonValue]:
    """Return the nodes of a prose cell; blocks whose text did not change keep their stored node.

    Args:
        raw: The stored nodes that the cell shows; none for a new one.

    Raises:
        NotWritable: The text cannot be stored.
    """
    refuse_surrogates(source)
    old_texts = [shown(block_text(node) or "") for node in raw]
    blocks = cut_blocks(safe_prose(source, known_raw="\n\n".join(old_texts)))
    kept = [*aligned(old_texts, [text for _, text in blocks]), (len(raw), len(blocks))]
    nodes: list[JsonValue] = []
    old_start = new_start = 0
    for old, new in kept:
        nodes += _replaced(raw[old_start:old], blocks[new_start:new])
        nodes += raw[old : old + 1]
        old_start, new_start = old + 1, new + 1
    return nodes


def _replaced(old: Sequence[JsonValue], blocks: Sequence[_Block]) -> Iterator[JsonValue]:
    """Yield the nodes of changed blocks; each takes what its text cannot say from the next old node of its kind."""
    first = 0
    for kind, text in blocks:
        place = next((place for place in range(first, len(old)) if _is_of_kind(old[place], kind)), None)
        if place is not None:
            first = place + 1  # in order: what stands before the one taken was deleted
        yield _node(kind, text, None if place is None else old[place])


def _is_of_kind(node: JsonValue, kind: str) -> bool:
    return isinstance(node, dict) and node.get("type") in _NODE_OF_KIND.get(kind, ())


def _node(kind: str, text: str, old: JsonValue) -> JsonValue:
    """Return the node of a block; one that could not be shown as text again is a paragraph of its characters."""
    node = parse_block(kind, text, old)
    if kind in _NODE_OF_KIND and block_text(node) is None:
        return {"type": "paragraph", "content": [*_literal_lines(text)]}
    return node


def _literal_lines(text: str) -> Iterator[JsonValue]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield {"type": "hardBreak"}
        if line:
            yield {"type": "text", "text": line}
