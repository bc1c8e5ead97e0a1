"""Code cells back into nodes of a rich document (posthog-document.md 2.6, 2.7, 4.7)."""

from __future__ import annotations

import json

from jupyter_posthog.document.code_cells import (
    NEW_NODES,
    NODE_LANGUAGES,
    changed_props,
    default_name_of,
    own_metadata,
    view_of_cell,
    view_of_props,
    with_query_text,
)
from jupyter_posthog.document.markdown.code_writing import Cell, fresh_node_id, refuse_odd_magic, refuse_surrogates
from jupyter_posthog.document.outputs.fresh_results import FreshResult, execution_of, run_props
from jupyter_posthog.document.rich.reading import language_of_node, props_of_node, revived
from jupyter_posthog.document.rich.text import attributes_of
from jupyter_posthog.document.values import JsonObject, JsonValue

_EXECUTIONS = {
    "ph-python": "pythonExecution",
    "ph-duck-sql": "duckExecution",
    "ph-hogql-sql": "hogqlExecution",
}
_RUN_NODES = frozenset({"ph-python-v2", "ph-sql-v2"})
_RUN_PROPS = ("runId", "runStatus", "result")


def edited_code_node(cell: Cell, node: JsonValue, fresh: FreshResult | None = None) -> JsonObject:
    """Return a stored code node with only the attributes changed that the person, or a run, changed.

    Args:
        fresh: What a run made of this cell; None keeps the stored result, also beside a changed source.
    """
    refuse_odd_magic(str(cell["source"]))
    language = language_of_node(node)
    after = view_of_cell(cell)
    refuse_surrogates(after.code)
    if language is None or after.language != language or not isinstance(node, dict):
        return new_code_node(cell, fresh)
    before = view_of_props(language, props_of_node(node)).as_shown()
    changes = changed_props(before, after, default_name_of(str(node["type"])))
    attributes = attributes_of(node)
    if "code" in changes and node["type"] == "ph-query":
        changes["query"] = _same_encoding(attributes.get("query"), str(changes.pop("code")))
    return _with_run({**node, "attrs": {**attributes, **changes}}, fresh)


def new_code_node(cell: Cell, fresh: FreshResult | None = None) -> JsonObject:
    """Return the node of a code cell that PostHog does not have yet."""
    refuse_odd_magic(str(cell["source"]))
    view = view_of_cell(cell)
    refuse_surrogates(view.code)
    kept = own_metadata(cell).get("node_type")
    node_type = NEW_NODES[view.language]
    if isinstance(kept, str) and NODE_LANGUAGES.get(kept) == view.language:
        node_type = kept
    attributes: JsonObject = {"nodeId": fresh_node_id(cell), "title": view.title, "code": view.code}
    if view.name is not None:  # absent means PostHog's default name
        attributes["returnVariable"] = view.name
    return _with_run({"type": node_type, "attrs": attributes}, fresh)


def without_run(node: JsonObject) -> JsonObject:
    """Return a copied node without what the original's run left in it."""
    left = {*_RUN_PROPS} if node.get("type") in _RUN_NODES else _names_of_run(str(node.get("type")))
    return {**node, "attrs": {name: value for name, value in attributes_of(node).items() if name not in left}}


def _with_run(node: JsonObject, fresh: FreshResult | None) -> JsonObject:
    node_type, attributes = str(node["type"]), attributes_of(node)
    if fresh is None:
        return node
    if node_type in _RUN_NODES:
        kept = {name: value for name, value in attributes.items() if name not in _RUN_PROPS}
        return {**node, "attrs": {**kept, **run_props(fresh)}}
    name = _EXECUTIONS.get(node_type)
    if name is None:
        return node  # a query's result is never stored
    execution: JsonValue = execution_of(fresh)
    if isinstance(attributes.get(name), str) and execution is not None:
        execution = _compact(execution)
    # PostHog's hash of the code that was run is not known exactly (6.1): without one it cannot be wrong.
    return {**node, "attrs": {**attributes, name: execution, f"{name}CodeHash": None}}


def _names_of_run(node_type: str) -> set[str]:
    name = _EXECUTIONS.get(node_type)
    return set() if name is None else {name, f"{name}CodeHash", f"{name}SandboxId"}


def _same_encoding(query: JsonValue, text: str) -> JsonValue:
    changed = with_query_text(revived(query), text)
    return _compact(changed) if isinstance(query, str) else changed


def _compact(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
