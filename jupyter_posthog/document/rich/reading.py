"""Rich documents as cells (design.md §4, posthog-document.md 4.7)."""

from __future__ import annotations

import json

from jupyter_posthog.document.code_cells import NODE_LANGUAGES, query_text, view_of_props
from jupyter_posthog.document.outputs.results import envelope_to_outputs, execution_to_outputs
from jupyter_posthog.document.rich.blocks import block_text, is_empty_paragraph
from jupyter_posthog.document.rich.nodes import node_tag
from jupyter_posthog.document.rich.text import attributes_of
from jupyter_posthog.document.shown_cells import COMPONENT_FORMAT, ShownCell, code_cell
from jupyter_posthog.document.values import JsonObject, JsonValue, canonical
from jupyter_posthog.document.white_space import shown

_EXECUTIONS = ("pythonExecution", "duckExecution", "hogqlExecution")


def rich_cells(nodes: tuple[JsonValue, ...]) -> list[ShownCell]:
    """Cut the top-level nodes into cells; every node belongs to exactly one cell, unless all are empty."""
    cells: list[ShownCell] = []
    prose: list[tuple[int, str]] = []
    for number, node in enumerate(nodes):
        text = block_text(node)
        is_heading = isinstance(node, dict) and node.get("type") == "heading"
        if prose and (text is None or is_heading):
            cells += _prose(prose, nodes)
            prose = []
        if text is None:
            cells.append(_node_cell(node, number))
        else:
            prose.append((number, text))
    if prose:
        cells += _prose(prose, nodes)
    return _with_all_nodes(cells, len(nodes))


def _prose(prose: list[tuple[int, str]], nodes: tuple[JsonValue, ...]) -> list[ShownCell]:
    """Return the cell of a run of prose; empty paragraphs at its ends are not shown (4.7)."""
    visible = [place for place, (number, _) in enumerate(prose) if not is_empty_paragraph(nodes[number])]
    if not visible:
        return []
    shown_prose = prose[visible[0] : visible[-1] + 1]
    start, end = shown_prose[0][0], shown_prose[-1][0] + 1
    return [
        ShownCell(
            cell_type="markdown",
            source=shown("\n\n".join(text for _, text in shown_prose)),
            start=start,
            end=end,
            shown_start=start,
            shown_end=end,
            raw=canonical(list(nodes[start:end])),
        )
    ]


def _with_all_nodes(cells: list[ShownCell], count: int) -> list[ShownCell]:
    """Give the nodes that no cell shows to the cell before them, or to the first one."""
    whole = []
    for number, cell in enumerate(cells):
        start = 0 if number == 0 else cell.start
        end = cells[number + 1].start if number + 1 < len(cells) else count
        whole.append(cell._replace(start=start, end=end))
    return whole


def language_of_node(node: JsonValue) -> str | None:
    """Return the language of a node that is a code cell; None for every other node."""
    node_type = node.get("type") if isinstance(node, dict) else None
    if not isinstance(node_type, str):
        return None
    if node_type == "ph-query" and query_text(revived(attributes_of(node).get("query"))) is not None:
        return "hogql" if isinstance(revived(attributes_of(node).get("query")), dict) else None
    return NODE_LANGUAGES.get(node_type)


def props_of_node(node: JsonValue) -> JsonObject:
    """Return a code node's attributes as the properties of a cell; those that hold objects are revived (2.4)."""
    attributes = attributes_of(node)
    names = ("query", "result", *_EXECUTIONS)
    props = {name: revived(value) if name in names else value for name, value in attributes.items()}
    if isinstance(node, dict) and node.get("type") == "ph-query":
        props |= {"code": "", "returnVariable": attributes.get("returnVariable") or ""}
    return props


def revived(value: JsonValue) -> JsonValue:
    """Return the object that a string attribute holds, else the value itself."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            decoded: JsonValue = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return decoded
    return value


def _node_cell(node: JsonValue, number: int) -> ShownCell:
    language = language_of_node(node)
    raw = canonical([node])
    node_type = shown(str(node.get("type"))) if isinstance(node, dict) else ""
    node_id = attributes_of(node).get("nodeId")
    if language is not None:
        props = props_of_node(node)
        return code_cell(
            view_of_props(language, props),
            start=number,
            end=number + 1,
            origin=node_type,
            raw=raw,
            node_id=node_id,
            outputs=_outputs(props),
        )
    return ShownCell(
        cell_type="raw",
        source=shown(node_tag(node)),
        start=number,
        end=number + 1,
        shown_start=number,
        shown_end=number + 1,
        raw=raw,
        origin=node_type,
        node_id=shown(node_id) if isinstance(node_id, str) and node_id else None,
        metadata={"format": COMPONENT_FORMAT},
    )


def _outputs(props: JsonObject) -> list[JsonObject]:
    for name in _EXECUTIONS:
        execution = props.get(name)
        if isinstance(execution, dict):
            return execution_to_outputs(execution)
    result = props.get("result")
    if isinstance(result, dict) and "executionCount" not in props:
        return envelope_to_outputs(result, run_id=None)
    if "executionCount" in props or isinstance(props.get("stdout"), str):
        return execution_to_outputs(props)  # the first prototype kept its outputs in the attributes (2.7)
    return []
