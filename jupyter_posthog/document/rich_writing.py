"""Cells back into the nodes of a rich document: untouched nodes as they were stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import SequenceMatcher

from jupyter_posthog.document.code_cells import (
    NEW_NODES,
    PYTHON,
    changed_props,
    default_name_of,
    view_of_cell,
    view_of_props,
    with_query_text,
)
from jupyter_posthog.document.code_writing import Cell, component_tag, refuse_odd_magic, refuse_surrogates
from jupyter_posthog.document.ledger import Ledger, LedgerCell, seen_digest_of
from jupyter_posthog.document.not_writable import NotWritable
from jupyter_posthog.document.prose import safe_prose
from jupyter_posthog.document.rich_block_parsing import cut_blocks, parse_block
from jupyter_posthog.document.rich_blocks import block_text
from jupyter_posthog.document.rich_nodes import is_said_by_its_tag, node_of_tag
from jupyter_posthog.document.rich_reading import language_of_node, props_of_node, revived
from jupyter_posthog.document.rich_text import attributes_of
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import shown
from jupyter_posthog.errors import CellNotWritableError

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


def write_rich(cells: Sequence[Cell], matched: Sequence[int | None], ledger: Ledger | None) -> list[JsonValue]:
    """Return the top-level nodes of the cells.

    Args:
        matched: For each cell the number of its ledger cell.

    Raises:
        CellNotWritableError: One cell cannot be written; nothing is.
    """
    nodes: list[JsonValue] = []
    for position, (cell, number) in enumerate(zip(cells, matched, strict=True)):
        try:
            nodes += _nodes_of(cell, number, ledger)
        except NotWritable as error:
            raise CellNotWritableError(
                cell_number=position + 1, cell_id=str(cell.get("id")), problem=str(error)
            ) from error
    return nodes


def _nodes_of(cell: Cell, number: int | None, ledger: Ledger | None) -> list[JsonValue]:
    if ledger is None or number is None:
        return _new_nodes(cell)
    shown_cell = ledger.cells[number]
    raw = ledger.raw_nodes(shown_cell)
    if seen_digest_of(cell) == shown_cell.seen:
        return raw
    if cell["cell_type"] != shown_cell.cell_type:
        return _new_nodes(cell)
    first, last = shown_cell.shown_start - shown_cell.start, shown_cell.shown_end - shown_cell.start
    return [*raw[:first], *_edited_nodes(cell, shown_cell, raw[first:last]), *raw[last:]]


def _edited_nodes(cell: Cell, shown_cell: LedgerCell, raw: list[JsonValue]) -> list[JsonValue]:
    match cell["cell_type"]:
        case "markdown":
            return _edited_prose(str(cell["source"]), raw)
        case "code":
            return [_edited_code(cell, raw[0])]
        case _:
            return [_edited_component(cell, raw[0])]


def _new_nodes(cell: Cell) -> list[JsonValue]:
    match cell["cell_type"]:
        case "markdown":
            return _edited_prose(str(cell["source"]), [])
        case "code":
            return [_new_code(cell)]
        case _:
            node = node_of_tag(component_tag(cell))
            assert node is not None
            attributes = attributes_of(node)
            return [{**node, "attrs": {**attributes, "nodeId": str(cell["id"])}} if "nodeId" in attributes else node]


def _edited_prose(source: str, raw: list[JsonValue]) -> list[JsonValue]:
    """Align the new blocks with the stored nodes; equal text keeps the stored node (4.7, edits)."""
    refuse_surrogates(source)
    old_texts = [shown(block_text(node) or "") for node in raw]
    blocks = cut_blocks(safe_prose(source, known_raw="\n\n".join(old_texts)))
    nodes: list[JsonValue] = []
    matcher = SequenceMatcher(None, old_texts, [text for _, text in blocks], autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            nodes += raw[old_start:old_end]
        else:
            nodes += _replaced(raw[old_start:old_end], blocks[new_start:new_end])
    return nodes


def _replaced(old: list[JsonValue], blocks: list[tuple[str, str]]) -> list[JsonValue]:
    nodes: list[JsonValue] = []
    waiting = list(old)
    for kind, text in blocks:
        same = next(
            (node for node in waiting if isinstance(node, dict) and node.get("type") in _NODE_OF_KIND[kind]), None
        )
        if same is not None:
            # In order: what stands before the one taken was deleted.
            waiting = waiting[waiting.index(same) + 1 :]
        nodes.append(parse_block(kind, text, same))
    return nodes


def _edited_code(cell: Cell, node: JsonValue) -> JsonValue:
    refuse_odd_magic(str(cell["source"]))
    language = language_of_node(node)
    after = view_of_cell(cell)
    refuse_surrogates(after.code)
    if language is None or after.language != language or not isinstance(node, dict):
        return _new_code(cell)
    changes = changed_props(view_of_props(language, props_of_node(node)), after, default_name_of(str(node["type"])))
    attributes = attributes_of(node)
    if "code" in changes and node["type"] == "ph-query":
        changes["query"] = _same_encoding(attributes.get("query"), str(changes.pop("code")))
    return {**node, "attrs": {**attributes, **changes}}


def _same_encoding(query: JsonValue, text: str) -> JsonValue:
    changed = with_query_text(revived(query), text)
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":")) if isinstance(query, str) else changed


def _new_code(cell: Cell) -> JsonObject:
    refuse_odd_magic(str(cell["source"]))
    view = view_of_cell(cell)
    refuse_surrogates(view.code)
    attributes: JsonObject = {"nodeId": str(cell["id"]), "title": view.title, "code": view.code}
    if view.language != PYTHON:
        node_type = NEW_NODES[view.language]
        attributes["returnVariable"] = default_name_of(node_type) if view.name is None else view.name
    return {"type": NEW_NODES[view.language], "attrs": attributes}


def _edited_component(cell: Cell, node: JsonValue) -> JsonValue:
    if not is_said_by_its_tag(node):
        raise NotWritable("this block holds more than its text can say, so it can only be edited in PostHog")
    changed = node_of_tag(component_tag(cell))
    assert changed is not None
    return changed
