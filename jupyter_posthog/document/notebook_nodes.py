"""Plain JSON objects as nbformat's own kind of object, without what that costs by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jupyter_posthog.document.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Makes an object of a notebook: a plain dict, or nbformat's own kind.
MakeObject = Callable[..., Any]


def node_maker() -> MakeObject:
    """Return what makes one of nbformat's objects of a dict whose values are made already."""
    # nbformat takes seconds to load where jsonschema checks formats, and a kernel needs only the cells.
    from nbformat import NotebookNode

    def make(items: JsonObject) -> NotebookNode:
        # Its __init__ gives each node a dictionary of attributes of its own, larger than most nodes.
        node = NotebookNode.__new__(NotebookNode)
        dict.update(node, items)
        return node

    return make


def made(value: JsonValue, make: MakeObject) -> JsonValue:
    """Turn a value and every object inside into the notebook's kind of object."""
    if isinstance(value, dict):
        whole: JsonObject = make({name: made(child, make) for name, child in value.items()})
        return whole
    return [made(child, make) for child in value] if isinstance(value, list) else value


def as_notebook(content: JsonObject) -> NotebookNode:
    """Turn the JSON of a notebook into one.

    Raises:
        RecursionError: It is nested too deeply.
    """
    notebook: NotebookNode = made(content, node_maker())  # type: ignore[assignment]  # an object becomes a node
    return notebook
