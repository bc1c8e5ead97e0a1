"""The stored forms of a notebook's ``content`` (posthog-document.md 1.1, 1.2)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from jupyter_posthog.document.values import JsonObject, JsonValue, check_depth
from jupyter_posthog.errors import DocumentTooDeepError

MARKDOWN, RICH, EMPTY = "markdown", "rich", "empty"
WRAPPER_TYPE = "ph-markdown-notebook"
WRAPPER_NODE_ID = "markdown-notebook-v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document taken out of its encoding.

    Attributes:
        document: Exactly what is stored.
        shape: ``markdown``, ``rich`` or ``empty``.
        text: The Markdown of a Markdown notebook.
        nodes: The top-level nodes of a rich one, as they are.
        inner: The JSON value that holds text or nodes, once decoded from strings.
    """

    document: JsonValue
    shape: str
    text: str = ""
    nodes: tuple[JsonValue, ...] = ()
    inner: JsonValue = None

    def with_text(self, text: str) -> JsonObject:
        """Return a document with other Markdown, its wrapper and the wrapper's other attributes kept."""
        if isinstance(self.inner, dict) and self.shape == MARKDOWN:
            (node,) = _as_list(self.inner["content"])
            assert isinstance(node, dict)
            attributes = node["attrs"]
            assert isinstance(attributes, dict)
            return {**self.inner, "content": [{**node, "attrs": {**attributes, "markdown": text}}]}
        return wrap_markdown(text)

    def with_nodes(self, nodes: list[JsonValue]) -> JsonValue:
        """Return a document with other nodes; a bare list stays a bare list."""
        if isinstance(self.inner, list):
            return nodes
        if isinstance(self.inner, dict):
            return {**self.inner, "content": nodes}
        return {"type": "doc", "content": nodes}


def wrap_markdown(text: str) -> JsonObject:
    """Return the canonical wrapper of a Markdown notebook (1.1)."""
    node: JsonObject = {"type": WRAPPER_TYPE, "attrs": {"nodeId": WRAPPER_NODE_ID, "markdown": text}}
    return {"type": "doc", "content": [node]}


def read_stored(document: JsonValue) -> StoredDocument:
    """Take a document out of its encoding.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    inner = _decoded(document)
    check_depth(inner)
    if isinstance(inner, str):
        return StoredDocument(document=document, shape=MARKDOWN, text=inner, inner=inner)
    text = _wrapped_text(inner)
    if text is not None:
        return StoredDocument(document=document, shape=MARKDOWN, text=text, inner=inner)
    nodes = inner if isinstance(inner, list) else inner.get("content") if isinstance(inner, dict) else None
    if isinstance(nodes, list) and nodes:
        return StoredDocument(document=document, shape=RICH, nodes=tuple(nodes), inner=inner)
    return StoredDocument(document=document, shape=EMPTY, inner=inner)


def shape_of(document: JsonValue) -> str:
    """Return ``markdown``, ``rich`` or ``empty``.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    return read_stored(document).shape


def _decoded(document: JsonValue) -> JsonValue:
    """Decode strings that hold JSON, repeatedly; any other string is Markdown itself (1.2)."""
    while isinstance(document, str) and document.strip()[:1] in {"{", "[", '"'}:
        try:
            document = json.loads(document)
        except ValueError:
            return document
        except RecursionError as error:
            raise DocumentTooDeepError(place="document") from error
    return document


def _wrapped_text(value: JsonValue) -> str | None:
    if not isinstance(value, dict):
        return None
    nodes = _as_list(value.get("content"))
    if len(nodes) != 1 or not isinstance(nodes[0], dict) or nodes[0].get("type") != WRAPPER_TYPE:
        return None
    attributes = nodes[0].get("attrs")
    text = attributes.get("markdown") if isinstance(attributes, dict) else None
    return text if isinstance(text, str) else None


def _as_list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
