"""Widget and code nodes of a rich document as live tags of Markdown.

Source: posthog-document.md 2.5, 3.6, 3.9; 7.1 D3, D17.
"""

from __future__ import annotations

import math
import re

from jupyter_posthog.document.code_cells import (
    DUCKDB,
    NEW_TAGS,
    PYTHON,
    default_name_of,
    view_of_props,
)
from jupyter_posthog.document.markdown.code_writing import new_props
from jupyter_posthog.document.markdown.tags import written_tag
from jupyter_posthog.document.rescue import live_result
from jupyter_posthog.document.rich.nodes import TAG_OF_NODE, UNKNOWN
from jupyter_posthog.document.rich.reading import props_of_node, revived
from jupyter_posthog.document.rich.text import attributes_of
from jupyter_posthog.document.upgrade.blocks import Piece, name_of
from jupyter_posthog.document.upgrade.losses import Losses
from jupyter_posthog.document.values import JsonObject, JsonValue

_PROP_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_V2_NODES = {"ph-python-v2": "PythonV2", "ph-sql-v2": "SQLV2"}
_TAGS = TAG_OF_NODE | {"ph-properties": "PersonProperties"}
# Attributes that are objects or lists and may be stored as their JSON text (2.4); every other string is a string.
_OBJECTS = frozenset(
    {"query", "filters", "universalFilters", "pinned", "children", "__init", "result", "vizQuery", "media"}
    | {"pythonExecution", "duckExecution", "hogqlExecution", "globalsUsed", "globalsExportedWithTypes"}
)
_CARRIED_BY_CODE = frozenset({"nodeId", "title", "code", "returnVariable", "height"})


def is_known_widget(node: JsonObject) -> bool:
    """Whether PostHog's Markdown has a tag for the node."""
    return name_of(node) in _TAGS


def widget_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return a widget as its tag; a node that PostHog's Markdown does not know keeps its type and attributes."""
    name = _TAGS.get(name_of(node))
    attributes = _written_attributes(attributes_of(node), losses)
    if name is not None:
        return [Piece(written_tag(name, attributes), is_tag=True)]
    if attributes.pop("nodeType", None) is not None:
        losses.add("of an unknown node the attribute nodeType")
    props = _finite({"nodeType": node.get("type")}, losses) | attributes
    return [Piece(written_tag(UNKNOWN, props), is_tag=True)]


def insight_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return an insight of the oldest kind as a query for a saved one (3.9)."""
    attributes = attributes_of(node)
    saved: JsonValue = attributes.get("short_id") or attributes.get("id")
    query: JsonObject = {"kind": "SavedInsightNode", "shortId": saved}
    losses.add_keys(attributes, {"id", "short_id", "nodeId", "title", "height"}, "an insight")
    if attributes.get("short_id") and attributes.get("id"):
        losses.add(f"of an insight the number {attributes['id']}")
    kept = _written_attributes({name: attributes.get(name) for name in ("nodeId", "title", "height")}, losses)
    return [Piece(written_tag("Query", {**kept, "query": query}), is_tag=True)]


def query_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return a query of the oldest kind; bare HogQL is put into the node that shows it (3.9)."""
    attributes = _written_attributes(attributes_of(node), losses)
    query = attributes.get("query")
    if isinstance(query, dict) and query.get("kind") == "HogQLQuery":
        attributes["query"] = {"kind": "DataVisualizationNode", "source": query}
        losses.add("a bare query, put into a DataVisualizationNode")
    return [Piece(written_tag("Query", attributes), is_tag=True)]


def code_cell_pieces(node: JsonObject, language: str, losses: Losses) -> list[Piece]:
    """Return a code node as a live cell of today."""
    if name_of(node) in _V2_NODES:
        carried = _written_attributes(attributes_of(node), losses)
        if carried.get("nodeId") == "":
            del carried["nodeId"]
        return [Piece(written_tag(_V2_NODES[name_of(node)], carried), is_tag=True)]
    attributes = props_of_node(node)
    view = view_of_props(language, attributes)
    if view.name is None and language != PYTHON:
        # Today's default is another one; other cells may ask for the frame by its old name (2.6, 3.6).
        view = view._replace(name=default_name_of(name_of(node)))
    node_id = attributes.get("nodeId")
    props = new_props(view, node_id if isinstance(node_id, str) else "")
    if not props["nodeId"]:
        del props["nodeId"]
    if isinstance(attributes.get("height"), int | float | str):
        props["height"] = attributes["height"]
    if language == DUCKDB:
        losses.add("that the SQL is DuckDB's, which PostHog's Markdown tells by the frames it reads")
    props |= _result_props(attributes, losses)
    losses.add_keys(attributes, _CARRIED_BY_CODE | _run_names(attributes), "a code cell")
    return [Piece(written_tag(NEW_TAGS[language], _finite(props, losses)), is_tag=True)]


def _run_names(attributes: JsonObject) -> set[str]:
    """Return the names that tell of the last run; they are named as one loss."""
    ends = ("Execution", "ExecutionCodeHash", "ExecutionSandboxId")
    prototype = {"stdout", "stderr", "result", "variables", "status", "executionCount", "lastRunAt", "errorName"}
    others = {
        "traceback",
        "kernel",
        "globalsUsed",
        "globalsExported",
        "globalsExportedWithTypes",
        "globalsAnalysisHash",
    }
    return {name for name in attributes if name.endswith(ends)} | prototype | others


def _result_props(attributes: JsonObject, losses: Losses) -> JsonObject:
    """Return what fits of the last run, with a loss for the rest (2.7)."""
    stored = next((attributes[name] for name in _run_names(attributes) if name.endswith("Execution")), None)
    if stored is None and (attributes.get("executionCount") is not None or isinstance(attributes.get("stdout"), str)):
        stored = attributes  # the first prototype kept its outputs in the attributes
    if not isinstance(stored, dict):
        return {}
    result = live_result(_with_text(stored))
    if result is None:
        losses.add(f"the last run, whose status was {stored.get('status')}")
        return {}
    losses.add("of the last run all but its output: count, times, variables")
    return {"runStatus": "done", "result": result}


def _with_text(execution: JsonObject) -> JsonObject:
    """Return an execution whose result is a text: the first prototype held a MIME bundle (2.7)."""
    result = execution.get("result")
    if not isinstance(result, dict):
        return execution
    images: list[JsonValue] = [
        {"mimeType": name, "data": data} for name, data in result.items() if name.startswith("image/")
    ]
    return {**execution, "status": execution.get("status") or "ok", "result": result.get("text/plain"), "media": images}


def _written_attributes(attributes: JsonObject, losses: Losses) -> JsonObject:
    """Return attributes as a tag can hold them: objects revived, without null, which means absent (2.4)."""
    held = {}
    for name, value in attributes.items():
        if value is None:
            continue
        if not _PROP_NAME.fullmatch(name) or name == "__proto__":
            losses.add(f"the attribute {name}, whose name a tag cannot hold")
            continue
        held[name] = revived(value) if name in _OBJECTS else value
    return _finite(held, losses)


def _finite(attributes: JsonObject, losses: Losses) -> JsonObject:
    held = {}
    for name, value in attributes.items():
        if _is_finite(value):
            held[name] = value
        else:
            losses.add(f"the attribute {name}, which holds a number that is none")
    return held


def _is_finite(value: JsonValue) -> bool:
    """Whether JSON knows all numbers inside; PostHog's readers disagree about the others (7.2 N3)."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, float) and not math.isfinite(inner):
            return False
        if isinstance(inner, dict | list):
            waiting.extend(inner.values() if isinstance(inner, dict) else inner)
    return True
