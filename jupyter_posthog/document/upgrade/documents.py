"""Rich notebooks as Markdown ones, on a person's explicit wish, with a list of what that loses.

It makes the tags and blocks that PostHog's own conversion makes (posthog-document.md 3.9, corrected by section 7), but
spells out what that one breaks or drops and its Markdown can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jupyter_posthog.document.code_cells import NODE_LANGUAGES
from jupyter_posthog.document.markdown.tags import written_tag
from jupyter_posthog.document.rich.text import attributes_of
from jupyter_posthog.document.shapes import MARKDOWN, StoredDocument, read_stored, wrap_markdown
from jupyter_posthog.document.upgrade.blocks import (
    EMPTY,
    Piece,
    callout_pieces,
    children_of,
    code_pieces,
    heading_pieces,
    name_of,
    paragraph_pieces,
    plain_type,
    quote_pieces,
    rule_pieces,
)
from jupyter_posthog.document.upgrade.lists import LISTS, list_pieces
from jupyter_posthog.document.upgrade.losses import Loss, Losses
from jupyter_posthog.document.upgrade.old_blocks import OLD_WRITERS
from jupyter_posthog.document.upgrade.tables import table_pieces
from jupyter_posthog.document.upgrade.tags import code_cell_pieces, is_known_widget, widget_pieces
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import has_surrogate, shown

_KEYS = frozenset({"type", "attrs", "content"})
_INLINE = frozenset({"text", "ph-mention", "hardBreak"})
_INLINE_KEYS = _KEYS | {"text", "marks"}
_ATOMS = frozenset({"ph-backlink", "ph-replay-timestamp"})
_WRITERS: dict[str, Callable[[JsonObject, Losses], list[Piece]]] = {
    **OLD_WRITERS,
    "heading": heading_pieces,
    "horizontalRule": rule_pieces,
    "codeBlock": code_pieces,
}
_READ_CONTENT = frozenset({"heading", "codeBlock", "ph-link"})


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradedDocument:
    """A Markdown notebook made of a rich one.

    Attributes:
        text: Its Markdown; also what PostHog's search text becomes.
        losses: What it does not say, node by node; empty where everything is carried.
    """

    document: JsonValue
    text: str
    losses: tuple[Loss, ...]


def upgrade_to_markdown(document: JsonValue) -> UpgradedDocument:
    """Turn a rich notebook into a Markdown one; one that is Markdown already stays as it is.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    stored = read_stored(document)
    if stored.shape == MARKDOWN:
        return UpgradedDocument(document=document, text=stored.text, losses=())
    losses = Losses()
    _name_outer_losses(stored, losses)
    pieces: list[Piece] = []
    for number, node in enumerate(stored.nodes, start=1):
        losses.begin_node(number, name_of(node))
        written = _with_discussions([_storable(piece, losses) for piece in _write(node, losses)], losses)
        pieces += [piece._replace(node_number=number) for piece in written]
    text = _joined(_without_idle_empties(pieces, losses))
    return UpgradedDocument(document=wrap_markdown(text), text=text, losses=losses.found)


def _name_outer_losses(stored: StoredDocument, losses: Losses) -> None:
    inner = stored.inner
    if isinstance(inner, dict):
        losses.add_keys(inner, {"type", "content"}, "the document")
        children_of(inner, losses)
    elif inner is not None and not isinstance(inner, list):
        losses.add("a value that is no document")


def _write(node: JsonValue, losses: Losses) -> list[Piece]:
    """Write any node as blocks."""
    if not isinstance(node, dict):
        losses.add("a value that is no node")
        return []
    kind = plain_type(node)
    losses.add_keys(node, _INLINE_KEYS if kind in _INLINE else _KEYS, kind or "a node")
    if node.get("attrs") is not None and not isinstance(node["attrs"], dict):
        losses.add("attributes that are none")
    if kind in LISTS:
        return list_pieces(node, losses, _write)
    if kind in _INLINE:
        losses.add(f"{kind} outside of a paragraph, put into one")
        return paragraph_pieces({"type": "paragraph", "content": [node]}, losses)
    match kind:
        case "paragraph":
            return _paragraph(node, losses)
        case "blockquote":
            return quote_pieces(node, losses, _write)
        case "table":
            return table_pieces(node, losses, _write)
        case "callout":
            return callout_pieces(node, losses, _write)
    if kind in _WRITERS:
        pieces = _WRITERS[kind](node, losses)
        return pieces if kind in _READ_CONTENT else [*pieces, *_inner(node, losses)]
    if kind in NODE_LANGUAGES:
        return [*code_cell_pieces(node, NODE_LANGUAGES[kind], losses), *_inner(node, losses)]
    return _widget(node, losses)


def _paragraph(node: JsonObject, losses: Losses) -> list[Piece]:
    content = node.get("content")
    only = content[0] if isinstance(content, list) and len(content) == 1 else None
    if not isinstance(only, dict) or name_of(only) not in _ATOMS:
        return paragraph_pieces(node, losses)
    # PostHog knows these as blocks only (2.5); alone in its paragraph, one can become that.
    losses.add(f"{name_of(only)} inside a paragraph, a block of its own now")
    losses.add_keys(attributes_of(node), (), "a paragraph")
    return _write(only, losses)


def _widget(node: JsonObject, losses: Losses) -> list[Piece]:
    inner = _inner(node, losses)
    if is_known_widget(node) or not inner:
        return [*widget_pieces(node, losses), *inner]
    losses.add(f"{name_of(node)} around its content")
    losses.add_keys(attributes_of(node), (), name_of(node))
    return inner


def _inner(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return the blocks inside a node of which nobody knows that it holds any."""
    pieces: list[Piece] = []
    for child in children_of(node, losses):
        pieces += _write(child, losses)
    return pieces


def _storable(piece: Piece, losses: Losses) -> Piece:
    if not has_surrogate(piece.text) and "\0" not in piece.text:
        return piece
    losses.add("a character that cannot be stored, written as U+FFFD")
    return piece._replace(text=shown(piece.text).replace("\0", "\ufffd"))


def _with_discussions(pieces: list[Piece], losses: Losses) -> list[Piece]:
    """Put the tag of each discussion before the block that anchors it first, as PostHog does (3.8, 3.9)."""
    starts_card = bool(pieces) and pieces[0].starts_card
    tags = [Piece(written_tag("Comment", {"ref": anchor, "replies": []})) for anchor in losses.take_anchors()]
    if not tags or not pieces:
        return [*tags, *pieces]
    tags[0] = tags[0]._replace(starts_card=starts_card)
    return [*tags, pieces[0]._replace(starts_card=False), *pieces[1:]]


def _without_idle_empties(pieces: Sequence[Piece], losses: Losses) -> list[Piece]:
    """Keep empty paragraphs between two blocks of prose; beside a cell or at an end they would be cells themselves."""
    kept: list[Piece] = []
    waiting: list[Piece] = []
    for piece in [*pieces, Piece("", is_tag=True)]:
        if piece.text == EMPTY:
            waiting.append(piece)
            continue
        if piece.is_tag or not kept or kept[-1].is_tag:
            for idle in waiting:
                losses.add_at(idle.node_number, "paragraph", "an empty paragraph")
        else:
            kept += waiting
        waiting = []
        kept.append(piece)
    return kept[:-1]


def _joined(pieces: Sequence[Piece]) -> str:
    parts: list[str] = []
    for number, piece in enumerate(pieces):
        if number:
            parts.append("\n\n\n" if piece.starts_card and not pieces[number - 1].is_tag else "\n\n")
        parts.append(piece.text)
    return "".join(parts)
